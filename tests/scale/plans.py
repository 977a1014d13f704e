"""What statements a piece of work runs, and how the database goes about one."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

Statement = tuple[str, Any]
TRANSACTION = ("BEGIN", "SET TRANSACTION")


@contextmanager
def statements(engine: Engine) -> Iterator[list[Statement]]:
    """Yield a list that takes up each statement, with its parameters, while the block runs."""
    found: list[Statement] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith(TRANSACTION):
            found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def explained(connection: Connection, work: Callable[[], object]) -> list[str]:
    """Return what the planner says of the statement that the work begins with, line by line.

    The statement itself is not run.
    """
    statement, parameters = _first(connection.engine, work)
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row[-1] for row in rows]
    asked = f"EXPLAIN (FORMAT JSON) {statement}"
    plan = connection.exec_driver_sql(asked, parameters).scalar_one()
    found_plan = json.loads(plan) if isinstance(plan, str) else plan
    return list(_lines(found_plan[0]["Plan"]))


class _Stopped(Exception):
    """The statement is known."""


def _first(engine: Engine, work: Callable[[], object]) -> Statement:
    def stop(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith(TRANSACTION):
            raise _Stopped(statement, parameters)

    event.listen(engine, "before_cursor_execute", stop)
    try:
        work()
    except _Stopped as stopped:
        return stopped.args
    finally:
        event.remove(engine, "before_cursor_execute", stop)
    raise AssertionError("no statement was run")


def _lines(node: dict[str, Any]) -> Iterator[str]:
    yield f"{node['Node Type']} on {node.get('Relation Name', '-')} {node.get('Index Name', '')}"
    for below in node.get("Plans", ()):
        yield from _lines(below)


def scans(plan: list[str]) -> list[str]:
    """Return the lines that tell of a table read as it lies, without an index.

    `found` is no table: it is the page itself, whose rows are then completed (SQLite).
    """
    table = r"SCAN (?!found$)(?!.*USING)|(Parallel )?Seq Scan"
    return [each for each in plan if re.match(table, each)]


def walks(plan: list[str]) -> list[str]:
    """Return the lines that tell of a whole index read from end to end (SQLite says it)."""
    return [each for each in plan if re.match(r"SCAN .*USING", each)]


def sorts(plan: list[str]) -> list[str]:
    """Return the lines that tell of rows sorted anew (an incremental sort is of ties only)."""
    return [each for each in plan if re.match(r"USE TEMP B-TREE FOR ORDER BY|Sort ", each)]


def uses_words_first(plan: list[str]) -> bool:
    """Tell whether the words are looked up once, and not again for each row (`0:=M3`, SQLite)."""
    once = re.compile(r"VIRTUAL TABLE INDEX \d+:M|ix_search_entry_vector")
    again = re.compile(r"VIRTUAL TABLE INDEX \d+:=")
    return any(map(once.search, plan)) and not any(map(again.search, plan))

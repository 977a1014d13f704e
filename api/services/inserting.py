"""Rows into tables, and their deletion: what one costs is what the database needs for it.

Values are texts, numbers and None, spelled as both databases read them (`plain`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import JSON, Column, Connection, Date, DateTime, Table, TypeDecorator

from .prepared import Row, run_for_each

MANY = 20
"""From how many rows on PostgreSQL is given them by COPY."""
MOMENTS = 4_096
"""How many days and moments are remembered as they are spelled: few differ."""


@lru_cache(MOMENTS)
def moment_text(at: datetime) -> str:
    """Return a moment as SQLAlchemy stores it in SQLite, and PostgreSQL reads it in UTC."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def insert_rows(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Row]
) -> None:
    """Insert rows that have these columns, the others being left to the database."""
    if not rows:
        return
    if connection.dialect.name == "postgresql" and len(rows) >= MANY:
        _copy(connection, table, columns, rows)
    else:
        run_for_each(connection, _insertion(table, columns), rows)


def delete_rows(connection: Connection, column: Column[Any], values: Sequence[Any]) -> None:
    """Delete the rows that have one of some values in a column."""
    text = f"DELETE FROM {column.table.name} WHERE {column.name} = ?"  # noqa: S608  our names
    run_for_each(connection, text, [(each,) for each in values])


@cache
def _insertion(table: Table, columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" for _ in columns)
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608


def _copy(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Row]
) -> None:
    """Insert by COPY, which takes a tenth of what as many INSERTs take, on either side."""
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@cache
def plain(table: Table, columns: tuple[str, ...]) -> Callable[[Mapping[str, Any]], list[Any]]:
    """Return what spells the values of some columns, in their order."""
    take = itemgetter(*columns)
    spelling = [
        (place, spell)
        for place, name in enumerate(columns)
        if (spell := _spelling(table.c[name])) is not None
    ]

    def spelled(values: Mapping[str, Any]) -> list[Any]:
        row = list(take(values))
        for place, spell in spelling:
            if row[place] is not None:
                row[place] = spell(row[place])
        return row

    return spelled


def _spelling(column: Column[Any]) -> Callable[[Any], str] | None:
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, DateTime):
        return moment_text
    if isinstance(kind, Date):
        return _day_text
    return _json_text if isinstance(kind, JSON) else None


_day_text = lru_cache(MOMENTS)(date.isoformat)


def _json_text(value: Any) -> str:
    return orjson.dumps(value).decode()

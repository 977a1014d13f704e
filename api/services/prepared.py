"""Statements that are written once and run many times.

SQLAlchemy builds, names and compiles a statement anew for each call, which costs many times what
SQLite needs to answer it. Here it compiles once for each dialect; after that the driver alone is
asked, with the same listeners told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import BindParameter, ClauseElement, Column, Connection, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator

Row = tuple[Any, ...]


class _Texts(TypeDecorator[Sequence[str]]):
    """Any number of texts as one value: JSON for SQLite, an array for PostgreSQL. Those that no
    store can hold (with NUL or a lone surrogate) are left out.
    """

    impl = NullType
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        texts = [each for each in value or () if _is_storable(each)]
        return orjson.dumps(texts).decode() if dialect.name == "sqlite" else texts


def _is_storable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


class _Among(FunctionElement[bool]):
    inherit_cache = True


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: Any, **more: Any) -> str:
    column, texts = (compiler.process(each, **more) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608  our names


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: Any, **more: Any) -> str:
    column, texts = (compiler.process(each, **more) for each in element.clauses)
    return f"{column} = ANY({texts})"


def among(column: Column[Any], name: str) -> Any:
    """Return whether a column is one of the texts that a value `name` holds, however many."""
    texts: BindParameter[Any] = bindparam(name, type_=_Texts())
    return _Among(column, texts)


@dataclass(frozen=True)
class _Compiled:
    """The text of a statement, the values that it has of its own, and how values are spelled."""

    text: str
    order: tuple[str, ...] | None
    own: dict[str, Any]
    spelling: Mapping[str, Callable[[Any], Any]]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return the parameters as the driver takes them."""
        spelled = {
            name: self.spelling[name](value) if name in self.spelling else value
            for name, value in values.items()
        }
        found = {**self.own, **spelled} if self.own else spelled
        return found if self.order is None else tuple(found[name] for name in self.order)


class Prepared:
    """A statement whose values are `bindparam`s that have names; results come as the driver has
    them: texts and numbers as they are, the rest through `read`.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Row]:
        """Return all rows."""
        name = connection.dialect.name
        compiled = self._compiled.get(name)
        if compiled is None:
            compiled = self._compiled[name] = _compile(self._statement, connection)
        return run(connection, compiled.text, compiled.parameters(values))

    def row(self, connection: Connection, **values: Any) -> Row | None:
        """Return the first row, if there is one."""
        found = self.rows(connection, **values)
        return found[0] if found else None


def run(connection: Connection, text: str, parameters: Any) -> list[Row]:
    """Run a statement by the driver, and tell whoever listens to the engine's statements."""
    with _cursor(connection, text, parameters) as cursor:
        cursor.execute(text, parameters)
        found: list[Row] = cursor.fetchall()
        return found


def run_for_each(connection: Connection, text: str, rows: Sequence[Row]) -> None:
    """Run a statement, whose values stand as `?`, for each row of values."""
    marked = text if connection.dialect.name == "sqlite" else text.replace("?", "%s")
    with _cursor(connection, marked, rows) as cursor:
        cursor.executemany(marked, rows)


@contextmanager
def _cursor(connection: Connection, text: str, parameters: Any) -> Iterator[Any]:
    cursor: Any = connection.connection.cursor()
    try:
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, cursor, text, parameters, None, False)
        yield cursor
    finally:
        cursor.close()


def read(connection: Connection, column: Column[Any], value: Any) -> Any:
    """Return what the driver gave for a column as its type has it."""
    processor = column.type._cached_result_processor(connection.dialect, None)
    return value if processor is None else processor(value)


def _compile(statement: ClauseElement, connection: Connection) -> _Compiled:
    compiled: Any = statement.compile(dialect=connection.dialect)
    text = str(compiled)
    spelling = dict(compiled._bind_processors)
    own = {
        name: spelling[name](value) if name in spelling else value
        for name, value in compiled.params.items()
        if value is not None
    }
    order = tuple(compiled.positiontup) if compiled.positional else None
    return _Compiled(text, order, own, spelling)

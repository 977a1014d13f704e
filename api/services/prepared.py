"""Statements that are written once and run many times.

SQLAlchemy builds, names and compiles a statement anew for each call, which costs many times what
SQLite needs to answer it. Here it compiles once for each dialect; after that the driver alone is
asked, with the same listeners told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, Column, Connection, Table, insert

Row = tuple[Any, ...]
MANY = 20
"""From how many rows on PostgreSQL is given them by COPY."""


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
    them, so ask for texts and numbers only.
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


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that have the same columns, none of them left to a default of ours."""
    key = (connection.dialect.name, table.name, tuple(rows[0]))
    compiled = _INSERTS.get(key)
    if compiled is None:
        compiled = _INSERTS[key] = _compile(insert(table), connection, list(rows[0]))
    if connection.dialect.name == "postgresql" and len(rows) >= MANY:
        _copy_rows(connection, table, compiled, rows)
    else:
        connection.exec_driver_sql(compiled.text, [compiled.parameters(row) for row in rows])


def _copy_rows(
    connection: Connection, table: Table, compiled: _Compiled, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert by COPY, which takes a tenth of what as many INSERTs take, on either side."""
    ways = [(name, compiled.spelling.get(name)) for name in rows[0]]
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name, _ in ways)
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[n] if spell is None else spell(row[n]) for n, spell in ways])


_INSERTS: dict[tuple[str, str, tuple[str, ...]], _Compiled] = {}


def run(connection: Connection, text: str, parameters: Any) -> list[Row]:
    """Run a statement by the driver, and tell whoever listens to the engine's statements."""
    cursor: Any = connection.connection.cursor()
    try:
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, cursor, text, parameters, None, False)
        cursor.execute(text, parameters)
        found: list[Row] = cursor.fetchall()
        return found
    finally:
        cursor.close()


def read(connection: Connection, column: Column[Any], value: Any) -> Any:
    """Return what the driver gave for a column as its type has it."""
    processor = column.type._cached_result_processor(connection.dialect, None)
    return value if processor is None else processor(value)


def _compile(
    statement: ClauseElement, connection: Connection, columns: list[str] | None = None
) -> _Compiled:
    compiled: Any = statement.compile(dialect=connection.dialect, column_keys=columns)
    text = str(compiled)
    spelling = dict(compiled._bind_processors)
    own = {
        name: spelling[name](value) if name in spelling else value
        for name, value in compiled.params.items()
        if value is not None and name not in (columns or ())
    }
    order = tuple(compiled.positiontup) if compiled.positional else None
    return _Compiled(text, order, own, spelling)

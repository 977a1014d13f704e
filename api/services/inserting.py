"""Rows into a table and out of it: what one costs is what the database needs for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import JSON, Column, Connection, Date, DateTime, Table, TypeDecorator, insert
from sqlalchemy.types import TypeEngine

Row = tuple[Any, ...]
MANY = 20
"""From how many rows on PostgreSQL is given them by COPY."""
MOMENTS = 4_096
"""How many days and moments are remembered as the database spells them: few differ."""


@dataclass(frozen=True)
class _Insert:
    """A statement, the columns that it takes in their order, and which of them are spelled how."""

    text: str
    columns: tuple[str, ...]
    take: Callable[[Mapping[str, Any]], Row]
    spelling: tuple[tuple[int, Callable[[Any], Any]], ...]

    def row(self, values: Mapping[str, Any]) -> Row:
        """Return a row as the driver takes it."""
        taken = self.take(values)
        if not self.spelling:
            return taken
        row = list(taken)
        for place, spell in self.spelling:
            row[place] = spell(row[place])
        return tuple(row)


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that have the same columns, none of them left to a default of ours."""
    key = (connection.dialect.name, table.name, tuple(rows[0]))
    made = _INSERTS.get(key)
    if made is None:
        made = _INSERTS[key] = _made(connection, table, list(rows[0]))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(made.text, [made.row(each) for each in rows])
    elif len(rows) < MANY:
        named = [dict(zip(made.columns, made.row(each), strict=True)) for each in rows]
        connection.exec_driver_sql(made.text, named)
    else:
        _copy(connection, table, made, rows)


def delete_rows(connection: Connection, column: Column[Any], values: Sequence[Any]) -> None:
    """Delete the rows that have one of some values in a column."""
    text = _deletion(connection.dialect.name, column)
    connection.exec_driver_sql(text, [(each,) for each in values])


@cache
def _deletion(dialect: str, column: Column[Any]) -> str:
    mark = "?" if dialect == "sqlite" else "%s"
    return f"DELETE FROM {column.table.name} WHERE {column.name} = {mark}"  # noqa: S608  our names


def _copy(
    connection: Connection, table: Table, made: _Insert, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert by COPY, which takes a tenth of what as many INSERTs take, on either side."""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in made.columns)
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(made.row(row))


_INSERTS: dict[tuple[str, str, Row], _Insert] = {}


def _made(connection: Connection, table: Table, names: list[str]) -> _Insert:
    compiled: Any = insert(table).compile(dialect=connection.dialect, column_keys=names)
    columns = tuple(compiled.positiontup) if compiled.positional else tuple(names)
    spelled = compiled._bind_processors
    spelling = (
        (place, _spelling(table.c[name].type, spelled[name]))
        for place, name in enumerate(columns)
        if name in spelled
    )
    return _Insert(str(compiled), columns, _taking(columns), tuple(spelling))


def _spelling(kind: TypeEngine[Any], spell: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a shorter way to the same: what differs seldom is remembered, JSON is just written."""
    if isinstance(kind.impl if isinstance(kind, TypeDecorator) else kind, Date | DateTime):
        return lru_cache(MOMENTS)(spell)
    return _json if isinstance(kind, JSON) and kind.none_as_null else spell


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _taking(columns: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Row]:
    if len(columns) == 1:
        return lambda values: (values[columns[0]],)
    return itemgetter(*columns)

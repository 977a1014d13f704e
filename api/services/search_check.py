"""Whether the search index holds what the records say, and nothing else."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, cast, func, select, text
from sqlalchemy.dialects.postgresql import TSVECTOR

from .batches import batched
from .collection import Collection
from .page_texts import PAGE
from .search import ENTRY, entries_of, entry
from .words import vector

CHUNK = 16
"""How many words of a text are looked for at once."""


def differing(
    connection: Connection, collection: Collection, records: list[tuple[int, dict[str, Any]]]
) -> Iterator[str]:
    """Yield the ids of records whose entry is missing, stale, or not found by their words.

    `records` are pairs of journal number and write form.
    """
    here = (ENTRY.c.collection == collection.name) & ENTRY.c.record_id.in_(
        [record["id"] for _, record in records]
    )
    stored = {row.record_id: row for row in connection.execute(select(ENTRY).where(here))}
    for seq, record in records:
        found, row = entry(collection, record), stored.get(record["id"])
        wanted = (seq, found["names"], found["prose"])
        if (
            row is None
            or (row.seq, row.names, row.prose) != wanted
            or not _is_matched(connection, row)
        ):
            yield record["id"]


def _is_matched(connection: Connection, row: Any) -> bool:
    if connection.dialect.name == "postgresql":
        return same_vector(connection, row.vector, vector(row.names, row.prose))
    first, _ = entries_of(row.collection)
    by_words = has_words(connection, "search_fts", row.id, names=row.names, prose=row.prose)
    return by_words and row.id == first + row.seq


def same_vector(connection: Connection, stored: str, wanted: str) -> bool:
    """Tell whether a vector of PostgreSQL is the one that a literal stands for."""
    same = cast(stored, TSVECTOR).is_not_distinct_from(cast(wanted, TSVECTOR))
    return bool(connection.execute(select(same)).scalar())


def has_words(connection: Connection, fts: str, row_id: int, **columns: str) -> bool:
    """Tell whether SQLite's index `fts` finds a row by the words of each of its columns."""
    probe = text(f"SELECT 1 FROM {fts} WHERE {fts} MATCH :asked AND rowid = :id")  # noqa: S608
    return all(
        connection.execute(probe, {"asked": asked, "id": row_id}).first()
        for column, words in columns.items()
        for asked in _phrases(column, words)
    )


def _phrases(column: str, words: str) -> Iterator[str]:
    for some in batched(words.split(), CHUNK):
        yield f'{column} : "{" ".join(some)}"'


def surplus(connection: Connection) -> Iterator[str]:
    """Yield a sentence when SQLite's indexes count other words than their entries have."""
    if connection.dialect.name == "sqlite":
        yield from _surplus(connection, "search_fts", "search index", ENTRY, ("names", "prose"))
        yield from _surplus(connection, "search_fts_page", "index of pages", PAGE, ("words",))


def _surplus(
    connection: Connection, fts: str, name: str, table: Any, columns: tuple[str, ...]
) -> Iterator[str]:
    vocabulary = f"{fts}_words"
    made = f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{vocabulary}"
    connection.execute(text(f"{made} USING fts5vocab(main, {fts}, col)"))
    counts = text(f"SELECT col, sum(cnt) FROM temp.{vocabulary} GROUP BY col")  # noqa: S608
    indexed = Counter({row[0]: row[1] for row in connection.execute(counts)})
    for each in columns:
        column = table.c[each]
        spaces = func.length(column) - func.length(func.replace(column, " ", ""))
        counted = func.sum(spaces + 1).filter(column != "")
        words = connection.execute(select(counted)).scalar() or 0
        if words != indexed[each]:
            yield f"the {name} counts {indexed[each]} words in {each}, its entries {words}"

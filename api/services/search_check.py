"""Whether the search index holds what the records say, and nothing else."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, cast, func, select, text
from sqlalchemy.dialects.postgresql import TSVECTOR

from .collection import Collection
from .search import ENTRY, entry, vector

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
        wanted = cast(vector(row.names, row.prose), TSVECTOR)
        same = select(cast(row.vector, TSVECTOR).is_not_distinct_from(wanted))
        return bool(connection.execute(same).scalar())
    return all(
        connection.execute(_PROBE, {"asked": asked, "id": row.id}).first()
        for column, words in (("names", row.names), ("prose", row.prose))
        for asked in _phrases(column, words)
    )


_PROBE = text("SELECT 1 FROM search_fts WHERE search_fts MATCH :asked AND rowid = :id")


def _phrases(column: str, words: str) -> Iterator[str]:
    parts = words.split()
    for start in range(0, len(parts), CHUNK):
        yield f'{column} : "{" ".join(parts[start : start + CHUNK])}"'


def surplus(connection: Connection) -> Iterator[str]:
    """Yield a sentence when SQLite's index counts other words than its entries have."""
    if connection.dialect.name != "sqlite":
        return
    connection.execute(
        text(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words"
            " USING fts5vocab(main, search_fts, col)"
        )
    )
    rows = connection.execute(
        text("SELECT col, sum(cnt) FROM temp.search_words WHERE col <> 'collection' GROUP BY col")
    )
    indexed = Counter({row[0]: row[1] for row in rows})
    for name in ("names", "prose"):
        column = ENTRY.c[name]
        spaces = func.length(column) - func.length(func.replace(column, " ", ""))
        counted = func.sum(spaces + 1).filter(column != "")
        words = connection.execute(select(counted)).scalar() or 0
        if words != indexed[name]:
            yield f"the search index counts {indexed[name]} words in {name}, its entries {words}"

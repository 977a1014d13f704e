"""The search index: written with each record, asked by lists and by /search.

SQLite: FTS5 over folded words, ranked by bm25. PostgreSQL: tsvector of the same words, ranked
by ts_rank. Both find the same records for the same query, as words are folded here and not by
the database; only the order of the best can differ. A name weighs eight times as much as prose.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import (
    REAL,
    ColumnElement,
    Connection,
    cast,
    column,
    delete,
    false,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.sql.expression import Select

from ..models import SearchEntry
from ..schemas.facts import facts_of
from .collection import Collection
from .terms import Term
from .words import SEPARATOR, folded

ENTRY: Any = SearchEntry.__table__
TRANSLATIONS = "translations"


def texts(collection: Collection, record: Mapping[str, Any], weight: str) -> Iterator[str]:
    """Yield all texts of a record of one weight, in all its languages."""
    for name, field in collection.fields.items():
        if facts_of(field).weight == weight:
            yield from _strings(record[name])
            for translation in record[TRANSLATIONS].values():
                yield from _strings(translation.get(name))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def entry(collection: Collection, record: Mapping[str, Any]) -> dict[str, str]:
    """Return the folded words of a record, as the index holds them."""
    names = folded(texts(collection, record, "A"))
    prose = folded(texts(collection, record, "B"))
    return {"names": names, "prose": prose}


def vector(names: str, prose: str) -> str:
    """Return a tsvector literal: each word with its position and weight."""
    position, parts = 0, []
    for weight, text_ in (("A", names), ("B", prose)):
        for word in text_.split(" "):
            position = min(position + 1, 16_383)
            if word not in ("", SEPARATOR):
                parts.append(f"'{word}':{position}{weight}")
        position += 1
    return " ".join(parts)


def _stands(term: Term) -> ColumnElement[bool]:
    """Return whether a phrase stands in a text.

    A tsvector counts 16,383 positions and 255 of one word, so it alone would lose phrases.
    """
    phrase = f" {' '.join(term.words)}{'' if term.prefix else ' '}"
    return or_(*(func.concat(" ", c, " ").contains(phrase) for c in (ENTRY.c.names, ENTRY.c.prose)))


def put(
    connection: Connection, collection: Collection, record: Mapping[str, Any], seq: int
) -> None:
    """Index a record anew, as the journal entry `seq` holds it."""
    remove(connection, collection, record["id"])
    found = entry(collection, record)
    row: dict[str, Any] = {"collection": collection.name, "record_id": record["id"], "seq": seq}
    row |= found
    if connection.dialect.name == "postgresql":
        row["vector"] = vector(**found)
        connection.execute(insert(ENTRY), row)
        return
    number = connection.execute(insert(ENTRY).returning(ENTRY.c.id), row).scalar_one()
    connection.execute(_FTS_INSERT, {"id": number, "collection": collection.name, **found})


_FTS_INSERT = text(
    "INSERT INTO search_fts (rowid, collection, names, prose)"
    " VALUES (:id, :collection, :names, :prose)"
)
_FTS_DELETE = text(
    "INSERT INTO search_fts (search_fts, rowid, collection, names, prose)"
    " VALUES ('delete', :id, :collection, :names, :prose)"
)


def remove(connection: Connection, collection: Collection, record_id: str) -> None:
    """Take a record out of the index."""
    here = (ENTRY.c.collection == collection.name) & (ENTRY.c.record_id == record_id)
    if connection.dialect.name == "sqlite":
        old = connection.execute(select(ENTRY).where(here)).mappings().first()
        if old is None:
            return
        connection.execute(_FTS_DELETE, {n: old[n] for n in ("id", "collection", "names", "prose")})
    connection.execute(delete(ENTRY).where(here))


def clear(connection: Connection) -> None:
    """Empty the index."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO search_fts (search_fts) VALUES ('delete-all')"))
    connection.execute(delete(ENTRY))


def matching(
    connection: Connection, terms: tuple[Term, ...], collection: Collection | None = None
) -> tuple[Select[Any], ColumnElement[float]]:
    """Return a select of (collection, record_id) of what matches, and the rank, best lowest.

    Without terms nothing matches.
    """
    found = select(ENTRY.c.collection, ENTRY.c.record_id)
    by_words = bool(terms) and connection.dialect.name == "sqlite"
    if collection is not None and not by_words:  # FTS5 knows the collection by itself
        found = found.where(ENTRY.c.collection == collection.name)
    if not terms:
        return found.where(false()), ENTRY.c.id * 0.0
    if connection.dialect.name == "postgresql":
        asked = cast(" & ".join(term.tsquery() for term in terms), TSQUERY)
        weights = cast([0.0, 0.0, 0.125, 1.0], ARRAY(REAL))
        rank = -func.ts_rank(weights, ENTRY.c.vector, asked, 1)
        found = found.where(ENTRY.c.vector.op("@@")(asked))
        return found.where(*(_stands(term) for term in terms if len(term.words) > 1)), rank
    phrase = "{names prose} : (" + " AND ".join(term.fts5() for term in terms) + ")"
    if collection is not None:
        phrase = f'collection : "{collection.name}" AND {phrase}'
    fts = table("search_fts", column("rowid"))
    match = literal_column("search_fts").op("MATCH")(phrase)
    found = found.join(fts, fts.c.rowid == ENTRY.c.id).where(match)
    return found, literal_column("bm25(search_fts, 0.0, 8.0, 1.0)")

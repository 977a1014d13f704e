"""The search index: written with each record, asked by lists and by /search.

SQLite: FTS5 over folded words, ranked by bm25. PostgreSQL: tsvector of the same words, ranked
by ts_rank. Both find the same records for the same query, as words are folded here and not by
the database; only the order of the best can differ. A name weighs eight times as much as prose.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    literal,
    literal_column,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.sql.expression import Select

from ..models import SearchEntry
from . import page_texts
from .batches import batched
from .collection import Collection
from .page_texts import stands
from .prepared import insert_rows
from .records import DOCUMENTS
from .terms import Term
from .words import Words, folded, vector

ENTRY: Any = SearchEntry.__table__
TRANSLATIONS = "translations"


def texts(collection: Collection, record: Mapping[str, Any], weight: str) -> Iterator[str]:
    """Yield all texts of a record of one weight, in all its languages."""
    for name in collection.weighted.get(weight, ()):
        yield from _strings(record[name])
        for translation in record[TRANSLATIONS].values():
            yield from _strings(translation.get(name))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def entry(collection: Collection, record: Mapping[str, Any]) -> Words:
    """Return the folded words of a record, as the index holds them."""
    names = folded(texts(collection, record, "A"))
    prose = folded(texts(collection, record, "B"))
    return {"names": names, "prose": prose}


def put(
    connection: Connection, records: Iterable[tuple[str, str, int]], words: Iterable[Words]
) -> None:
    """Index records that are not in the index: collection, id, number in the journal; the words."""
    on_postgresql = connection.dialect.name == "postgresql"
    rows = []
    for (name, record_id, seq), found in zip(records, words, strict=True):
        row = {"collection": name, "record_id": record_id, "seq": seq, **found}
        rows.append(row | {"vector": vector(**found)} if on_postgresql else row)
    last = select(func.coalesce(func.max(ENTRY.c.id), 0))
    before = 0 if on_postgresql else connection.execute(last).scalar_one()
    insert_rows(connection, ENTRY, rows)
    if not on_postgresql:
        connection.execute(_FTS_INSERT, {"before": before})


_FTS_INSERT = text(
    "INSERT INTO search_fts (rowid, collection, names, prose)"
    " SELECT id, collection, names, prose FROM search_entry WHERE id > :before"
)
_FTS_DELETE = text(
    "INSERT INTO search_fts (search_fts, rowid, collection, names, prose)"
    " VALUES ('delete', :id, :collection, :names, :prose)"
)


def remove(connection: Connection, collection: Collection, ids: Sequence[str]) -> None:
    """Take records of a collection out of the index."""
    for some in batched(ids):
        here = (ENTRY.c.collection == collection.name) & ENTRY.c.record_id.in_(some)
        if connection.dialect.name == "sqlite":
            columns = (ENTRY.c.id, ENTRY.c.collection, ENTRY.c.names, ENTRY.c.prose)
            gone = connection.execute(select(*columns).where(here)).mappings().all()
            if gone:
                connection.execute(_FTS_DELETE, [dict(row) for row in gone])
        connection.execute(delete(ENTRY).where(here))


def forget(connection: Connection) -> None:
    """Let the index hold no word of entries that are gone (SQLite keeps them until it merges)."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO search_fts (search_fts) VALUES ('optimize')"))
    page_texts.forget(connection)


def clear(connection: Connection) -> None:
    """Empty the index."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO search_fts (search_fts) VALUES ('delete-all')"))
    connection.execute(delete(ENTRY))


def matching(
    connection: Connection, terms: tuple[Term, ...], collection: Collection | None = None
) -> tuple[Select[Any], tuple[ColumnElement[Any], ...]]:
    """Return a select of (collection, record_id) of what matches, and what it is ordered by, best
    first.

    Of a document either its own words match, or one page of its files does; the latter stand
    last, those that say it on more pages first. Without terms nothing matches.
    """
    found, rank = _by_words(connection, terms, collection)
    if not terms or collection not in (None, DOCUMENTS):
        return found, (rank,)
    own = found.with_only_columns(
        ENTRY.c.id, literal(0).label("tier"), rank.label("rank"), maintain_column_froms=True
    )
    pages = page_texts.matching(connection, terms)
    on_pages = (
        select(ENTRY.c.id, literal(1), -pages.c.pages)
        .join(pages, pages.c.document_id == ENTRY.c.record_id)
        .where(
            ENTRY.c.collection == DOCUMENTS.name,
            ENTRY.c.id.not_in(found.with_only_columns(ENTRY.c.id).correlate(None)),
        )
    )
    hits = union_all(own, on_pages).subquery("hits")
    both = select(ENTRY.c.collection, ENTRY.c.record_id).join(hits, hits.c.id == ENTRY.c.id)
    return both, (hits.c.tier, hits.c.rank)


def _by_words(
    connection: Connection, terms: tuple[Term, ...], collection: Collection | None
) -> tuple[Select[Any], ColumnElement[float]]:
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
        phrases = [term for term in terms if len(term.words) > 1]
        return found.where(*(stands(term, ENTRY.c.names, ENTRY.c.prose) for term in phrases)), rank
    fts = table("search_fts", column("rowid"))
    match = literal_column("search_fts").op("MATCH")(phrase_of(terms, collection))
    found = found.join(fts, fts.c.rowid == ENTRY.c.id).where(match)
    return found, literal_column("bm25(search_fts, 0.0, 8.0, 1.0)")


def phrase_of(terms: tuple[Term, ...], collection: Collection | None) -> str:
    """Return what FTS5 is asked."""
    phrase = "{names prose} : (" + " AND ".join(term.fts5() for term in terms) + ")"
    return phrase if collection is None else f'collection : "{collection.name}" AND {phrase}'

"""Which of the records that words find are the best: a name weighs eight times as much as prose.

SQLite ranks by bm25, PostgreSQL by ts_rank, so the order of the best can differ. Ranking looks at
each word of each match, so of many matches the newest alone are ranked; all are found and counted.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    REAL,
    ColumnElement,
    Connection,
    Select,
    SelectBase,
    cast,
    func,
    literal,
    literal_column,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from ..models import Change
from . import page_texts
from .collection import Collection
from .prepared import Prepared, Row
from .query import JOURNAL_SEQ, SNAPSHOT, Query
from .records import DOCUMENTS
from .search import ENTRY, FTS, by_words, entries_of, of, phrase_of, tsquery_of
from .terms import Term

NEWEST = 1_000
"""How many matches of a collection are ranked: the newest."""
_BM25 = "bm25(search_fts, 8.0, 1.0)"
_WEIGHTS = cast([0.0, 0.0, 0.125, 1.0], ARRAY(REAL))


def ranked(
    connection: Connection,
    terms: tuple[Term, ...],
    collection: Collection,
    narrowing: Sequence[ColumnElement[bool]] = (),
) -> Select[Any]:
    """Return a select of entries (`id`) and what orders them, the least first (`tier`, `rank`).

    Of those that match by their own words and by `narrowing`, conditions on the collection's table,
    the newest are ranked. Documents of which only a page matches stand last, those that say it on
    more pages first.
    """
    own = _newest(connection, terms, collection, narrowing)
    if collection is not DOCUMENTS or not terms:
        return own
    pages, table = page_texts.matching(connection, terms), DOCUMENTS.table
    on_pages = (
        of(DOCUMENTS)
        .add_columns(literal(1), -pages.c.pages)
        .join(pages, pages.c.document_id == ENTRY.c.record_id)
        .join(table, table.c.id == ENTRY.c.record_id)
        .where(ENTRY.c.id.not_in(by_words(connection, terms, DOCUMENTS).correlate(None)))
        .where(*narrowing)
    )
    hits = union_all(own, on_pages).subquery("hits")
    return select(hits.c.id, hits.c.tier, hits.c.rank)


def _newest(
    connection: Connection,
    terms: tuple[Term, ...],
    collection: Collection,
    narrowing: Sequence[ColumnElement[bool]],
) -> Select[Any]:
    found = by_words(connection, terms, collection, narrowing)
    if not terms:
        return found.add_columns(literal(0).label("tier"), literal(0.0).label("rank"))
    if connection.dialect.name == "sqlite":
        scored = found.add_columns(literal_column(_BM25).label("rank"))
        newest = scored.order_by(FTS.c.rowid.desc()).limit(NEWEST).subquery("newest")
        return select(newest.c.id, literal(0).label("tier"), newest.c.rank)
    vectors = found.add_columns(ENTRY.c.vector)
    newest = vectors.order_by(ENTRY.c.seq.desc()).limit(NEWEST).subquery("newest")
    rank = -func.ts_rank(_WEIGHTS, newest.c.vector, tsquery_of(terms), 1)
    return select(newest.c.id, literal(0).label("tier"), rank.label("rank"))


def first(hits: SelectBase, limit: int, offset: int) -> Select[Any]:
    """Return a select of collection, record_id, rank and snapshot of the best of what is ranked.

    Of equal ranks the first by collection and id come first.
    """
    hit = hits.subquery("hits")
    order = (hit.c.tier, hit.c.rank, ENTRY.c.collection, ENTRY.c.record_id)
    # The best are found first, so that no snapshot is sorted that is not shown.
    found = select(*order, ENTRY.c.seq).join(hit, hit.c.id == ENTRY.c.id).order_by(*order)
    best = found.limit(limit).offset(offset).subquery("best")
    shown = select(best.c.collection, best.c.record_id, best.c.rank, SNAPSHOT)
    return shown.join(Change, JOURNAL_SEQ == best.c.seq).order_by(*(best.c[o.name] for o in order))


def is_ranked(connection: Connection, collection: Collection, query: Query) -> bool:
    """Tell whether SQLite's index alone ranks and counts what a query finds.

    It does when words alone narrow the list; documents are found by the pages of their files, too,
    and so by another statement.
    """
    return (
        connection.dialect.name == "sqlite"
        and bool(query.terms)
        and not query.filters
        and query.bbox is None
        and collection is not DOCUMENTS
    )


def best(
    connection: Connection, collection: Collection, query: Query, limit: int, offset: int
) -> list[Row]:
    """Return id, rank and snapshot of the best from an offset on, ranked in SQLite's index."""
    asked = _asked(collection, query)
    return _BEST.rows(connection, **asked, window=NEWEST, limit=limit, offset=offset)


def count(connection: Connection, collection: Collection, query: Query) -> int:
    """Return how many records match, exactly, by SQLite's index."""
    [(found,)] = _COUNT.rows(connection, **_asked(collection, query))
    return int(found)


def _asked(collection: Collection, query: Query) -> dict[str, Any]:
    first, last = entries_of(collection.name)
    return {"asked": phrase_of(query.terms or ()), "first": first, "last": last}


_FOUND = "FROM search_fts WHERE search_fts MATCH :asked AND rowid BETWEEN :first AND :last"
_COUNT = Prepared(text(f"SELECT count(*) {_FOUND}"))
# Of equal ranks the first by id come first, as everywhere: so all that are as good as the last one
# that is shown must be looked at, and the bound is a rank, not a number of rows.
_BEST = Prepared(
    text(
        f"WITH newest AS MATERIALIZED (SELECT rowid AS entry, {_BM25} AS rank"  # noqa: S608
        f" {_FOUND} ORDER BY rowid DESC LIMIT :window),"
        " worst AS (SELECT rank FROM newest ORDER BY rank LIMIT 1 OFFSET :limit + :offset - 1)"
        " SELECT search_entry.record_id, newest.rank, CAST(change.snapshot AS BLOB) FROM newest"
        " JOIN search_entry ON search_entry.id = newest.entry"
        " JOIN change ON change.seq = search_entry.seq"
        " WHERE newest.rank <= coalesce((SELECT rank FROM worst), 0)"
        " ORDER BY newest.rank, search_entry.record_id LIMIT :limit OFFSET :offset"
    )
)

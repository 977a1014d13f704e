"""Words of a list whose index is SQLite's: ranked in the index, before any record is looked at.

That the index knows the collection, and nothing else narrows the list, is what makes it possible;
documents are found by the pages of their files, too, and so by another statement.
"""

from sqlalchemy import Connection, bindparam, text

from .collection import Collection
from .prepared import Prepared, Row
from .query import Query
from .records import DOCUMENTS
from .search import phrase_of


def is_ranked(connection: Connection, collection: Collection, query: Query) -> bool:
    """Tell whether the index alone ranks and counts what a query finds."""
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
    """Return id, rank and snapshot of the best from an offset on."""
    asked = phrase_of(query.terms or (), collection)
    return _BEST.rows(connection, asked=asked, limit=limit, offset=offset)


def count(connection: Connection, collection: Collection, query: Query) -> int:
    """Return how many records match, exactly."""
    [(found,)] = _COUNT.rows(connection, asked=phrase_of(query.terms or (), collection))
    return int(found)


# Of equal ranks the first by id come first, as everywhere: so all that are as good as the last one
# that is shown must be looked at, and the window of ranks is one of values, not of rows.
_BEST = Prepared(
    text(
        "WITH ranked AS MATERIALIZED"
        " (SELECT rowid AS entry, bm25(search_fts, 0.0, 8.0, 1.0) AS rank"
        " FROM search_fts WHERE search_fts MATCH :asked),"
        " worst AS (SELECT rank FROM ranked ORDER BY rank LIMIT 1 OFFSET :limit + :offset - 1)"
        " SELECT search_entry.record_id, ranked.rank, change.snapshot FROM ranked"
        " JOIN search_entry ON search_entry.id = ranked.entry"
        " JOIN change ON change.seq = search_entry.seq"
        " WHERE ranked.rank <= coalesce((SELECT rank FROM worst), 0)"
        " ORDER BY ranked.rank, search_entry.record_id LIMIT :limit OFFSET :offset"
    ).bindparams(bindparam("asked"), bindparam("limit"), bindparam("offset"))
)
_COUNT = Prepared(text("SELECT count(*) FROM search_fts WHERE search_fts MATCH :asked"))

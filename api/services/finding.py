"""A list's question and its answer: which statement is asked, and what its rows say."""

from array import array
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, select

from . import ranking, statements, tallies
from .collection import Collection
from .conditions import conditions, lists_of, narrowed
from .prepared import Prepared, Row, read
from .query import WINDOW, After, Form, Found, Query
from .records import BY_NAME
from .search import ENTRY, matching
from .statements import FACET_VALUES, Build

MOST_FORMS = 300
FEW = 20_000
"""Up to so many matches are found at once with their total; of more, an index finds the first."""


def page(connection: Connection, collection: Collection, query: Query) -> Found:
    """Return one page, in one statement."""
    if query.limit == 0:
        return Found([], None)
    if query.sort is None:
        return _best(connection, collection, query)
    rows = _rows(connection, collection, query, statements.page, limit=query.limit + 1)
    return _of_rows(connection, collection, query, rows)


def counted_page(connection: Connection, collection: Collection, query: Query) -> tuple[Found, int]:
    """Return one page, and how many records match: in one statement if these are few to count."""
    known = tallies.total(connection, collection, query)
    if known is None and _finds_few(connection, collection, query):
        rows = _rows(connection, collection, query, statements.counted_page, limit=query.limit + 1)
        if rows or query.after is None:
            found = _of_rows(connection, collection, query, rows)
            return found, int(rows[0][3]) if rows else 0
    found = page(connection, collection, query)
    return found, _counted(connection, collection, query) if known is None else known


def _finds_few(connection: Connection, collection: Collection, query: Query) -> bool:
    """Tell whether a list surely narrows a page that is sorted to few matches."""
    lists = lists_of(collection, query)
    if not lists or query.sort is None or query.terms is not None or not query.limit:
        return False
    name = query.narrowest or lists[0]
    return tallies.at_most(connection, collection, name, dict(query.filters)[name]) <= FEW


def _of_rows(
    connection: Connection, collection: Collection, query: Query, rows: list[Row]
) -> Found:
    found = [(row[0], row[1], row[2]) for row in rows[: query.limit]]
    if len(rows) <= query.limit:
        return Found(found, None)
    last, value = found[-1][:2]
    if query.terms is None:  # as the driver had it
        value = read(connection, statements.sorting(collection, query)[0], value)
    return Found(found, After(value, last))


def total(connection: Connection, collection: Collection, query: Query) -> int:
    """Return how many records match, exactly."""
    known = tallies.total(connection, collection, query)
    return _counted(connection, collection, query) if known is None else known


def _counted(connection: Connection, collection: Collection, query: Query) -> int:
    if ranking.is_ranked(connection, collection, query):
        return ranking.count(connection, collection, query)
    [(count,)] = _rows(connection, collection, query, statements.total)
    return int(count)


def facet(
    connection: Connection, collection: Collection, query: Query, name: str
) -> list[tuple[str | None, int]]:
    """Return the values of a facet over the filtered set with exact counts, most frequent first."""
    known = tallies.facet(connection, collection, query, name, FACET_VALUES)
    if known is not None:
        return known
    return [
        (value, count)
        for value, count in _rows(connection, collection, query, statements.facet(name))
    ]


def numbers(connection: Connection, collection: Collection, query: Query) -> Sequence[int]:
    """Return the journal entries of all records that a query finds, in its order.

    Eight bytes a record, so that all of a large answer can be told from one state of the store.
    """
    return array("q", (row[0] for row in _rows(connection, collection, query, statements.numbers)))


def _rows(
    connection: Connection, collection: Collection, query: Query, build: Build, **more: Any
) -> list[Row]:
    values = query.values | more
    query = narrowed(connection, collection, query)
    if query.terms is not None:  # what words ask of the index differs by database
        stated = _with_words(connection, collection, query, build)
        return [tuple(row) for row in connection.execute(stated, values)]
    return _prepared(collection.name, query.form, build).rows(connection, **values)


@lru_cache(maxsize=MOST_FORMS)
def _prepared(name: str, form: Form, build: Build) -> Prepared:
    return Prepared(build(BY_NAME[name], Query.of(form)))


def _with_words(
    connection: Connection, collection: Collection, query: Query, build: Build
) -> Select[Any]:
    hits = matching(connection, query.terms or (), collection)
    found = select(ENTRY.c.record_id).join(hits, hits.c.id == ENTRY.c.id)
    return build(collection, query).where(collection.table.c.id.in_(found))


def _best(connection: Connection, collection: Collection, query: Query) -> Found:
    offset = query.after.offset if query.after else 0
    take = min(query.limit, WINDOW - offset)
    if ranking.is_ranked(connection, collection, query):
        rows = ranking.best(connection, collection, query, take + 1, offset)
    else:
        rows = _best_of(connection, collection, query, take + 1, offset)
    more = len(rows) > take and offset + take < WINDOW
    found = [(row[0], row[1], row[2]) for row in rows[:take]]
    return Found(found, After(offset=offset + take) if more else None)


def _best_of(
    connection: Connection, collection: Collection, query: Query, limit: int, offset: int
) -> list[Row]:
    narrowing = conditions(collection, query)
    hits = ranking.ranked(connection, query.terms or (), collection, narrowing)
    rows = connection.execute(ranking.first(hits, limit, offset), query.values)
    return [(row.record_id, row.rank, row.snapshot) for row in rows]

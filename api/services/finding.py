"""The statements that answer a list's question, each built once for each form of question."""

from array import array
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    bindparam,
    func,
    select,
    tuple_,
)

from ..models import Change
from . import ranking, tallies
from .collection import Collection, FilterKind
from .conditions import conditions, narrowed
from .prepared import Prepared, Row, read
from .query import JOURNAL_SEQ, UNREAD, WINDOW, After, Form, Found, Query
from .records import BY_NAME
from .search import ENTRY, matching

FACET_VALUES = 200
"""How many values of a facet are counted, the most frequent first."""
MOST_FORMS = 1_000
Build = Callable[[Collection, Query], Select[Any]]


def page(connection: Connection, collection: Collection, query: Query) -> Found:
    """Return one page, in one statement."""
    if query.limit == 0:
        return Found([], None)
    if query.sort is None:
        return _best(connection, collection, query)
    rows = _rows(connection, collection, query, _page, limit=query.limit + 1)
    return _of_rows(connection, collection, query, rows)


def counted_page(connection: Connection, collection: Collection, query: Query) -> tuple[Found, int]:
    """Return one page, and how many records match: in one statement if these are to be counted."""
    known = tallies.total(connection, collection, query)
    narrow = query.sort is not None and query.terms is None and query.limit
    if known is None and narrow:
        rows = _rows(connection, collection, query, _counted_page, limit=query.limit + 1)
        if rows or query.after is None:
            found = _of_rows(connection, collection, query, rows)
            return found, int(rows[0][3]) if rows else 0
    found = page(connection, collection, query)
    return found, total(connection, collection, query) if known is None else known


def _of_rows(
    connection: Connection, collection: Collection, query: Query, rows: list[Row]
) -> Found:
    found = [(row[0], row[1], row[2]) for row in rows[: query.limit]]
    if len(rows) <= query.limit:
        return Found(found, None)
    last, value = found[-1][:2]
    if query.terms is None:  # as the driver had it
        value = read(connection, _order(collection, query)[0], value)
    return Found(found, After(value, last))


def total(connection: Connection, collection: Collection, query: Query) -> int:
    """Return how many records match, exactly."""
    known = tallies.total(connection, collection, query)
    if known is not None:
        return known
    if ranking.is_ranked(connection, collection, query):
        return ranking.count(connection, collection, query)
    [(count,)] = _rows(connection, collection, query, _total)
    return int(count)


def facet(
    connection: Connection, collection: Collection, query: Query, name: str
) -> list[tuple[str | None, int]]:
    """Return the values of a facet over the filtered set with exact counts, most frequent first."""
    known = tallies.facet(connection, collection, query, name, FACET_VALUES)
    if known is not None:
        return known
    return [(value, count) for value, count in _rows(connection, collection, query, _facet(name))]


def numbers(connection: Connection, collection: Collection, query: Query) -> Sequence[int]:
    """Return the journal entries of all records that a query finds, in its order.

    Eight bytes a record, so that all of a large answer can be told from one state of the store.
    """
    return array("q", (row[0] for row in _rows(connection, collection, query, _numbers)))


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


def _page(collection: Collection, query: Query) -> Select[Any]:
    table, order = collection.table, _order(collection, query)
    if query.terms is not None or not (query.filters or query.bbox):
        # words narrow the statement itself later on, and an index has all records in their order
        stated = select(table.c.id, order[0], UNREAD).join(Change, JOURNAL_SEQ == table.c.seq)
        if query.after is not None:
            stated = stated.where(_past(order, query.descending))
        return stated.order_by(*_directed(order, query)).limit(bindparam("limit"))
    found = _found(collection, query)
    if query.after is not None:
        found = found.where(_past(order, query.descending))
    rows = found.order_by(*_directed(order, query)).limit(bindparam("limit")).subquery("found")
    return _with_snapshots(rows, query)


def _counted_page(collection: Collection, query: Query) -> Select[Any]:
    every = _found(collection, query).cte("every")
    order, count = _ordering(every), select(func.count()).select_from(every).scalar_subquery()
    found = select(every, count.label("count"))
    if query.after is not None:
        found = found.where(_past(order, query.descending))
    rows = found.order_by(*_directed(order, query)).limit(bindparam("limit")).subquery("found")
    return _with_snapshots(rows, query).add_columns(rows.c.count)


def _found(collection: Collection, query: Query) -> Select[Any]:
    """Return a select of records without their snapshots, so that none is sorted in vain."""
    table, order = collection.table, _order(collection, query)
    named = [column.label(f"order_{n}") for n, column in enumerate(order)]
    return select(table.c.id, table.c.seq, *named).where(*conditions(collection, query))


def _with_snapshots(rows: FromClause, query: Query) -> Select[Any]:
    stated = select(rows.c.id, rows.c.order_0, UNREAD).join(Change, JOURNAL_SEQ == rows.c.seq)
    return stated.order_by(*_directed(_ordering(rows), query))


def _ordering(rows: FromClause) -> list[Any]:
    return [column for column in rows.c if column.key.startswith("order_")]


def _total(collection: Collection, query: Query) -> Select[Any]:
    counted = select(func.count()).select_from(collection.table)
    return counted.where(*conditions(collection, query))


def _numbers(collection: Collection, query: Query) -> Select[Any]:
    stated = select(collection.table.c.seq).where(*conditions(collection, query))
    return stated.order_by(*_directed(_order(collection, query), query))


@cache
def _facet(name: str) -> Build:
    def build(collection: Collection, query: Query) -> Select[Any]:
        table, counted = collection.table, func.count().label("count")
        facet_of = collection.filters[name]
        column, narrowed = facet_of.column, conditions(collection, query)
        stated = select(column, counted)
        if facet_of.kind is FilterKind.LIST:
            stated = stated.select_from(facet_of.table)
            if narrowed or query.terms is not None:
                stated = stated.join(table, table.c.seq == facet_of.table.c.seq)
        stated = stated.where(*narrowed).group_by(column)
        return stated.order_by(counted.desc(), column.is_(None), column).limit(FACET_VALUES)

    return build


def _order(collection: Collection, query: Query) -> list[Column[Any]]:
    up, down = collection.sorts[query.key]
    key, own = (down if query.descending else up), collection.table.c.id
    return [own] if query.key == "id" else [key, own]


def _directed(order: Sequence[ColumnElement[Any]], query: Query) -> list[ColumnElement[Any]]:
    return [column.desc() if query.descending else column.asc() for column in order]


def _past(order: Sequence[Any], descending: bool) -> ColumnElement[bool]:
    names = ("after_value", "after_id")[-len(order) :]
    bound = [bindparam(name, type_=c.type) for name, c in zip(names, order, strict=True)]
    here, there = (order[0], bound[0]) if len(order) == 1 else (tuple_(*order), tuple_(*bound))
    return here < there if descending else here > there


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

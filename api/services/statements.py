"""The statements of lists, one for each form of question; values come later, by their names."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    func,
    select,
    tuple_,
)

from ..models import Change
from .collection import Collection, FilterKind
from .conditions import conditions
from .query import JOURNAL_SEQ, UNREAD, Query

FACET_VALUES = 200
"""How many values of a facet are counted, the most frequent first."""
Build = Callable[[Collection, Query], Select[Any]]


def page(collection: Collection, query: Query) -> Select[Any]:
    """Return the statement of a page: id, sort value, snapshot."""
    table, order = collection.table, sorting(collection, query)
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


def counted_page(collection: Collection, query: Query) -> Select[Any]:
    """Return the statement of a page whose rows say, too, how many records match."""
    every = _found(collection, query).cte("every")
    order, count = _ordering(every), select(func.count()).select_from(every).scalar_subquery()
    found = select(every, count.label("count"))
    if query.after is not None:
        found = found.where(_past(order, query.descending))
    rows = found.order_by(*_directed(order, query)).limit(bindparam("limit")).subquery("found")
    return _with_snapshots(rows, query).add_columns(rows.c.count)


def _found(collection: Collection, query: Query) -> Select[Any]:
    """Return a select of records without their snapshots, so that none is sorted in vain."""
    table, order = collection.table, sorting(collection, query)
    named = [column.label(f"order_{n}") for n, column in enumerate(order)]
    return select(table.c.id, table.c.seq, *named).where(*conditions(collection, query))


def _with_snapshots(rows: FromClause, query: Query) -> Select[Any]:
    stated = select(rows.c.id, rows.c.order_0, UNREAD).join(Change, JOURNAL_SEQ == rows.c.seq)
    return stated.order_by(*_directed(_ordering(rows), query))


def _ordering(rows: FromClause) -> list[Any]:
    return [column for column in rows.c if column.key.startswith("order_")]


def total(collection: Collection, query: Query) -> Select[Any]:
    """Return the statement that counts matches."""
    counted = select(func.count()).select_from(collection.table)
    return counted.where(*conditions(collection, query))


def numbers(collection: Collection, query: Query) -> Select[Any]:
    """Return the statement of the journal entries of all matches."""
    stated = select(collection.table.c.seq).where(*conditions(collection, query))
    return stated.order_by(*_directed(sorting(collection, query), query))


@cache
def facet(name: str) -> Build:
    """Return what builds the statement of a facet: value, count."""

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


def sorting(collection: Collection, query: Query) -> list[Column[Any]]:
    """Return the columns that a query sorts by."""
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

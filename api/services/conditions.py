"""What narrows a list, as SQL.

A list's values lie in a table of their own. The table of the filter that fits the fewest records
is read, and the others are only looked into for those: read whole, the list of all that is in
English costs more than all else.
"""

from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, Float, and_, bindparam, exists, false, or_, select

from ..models.base import UNKNOWN_LAST
from . import tallies
from .collection import Collection, Filter, FilterKind
from .query import SIDES, Query, value_name


def lists_of(collection: Collection, query: Query) -> list[str]:
    """Return which filters of a query are by lists."""
    kinds = ((name, collection.filters[name].kind) for name, _ in query.filters)
    return [name for name, kind in kinds if kind is FilterKind.LIST]


def narrowed(connection: Connection, collection: Collection, query: Query) -> Query:
    """Return a query that knows which of its lists fits the fewest records."""
    lists, values = lists_of(collection, query), dict(query.filters)
    if len(lists) < 2 or query.narrowest is not None:
        return query
    counts = {name: tallies.at_most(connection, collection, name, values[name]) for name in lists}
    return replace(query, narrowest=min(counts, key=lambda name: (counts[name], name)))


def conditions(collection: Collection, query: Query) -> list[ColumnElement[bool]]:
    """Return the WHERE of a query but for its words; parameters are ANDed, the values of one are
    ORed. The values come later, by their names.
    """
    table = collection.table
    found = [
        _condition(
            collection, collection.filters[name], len(values), query.narrowest in (None, name)
        )
        for name, values in query.filters
    ]
    if query.bbox is not None:
        west, south, east, north = map(_degrees, SIDES)
        longitude = table.c.longitude
        between, around = longitude.between(west, east), or_(longitude >= west, longitude <= east)
        found += [table.c.latitude.between(south, north), around if query.across else between]
    return found


def _degrees(side: str) -> ColumnElement[float]:
    return bindparam(side, type_=Float())


def _condition(
    collection: Collection, asked: Filter, count: int, is_read: bool
) -> ColumnElement[bool]:
    column = asked.column
    values = [bindparam(value_name(asked.name, n), type_=column.type) for n in range(count)]
    if asked.kind is FilterKind.LIST:
        own = collection.table.c.id
        if is_read:
            found = select(asked.table.c.seq).where(column.in_(values))
            return collection.table.c.seq.in_(found)
        there = asked.table.alias()  # the list may be what is counted, too
        here = (there.c.owner_id == own) & there.c[column.name].in_(values)
        return exists(select(1).select_from(there).where(here).correlate(collection.table))
    if asked.kind in (FilterKind.FROM, FilterKind.SINCE):
        return column >= values[0]
    if asked.kind is FilterKind.TO:
        known = collection.table.c[f"{asked.field}_last"] > UNKNOWN_LAST
        return and_(column <= values[0], known)
    return column.in_(values) if values else false()

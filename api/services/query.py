"""A list's question as data, and the statements that answer it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from ..models import Change
from ..models.base import Instant
from .collection import Collection, Filter, FilterKind
from .search import ENTRY, matching
from .terms import Term

SNAPSHOT = Change.__table__.c.snapshot
JOURNAL_SEQ = Change.__table__.c.seq
WINDOW = 1_000
"""How many of the best matches can be paged through, best first."""
FACET_VALUES = 200
"""How many values of a facet are counted, the most frequent first."""


@dataclass(frozen=True)
class After:
    """Where the next page begins: past this sort value and id, or (best first) at an offset."""

    value: Any = None
    id: str = ""
    offset: int = 0


@dataclass(frozen=True)
class Query:
    """What a list is asked for. `filters` holds parsed values; `sort` is None for best first."""

    filters: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    bbox: tuple[float, float, float, float] | None = None
    terms: tuple[Term, ...] | None = None
    sort: str | None = "id"
    limit: int = 50
    after: After | None = None
    fields: tuple[str, ...] | None = None
    include: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The sort key without its direction."""
        return (self.sort or "").lstrip("-")

    @property
    def descending(self) -> bool:
        """Whether the list runs downwards."""
        return (self.sort or "").startswith("-")


@dataclass(frozen=True)
class Found:
    """The rows of one page: (id, sort value, snapshot), and where the next page begins."""

    rows: list[tuple[str, Any, str]]
    after: After | None


def conditions(
    connection: Connection, collection: Collection, query: Query, *, search: bool = True
) -> list[ColumnElement[bool]]:
    """Return the WHERE of a query; parameters are ANDed, the values of one are ORed."""
    table = collection.table
    found = [_condition(collection, collection.filters[n], values) for n, values in query.filters]
    if query.bbox is not None:
        west, south, east, north = query.bbox
        between = table.c.longitude.between(west, east)
        around = or_(table.c.longitude >= west, table.c.longitude <= east)
        found += [table.c.latitude.between(south, north), between if west <= east else around]
    if search and query.terms is not None:
        hits, _ = matching(connection, query.terms, collection)
        found.append(table.c.id.in_(hits.with_only_columns(ENTRY.c.record_id)))
    return found


def _condition(
    collection: Collection, narrowed: Filter, values: tuple[Any, ...]
) -> ColumnElement[bool]:
    column = narrowed.column
    if narrowed.kind is FilterKind.LIST:
        owners = select(narrowed.table.c.owner_id).where(column.in_(values))
        return collection.table.c.id.in_(owners)
    if narrowed.kind in (FilterKind.FROM, FilterKind.SINCE):
        return column >= literal(values[0], column.type)
    if narrowed.kind is FilterKind.TO:
        known = collection.table.c[narrowed.field].is_not(None)
        return and_(column <= literal(values[0], column.type), known)
    return column.in_(values) if values else false()


def page(connection: Connection, collection: Collection, query: Query) -> Found:
    """Return one page, in one statement."""
    if query.limit == 0:
        return Found([], None)
    if query.sort is None:
        return _best(connection, collection, query)
    table = collection.table
    up, down = collection.sorts[query.key]
    key = down if query.descending else up
    order = [key, table.c.id] if query.key != "id" else [table.c.id]
    stated = select(table.c.id, key, SNAPSHOT).join(Change, JOURNAL_SEQ == table.c.seq)
    stated = stated.where(*conditions(connection, collection, query))
    if query.after is not None:
        stated = stated.where(_past(order, query.after, query.descending))
    stated = stated.order_by(*([c.desc() for c in order] if query.descending else order))
    rows = [tuple(row) for row in connection.execute(stated.limit(query.limit + 1))]
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return Found(rows, After(rows[-1][1], rows[-1][0]) if more else None)


def _past(order: list[Column[Any]], after: After, descending: bool) -> ColumnElement[bool]:
    values = [after.value, after.id][-len(order) :]
    bound = [literal(value, c.type) for value, c in zip(values, order, strict=True)]
    here, there = (order[0], bound[0]) if len(order) == 1 else (tuple_(*order), tuple_(*bound))
    return here < there if descending else here > there


def _best(connection: Connection, collection: Collection, query: Query) -> Found:
    table = collection.table
    hits, rank = matching(connection, query.terms or (), collection)
    offset = query.after.offset if query.after else 0
    take = min(query.limit, WINDOW - offset)
    stated = (
        hits.with_only_columns(table.c.id, rank.label("rank"), SNAPSHOT, maintain_column_froms=True)
        .join(table, table.c.id == ENTRY.c.record_id)
        .join(Change, JOURNAL_SEQ == ENTRY.c.seq)
        .where(*conditions(connection, collection, query, search=False))
        .order_by(rank, table.c.id)
    )
    rows = [tuple(row) for row in connection.execute(stated.limit(take + 1).offset(offset))]
    more = len(rows) > take and offset + take < WINDOW
    return Found(rows[:take], After(offset=offset + take) if more else None)


def total(connection: Connection, collection: Collection, query: Query) -> int:
    """Return how many records match, exactly."""
    counted = select(func.count()).select_from(collection.table)
    counted = counted.where(*conditions(connection, collection, query))
    return connection.execute(counted).scalar_one()


def facet(
    connection: Connection, collection: Collection, query: Query, name: str
) -> list[tuple[str | None, int]]:
    """Return the values of a facet over the filtered set with exact counts, most frequent first."""
    table, counted = collection.table, func.count().label("count")
    facet_of = collection.filters[name]
    column = facet_of.column
    stated = select(column, counted)
    narrowed = conditions(connection, collection, query)
    if facet_of.kind is FilterKind.LIST:
        stated = stated.select_from(facet_of.table)
        if narrowed:
            stated = stated.join(table, table.c.id == facet_of.table.c.owner_id)
    stated = stated.where(*narrowed).group_by(column)
    stated = stated.order_by(counted.desc(), column.is_(None), column).limit(FACET_VALUES)
    return [(value, count) for value, count in connection.execute(stated)]


def sort_value(column: Column[Any], spelled: Any) -> Any:
    """Return a cursor's sort value as the column's type has it; ValueError when it cannot be."""
    if not isinstance(spelled, str):
        raise ValueError("a sort value is text")
    if isinstance(column.type, Date):
        return date.fromisoformat(spelled)
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(spelled).astimezone(UTC)
    return spelled

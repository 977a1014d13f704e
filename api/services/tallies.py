"""Exact counts without counting: of all records, and of each value of a facet.

The writer keeps them as part of each write, so they are true in every state of the store.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select

from ..models import Tally
from .batches import padded
from .collection import Collection, FilterKind
from .derived import ALL, NONE, counted, facets_of
from .prepared import Prepared, run_for_each
from .query import Query
from .records import COLLECTIONS

TALLY: Any = Tally.__table__
Changed = tuple[Collection, Mapping[str, Any] | None, Iterable[str]]


class Counts:
    """What one transaction changes of the counts, gathered from any number of its writes."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._more: dict[str, Counter[str]] = {}

    def note(self, changed: Iterable[Changed]) -> None:
        """Note records that were changed: of each its collection, what it was, and what is counted
        of what it is (see `derived.counted`).
        """
        for collection, old, is_now in changed:
            of_its_kind = self._more.setdefault(collection.name, Counter())
            of_its_kind.update(is_now)
            if old is not None:
                of_its_kind.subtract(counted(collection, old))

    @property
    def are_many(self) -> bool:
        """Whether they are too many to be kept in memory."""
        return sum(map(len, self._more.values())) > MANY

    def write(self, connection: Connection) -> None:
        """Change the counts, and begin anew."""
        rows = sorted(
            (name, *each.split("=", 1), count)
            for name, counts in self._more.items()
            for each, count in counts.items()
            if count
        )
        if rows:
            run_for_each(connection, _ADD, rows)
        self._more = {}


MANY = 100_000
"""From how many counts on they are written: as many take some ten megabytes."""
_ADD = (
    "INSERT INTO tally (collection, facet, value, count) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (collection, facet, value) DO UPDATE SET count = tally.count + excluded.count"
)


def total(connection: Connection, collection: Collection, query: Query) -> int | None:
    """Return how many records a query finds, None where that is to be counted."""
    if query.bbox is not None or query.terms is not None or len(query.filters) > 1:
        return None
    facet, value = ALL, ""
    for name, values in query.filters:
        if not collection.filters[name].facet or len(values) != 1:
            return None
        facet, value = name, values[0]
    row = _ONE.row(connection, collection=collection.name, facet=facet, value=value)
    return int(row[0]) if row else 0


def at_most(
    connection: Connection, collection: Collection, name: str, values: tuple[Any, ...]
) -> int:
    """Return how many records have one of some values of a field, at the most."""
    if not collection.filters[name].facet:
        return FEW
    some = padded(values)
    asked = {f"value_{number}": value for number, value in enumerate(some)}
    [(count,)] = _some(len(some)).rows(connection, collection=collection.name, facet=name, **asked)
    return int(count or 0)


FEW = 100
"""As many records are taken to have a value that is not counted, such as an id elsewhere."""


def facet(
    connection: Connection, collection: Collection, query: Query, name: str, limit: int
) -> list[tuple[str | None, int]] | None:
    """Return the values of a facet with their counts, most frequent first, the lack of one last;
    None where that is to be counted.
    """
    if query.bbox is not None or query.terms is not None or query.filters:
        return None
    here = {"collection": collection.name, "facet": name}
    rows = _VALUES.rows(connection, **here, limit=limit)
    found: list[tuple[str | None, int]] = [(value, count) for value, count in rows]
    if collection.filters[name].kind is FilterKind.LIST:  # the lack of a list is not counted
        return found
    without = _ONE.row(connection, **here, value=NONE)
    if without is not None and without[0] > 0:
        place = sum(count >= without[0] for _, count in found)
        found.insert(place, (None, without[0]))
    return found[:limit]


def _here(*columns: Any) -> Select[Any]:
    here = (TALLY.c.collection == bindparam("collection")) & (TALLY.c.facet == bindparam("facet"))
    return select(*columns).where(here)


_ONE = Prepared(_here(TALLY.c.count).where(TALLY.c.value == bindparam("value")))


@cache
def _some(size: int) -> Prepared:
    values: list[Any] = [bindparam(f"value_{number}") for number in range(size)]
    return Prepared(_here(func.sum(TALLY.c.count)).where(TALLY.c.value.in_(values)))


_VALUES = Prepared(
    _here(TALLY.c.value, TALLY.c.count)
    .where(TALLY.c.count > 0, TALLY.c.value != NONE)
    .order_by(TALLY.c.count.desc(), TALLY.c.value)
    .limit(bindparam("limit"))
)


def disagreements(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each count that is not true."""
    for collection in COLLECTIONS:
        kept = select(TALLY.c.facet, TALLY.c.value, TALLY.c.count).where(
            TALLY.c.collection == collection.name, TALLY.c.count != 0
        )
        found = {(row[0], row[1]): row[2] for row in connection.execute(kept)}
        true = _true(connection, collection)
        for facet_name, value in sorted(found.keys() | true.keys()):
            told, counted = found.get((facet_name, value), 0), true.get((facet_name, value), 0)
            if told != counted:
                which = f" with {facet_name} {value!r}" if facet_name else ""
                yield f"{collection.name}: {counted} records{which}, the tally says {told}"


def rebuild(connection: Connection) -> None:
    """Count everything anew."""
    connection.execute(delete(TALLY))
    for collection in COLLECTIONS:
        rows = [
            {"collection": collection.name, "facet": key[0], "value": key[1], "count": count}
            for key, count in _true(connection, collection).items()
        ]
        connection.execute(insert(TALLY), rows)


def _true(connection: Connection, collection: Collection) -> dict[tuple[str, str], int]:
    """Return what the tables say: (facet, value) → count."""
    everything = select(func.count()).select_from(collection.table)
    found = {(ALL, ""): connection.execute(everything).scalar_one()}
    for each in facets_of(collection):
        grouped = select(each.column, func.count()).group_by(each.column)
        for value, count in connection.execute(grouped):
            found[each.name, value or NONE] = count
    return found

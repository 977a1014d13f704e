"""The records that others name, or that name them: one prepared statement a type."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, union_all

from .batches import padded
from .collection import Collection
from .prepared import Prepared
from .query import JOURNAL_SEQ, UNREAD
from .records import BY_NAME, CITIES, PROJECTS
from .snapshots import Snapshot, Snapshots

MOST_INCLUDED = 2_000
Records = Sequence[Snapshot]


def related(
    connection: Connection,
    collection: Collection,
    records: Records,
    other: Collection,
    limit: int = MOST_INCLUDED,
) -> Snapshots:
    """Return the records of `other` that these name or that name them, by id: one statement."""
    ids = records.ids if isinstance(records, Snapshots) else [each["id"] for each in records]
    if not ids or not (_naming(collection, other) or _named_by(collection, other)):
        return Snapshots()
    values = {f"own_{number}": each for number, each in enumerate(padded(ids))}
    asked = _related(collection.name, other.name, len(values))
    rows = asked.rows(connection, **values, limit=limit)
    return Snapshots(sorted(rows))  # the database would sort the snapshots, too


@lru_cache(maxsize=500)
def _related(collection: str, name: str, size: int) -> Prepared:
    """Return the statement for so many records: first what is found, then its snapshots."""
    found = union_all(*_ways(BY_NAME[collection], BY_NAME[name], size)).subquery("every")
    first = select(found.c.id, found.c.seq).distinct().order_by(found.c.id)
    some = first.limit(bindparam("limit")).subquery("found")
    return Prepared(select(some.c.id, UNREAD).join(some, some.c.seq == JOURNAL_SEQ))


def _ways(collection: Collection, other: Collection, size: int) -> list[Select[Any]]:
    """Return selects of the id and journal entry of those that the records name, field by field,
    and of those that name the records; what names a city or a project is not looked for.
    """
    ids: list[Any] = [bindparam(f"own_{n}") for n in range(size)]
    own, table, ways = collection.table, other.table, list[Select[Any]]()
    for field in _naming(collection, other):
        link = collection.links.get(field)
        named = (
            select(own.c[field]).where(own.c.id.in_(ids))
            if link is None
            else select(link.c.value).where(link.c.owner_id.in_(ids))
        )
        ways.append(select(table.c.id, table.c.seq).where(table.c.id.in_(named)))
    for field in _named_by(collection, other):
        link = other.links.get(field)
        ways.append(
            select(table.c.id, table.c.seq).where(table.c[field].in_(ids))
            if link is None
            else select(link.c.owner_id.label("id"), link.c.seq).where(link.c.value.in_(ids))
        )
    return ways


@cache
def _naming(collection: Collection, other: Collection) -> tuple[str, ...]:
    """Return the fields of a collection that name records of the other."""
    return tuple(name for name, target in collection.references.items() if target == other.name)


@cache
def _named_by(collection: Collection, other: Collection) -> tuple[str, ...]:
    """Return the fields of the other that are looked through for records that name these."""
    return () if collection in (CITIES, PROJECTS) else _naming(other, collection)

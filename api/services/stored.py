"""What the store holds of records now: their newest snapshots, and the numbers of past versions."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from ..models import Change
from .batches import batched
from .collection import Collection
from .records import BY_NAME

CHANGE: Any = Change.__table__
Key = tuple[Collection, str]
"""A record by its collection and id."""


def current(connection: Connection, collection: Collection, record_id: str) -> Row[Any] | None:
    """Return id, version, sequence, created_at and snapshot of a record, or None."""
    return connection.execute(_current(collection, [record_id])).first()


def currents(connection: Connection, keys: Iterable[Key]) -> dict[tuple[str, str], Row[Any]]:
    """Return (collection, id) → what `current` gives, for those of some records that are there."""
    return {
        (collection.name, row.id): row
        for collection, ids in _by_collection(keys)
        for row in connection.execute(_current(collection, ids))
    }


def last_versions(connection: Connection, keys: Iterable[Key]) -> dict[tuple[str, str], int]:
    """Return (collection, id) → the number of its last version, for records that are or were."""
    return {
        (collection.name, row.record_id): row.last
        for collection, ids in _by_collection(keys)
        for row in connection.execute(_last_versions(collection, ids))
    }


def _by_collection(keys: Iterable[Key]) -> Iterator[tuple[Collection, Sequence[str]]]:
    """Yield the ids of each collection, as many at a time as one statement takes."""
    found: dict[str, list[str]] = {}
    for collection, record_id in keys:
        found.setdefault(collection.name, []).append(record_id)
    for name, ids in found.items():
        for some in batched(ids):
            yield BY_NAME[name], some


def _current(collection: Collection, ids: Sequence[str]) -> Select[Any]:
    table = collection.table
    columns = (table.c.id, table.c.version, table.c.seq, table.c.created_at, CHANGE.c.snapshot)
    found = select(*columns).join(CHANGE, CHANGE.c.seq == table.c.seq)
    return found.where(table.c.id == ids[0] if len(ids) == 1 else table.c.id.in_(ids))


def _last_versions(collection: Collection, ids: Sequence[str]) -> Select[Any]:
    return (
        select(CHANGE.c.record_id, func.max(CHANGE.c.version).label("last"))
        .where(CHANGE.c.collection == collection.name, CHANGE.c.record_id.in_(ids))
        .group_by(CHANGE.c.record_id)
    )


def content(snapshot: dict[str, Any], collection: Collection) -> dict[str, Any]:
    """Return the write form within a snapshot; fields that came later are null or empty."""
    return collection.whole(snapshot)

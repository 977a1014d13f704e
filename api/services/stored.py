"""What the store holds of records now: their newest snapshots, and the numbers of past versions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from ..models import Change, Store
from .batches import batched
from .collection import Collection
from .prepared import Prepared, among, read
from .records import BY_NAME

CHANGE: Any = Change.__table__
Key = tuple[Collection, str]
"""A record by its collection and id."""


class Stored(NamedTuple):
    """What the store holds of a record now; `seq` is the number of its entry in the journal."""

    id: str
    version: int
    seq: int
    created_at: datetime
    snapshot: str


def is_bare(connection: Connection) -> bool:
    """Tell whether the store has never held a record."""
    return connection.execute(select(Store.seq)).scalar_one() == 0


def current(connection: Connection, collection: Collection, record_id: str) -> Stored | None:
    """Return what the store holds of a record, or None."""
    return next(_current(connection, collection, [record_id]), None)


def currents(connection: Connection, keys: Iterable[Key]) -> dict[tuple[str, str], Stored]:
    """Return (collection, id) → what `current` gives, for those of some records that are there."""
    return {
        (collection.name, row.id): row
        for collection, ids in _by_collection(keys)
        for row in _current(connection, collection, ids)
    }


def last_versions(connection: Connection, keys: Iterable[Key]) -> dict[tuple[str, str], int]:
    """Return (collection, id) → the number of its last version, for records that are or were."""
    return {
        (collection.name, record_id): last
        for collection, ids in _by_collection(keys)
        for record_id, last in _LAST.rows(connection, collection=collection.name, ids=ids)
    }


def _by_collection(keys: Iterable[Key]) -> Iterator[tuple[Collection, Sequence[str]]]:
    """Yield the ids of each collection, as many at a time as one statement takes."""
    found: dict[str, list[str]] = {}
    for collection, record_id in keys:
        found.setdefault(collection.name, []).append(record_id)
    for name, ids in found.items():
        for some in batched(ids):
            yield BY_NAME[name], some


def _current(
    connection: Connection, collection: Collection, ids: Sequence[str]
) -> Iterator[Stored]:
    made_at = collection.table.c.created_at
    for id_, version, seq, created_at, snapshot in _currents_of(collection).rows(
        connection, ids=ids
    ):
        yield Stored(id_, version, seq, read(connection, made_at, created_at), snapshot)


@cache
def _currents_of(collection: Collection) -> Prepared:
    table = collection.table
    columns = (table.c.id, table.c.version, table.c.seq, table.c.created_at, CHANGE.c.snapshot)
    found = select(*columns).join(CHANGE, CHANGE.c.seq == table.c.seq)
    return Prepared(found.where(among(table.c.id, "ids")))


_LAST = Prepared(
    select(CHANGE.c.record_id, func.max(CHANGE.c.version))
    .where(CHANGE.c.collection == bindparam("collection"), among(CHANGE.c.record_id, "ids"))
    .group_by(CHANGE.c.record_id)
)


def content(snapshot: dict[str, Any], collection: Collection) -> dict[str, Any]:
    """Return the write form within a snapshot; fields that came later are null or empty."""
    return collection.whole(snapshot)

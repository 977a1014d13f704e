"""The one way to write: each save or deletion is validated content, versioned, journalled and
indexed in the transaction of the connection that is passed in (see `database.writing`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from ..errors import Conflict, NotFound
from ..models import Base, Change, Store
from . import search
from .collection import Collection
from .database import as_catalog
from .doors import Door, now, refuse_foreign, spelled
from .references import refuse_dangling, refuse_referenced
from .rows import list_rows, own_row

CHANGE: Any = Change.__table__
STORE: Any = Store.__table__


class Outcome(StrEnum):
    """What a write did, or would do."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Saved:
    """The result of a save: what was done, and the version that the record now has."""

    outcome: Outcome
    version: int


def current(connection: Connection, collection: Collection, record_id: str) -> Row[Any] | None:
    """Return version, sequence, created_at and snapshot of a record, or None."""
    table = collection.table
    columns = (table.c.version, table.c.seq, table.c.created_at, CHANGE.c.snapshot)
    found = select(*columns).join(CHANGE, CHANGE.c.seq == table.c.seq)
    return connection.execute(found.where(table.c.id == record_id)).first()


def content(snapshot: dict[str, Any], collection: Collection) -> dict[str, Any]:
    """Return the write form within a snapshot; fields that came later are null or empty."""
    return {name: snapshot.get(name, empty) for name, empty in collection.empty.items()}


def save(
    connection: Connection,
    collection: Collection,
    record: dict[str, Any],
    door: Door,
    *,
    known: frozenset[tuple[str, str]] = frozenset(),
) -> Saved:
    """Store a loaded record (`collection.schema().load(...)`), whether it is there yet or not.

    The same content again does nothing. `known` holds (collection, id) pairs whose existence the
    caller vouches for, such as the other records of a bundle; the database checks again at the
    end. Raises InvalidRecord when the record names one that does not exist.
    """
    before = current(connection, collection, record["id"])
    old = None if before is None else content(orjson.loads(before.snapshot), collection)
    refuse_foreign(door, collection, old, record)
    if before is not None and old == record:
        return Saved(Outcome.UNCHANGED, before.version)
    refuse_dangling(connection, collection, record, known)
    at = now()
    if before is not None:
        version, created_at = before.version + 1, before.created_at
    else:
        version, created_at = past_versions(connection, collection, record["id"]) + 1, at
    times = {"created_at": spelled(created_at), "updated_at": spelled(at)}
    snapshot = {"id": record["id"], "version": version, **times, **record}
    with as_catalog(connection):
        seq = _journal(
            connection,
            collection=collection.name,
            record_id=record["id"],
            version=version,
            op="upsert",
            at=at,
            door=door.name,
            actor=door.actor,
            snapshot=orjson.dumps(snapshot).decode(),
        )
        row = own_row(collection, record)
        row |= {"version": version, "created_at": created_at, "updated_at": at, "seq": seq}
        _store_rows(connection, collection, row, list_rows(collection, record), before is None)
        search.put(connection, collection, record, seq)
    return Saved(Outcome.CREATED if before is None else Outcome.UPDATED, version)


def remove(
    connection: Connection,
    collection: Collection,
    record_id: str,
    door: Door,
    *,
    reason: str | None = None,
    replaced_by: str | None = None,
) -> Saved:
    """Delete a record; its versions stay in the journal, the deletion being the last of them.

    Raises NotFound, or StillReferenced when other records point to it.
    """
    before = current(connection, collection, record_id)
    if before is None:
        raise NotFound(f"There is no {collection.singular} {record_id}.")
    refuse_foreign(door, collection, content(orjson.loads(before.snapshot), collection))
    if replaced_by == record_id:
        raise Conflict("A record cannot be replaced by itself.")
    if replaced_by is not None and current(connection, collection, replaced_by) is None:
        raise Conflict(f"There is no {collection.singular} {replaced_by} to replace it.")
    refuse_referenced(connection, collection, record_id)
    version = before.version + 1
    with as_catalog(connection):
        _journal(
            connection,
            collection=collection.name,
            record_id=record_id,
            version=version,
            op="delete",
            at=now(),
            door=door.name,
            actor=door.actor,
            reason=reason,
            replaced_by=replaced_by,
        )
        for table in collection.links.values():
            connection.execute(delete(table).where(table.c.owner_id == record_id))
        connection.execute(delete(collection.table).where(collection.table.c.id == record_id))
        search.remove(connection, collection, record_id)
    return Saved(Outcome.DELETED, version)


def past_versions(connection: Connection, collection: Collection, record_id: str) -> int:
    """Return how many versions a record has had, deleted or not."""
    here = (CHANGE.c.collection == collection.name) & (CHANGE.c.record_id == record_id)
    return connection.execute(select(func.max(CHANGE.c.version)).where(here)).scalar() or 0


def _journal(connection: Connection, **entry: Any) -> int:
    counted = update(STORE).values(seq=STORE.c.seq + 1).returning(STORE.c.seq)
    seq: int = connection.execute(counted).scalar_one()
    connection.execute(insert(CHANGE), {"seq": seq, **entry})
    return seq


def _store_rows(
    connection: Connection,
    collection: Collection,
    row: dict[str, Any],
    lists: dict[str, list[dict[str, Any]]],
    is_new: bool,
) -> None:
    table = collection.table
    if is_new:
        connection.execute(insert(table), row)
    else:
        connection.execute(update(table).where(table.c.id == row["id"]).values(**row))
    for name, rows in lists.items():
        link = Base.metadata.tables[name]
        if not is_new:
            connection.execute(delete(link).where(link.c.owner_id == row["id"]))
        if rows:
            connection.execute(insert(link), rows)

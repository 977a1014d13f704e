"""The feed, the state and the snapshot: all that a mirror needs to be an exact copy.

A place in the feed is a sequence number with the print of the journal entry there. A store that was
restored from a backup has other entries from some number on, or none; so a place of before the
restore is known by its print to be of another history, and is refused instead of going on wrongly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b, sha256
from typing import Any

from sqlalchemy import Connection, Row, exists, select

from ..errors import HistoryChanged
from ..models import Change, Store
from .batches import AT_ONCE
from .collection import Collection
from .doors import spelled
from .history import COLUMNS, Version
from .records import COLLECTIONS

CHANGE: Any = Change.__table__
LATER = CHANGE.alias("later")
_SUPERSEDED = exists().where(
    LATER.c.collection == CHANGE.c.collection,
    LATER.c.record_id == CHANGE.c.record_id,
    LATER.c.version > CHANGE.c.version,
)
_LASTING = [CHANGE.c[name] for name in ("collection", "record_id", "version", "op", "at")]


@dataclass(frozen=True)
class Place:
    """How far a mirror has come: after the journal entry `seq`, whose print is `entry`."""

    epoch: str
    seq: int
    entry: str


@dataclass(frozen=True)
class Digest:
    """How many records a type has, and SHA-256 over their lines `id version`."""

    count: int
    digest: str


def present_place(connection: Connection) -> Place:
    """Return the place after the latest entry."""
    row = connection.execute(select(Store.epoch, Store.seq)).one()
    return Place(row.epoch, row.seq, _print_at(connection, row.seq))


def written_at(connection: Connection, seq: int) -> datetime | None:
    """Return when an entry was written; None where there is none yet."""
    return connection.execute(select(CHANGE.c.at).where(CHANGE.c.seq == seq)).scalar()


def place_at(connection: Connection, epoch: str, seq: int) -> Place:
    """Return the place after an entry."""
    return Place(epoch, seq, _print_at(connection, seq))


def refuse_other_history(connection: Connection, place: Place) -> None:
    """Raise HistoryChanged when a place is not in this store's journal."""
    epoch = connection.execute(select(Store.epoch)).scalar_one()
    if epoch != place.epoch or _print_at(connection, place.seq) != place.entry:
        raise HistoryChanged(
            "This store's history is not the one that the cursor is from: it was restored or made "
            "anew. Begin again with the snapshot."
        )


def _print_at(connection: Connection, seq: int) -> str:
    """Return the print of an entry: of what stays, so that a redaction does not change it."""
    row = connection.execute(select(*_LASTING).where(CHANGE.c.seq == seq)).first()
    if row is None:
        return "" if seq == 0 else "none"
    return blake2b(repr((*row[:4], spelled(row.at))).encode(), digest_size=6).hexdigest()


def changed(connection: Connection, names: Sequence[str], after: int, limit: int) -> list[Version]:
    """Return the latest entry of each record that changed after an entry, in commit order."""
    stated = select(*COLUMNS).where(CHANGE.c.seq > after, ~_SUPERSEDED)
    if len(names) < len(COLLECTIONS):
        stated = stated.where(CHANGE.c.collection.in_(names))
    rows = connection.execute(stated.order_by(CHANGE.c.seq).limit(limit))
    return [Version(*row) for row in rows]


def latest(connection: Connection, names: Sequence[str], limit: int) -> list[Version]:
    """Return the latest entry of the records that changed last, the newest first."""
    stated = select(*COLUMNS).where(CHANGE.c.collection.in_(names), ~_SUPERSEDED)
    rows = connection.execute(stated.order_by(CHANGE.c.seq.desc()).limit(limit))
    return [Version(*row) for row in rows]


def digest_of(connection: Connection, collection: Collection) -> Digest:
    """Return the digest of a type: one pass over its ids, in byte order."""
    table, hashed, count = collection.table, sha256(), 0
    stated = select(table.c.id, table.c.version).order_by(table.c.id)
    for row in connection.execute(stated):
        hashed.update(f"{row.id} {row.version}\n".encode())
        count += 1
    return Digest(count, f"sha256:{hashed.hexdigest()}")


def snapshot_page(
    connection: Connection, collection: Collection, seq: int, after: str
) -> list[Row[tuple[str, str]]]:
    """Return id and snapshot of the records that a type had at a sequence number, by id."""
    stated = (
        select(CHANGE.c.record_id, CHANGE.c.snapshot)
        .where(
            CHANGE.c.collection == collection.name,
            CHANGE.c.record_id > after,
            CHANGE.c.seq <= seq,
            CHANGE.c.op == "upsert",
            ~_SUPERSEDED.where(LATER.c.seq <= seq),
        )
        .order_by(CHANGE.c.record_id)
        .limit(AT_ONCE)
    )
    return list(connection.execute(stated))

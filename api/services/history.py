"""Every version that a record ever had, what changed between two, and the way back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from marshmallow import ValidationError
from sqlalchemy import Connection, null, select, update

from ..errors import Conflict, InvalidRecord, NotFound
from ..models import Change, Store
from ..schemas.faults import SERVER_SET, faults
from . import catalog, editing, search, stored
from .catalog import Saved
from .collection import Collection
from .database import as_catalog
from .doors import Door, now
from .editing import Precondition
from .listing import missing
from .stored import CHANGE

KEPT = frozenset({"id", "lang", "scope", *SERVER_SET})
REDACTED = "[redacted]"


@dataclass(frozen=True)
class Version:
    """A journal entry. `record` is the snapshot, None for a deletion and in lists of entries."""

    seq: int
    collection: str
    record_id: str
    version: int
    op: str
    at: datetime
    door: str
    actor: str | None
    reason: str | None
    replaced_by: str | None
    redacted_at: datetime | None
    snapshot: str | None

    @property
    def record(self) -> dict[str, Any] | None:
        """The snapshot as data."""
        found: dict[str, Any] | None = (
            None if self.snapshot is None else orjson.loads(self.snapshot)
        )
        return found


COLUMNS = [CHANGE.c[name] for name in Version.__dataclass_fields__]
_BARE = [null().label("snapshot") if each.name == "snapshot" else each for each in COLUMNS]


def versions(
    connection: Connection, collection: Collection, record_id: str, before: int | None, limit: int
) -> list[Version]:
    """Return a record's versions, the newest first, those before a version when one is given."""
    stated = select(*_BARE).where(*_of(collection, record_id))
    if before is not None:
        stated = stated.where(CHANGE.c.version < before)
    rows = connection.execute(stated.order_by(CHANGE.c.version.desc()).limit(limit)).all()
    if not rows and not stored.last_versions(connection, [(collection, record_id)]):
        raise missing(connection, collection, record_id)
    return [Version(*row) for row in rows]


def version(connection: Connection, collection: Collection, record_id: str, number: int) -> Version:
    """Return one version; NotFound when there is none of that number."""
    stated = select(*COLUMNS).where(*_of(collection, record_id), CHANGE.c.version == number)
    row = connection.execute(stated).first()
    if row is None:
        raise NotFound(f"There is no version {number} of {collection.singular} {record_id!r}.")
    return Version(*row)


def _of(collection: Collection, record_id: str) -> tuple[Any, Any]:
    return CHANGE.c.collection == collection.name, CHANGE.c.record_id == record_id


def difference(
    collection: Collection, before: Version | None, after: Version
) -> dict[str, tuple[Any, Any]]:
    """Return field → (before, after) for what differs; no version and a deleted one are empty."""
    old, new = (
        {} if each is None or each.record is None else stored.content(each.record, collection)
        for each in (before, after)
    )
    empty = collection.empty
    names = [n for n in empty if n != "id" and old.get(n, empty[n]) != new.get(n, empty[n])]
    return {name: (old.get(name), new.get(name)) for name in names}


def revert(
    connection: Connection,
    collection: Collection,
    record_id: str,
    number: int,
    door: Door,
    said: Precondition,
) -> Saved:
    """Give a record the content of an earlier version, as a new version.

    A deleted record comes back. Conflict when that version was a deletion or was redacted,
    InvalidRecord when its content no longer fits.
    """
    wanted = version(connection, collection, record_id, number)
    if wanted.record is None or wanted.redacted_at is not None:
        raise Conflict(f"Version {number} has no content that could be brought back.")
    schema = collection.form
    try:
        record = schema.load(stored.content(wanted.record, collection))
    except ValidationError as error:
        found = faults(schema, error.normalized_messages())
        raise InvalidRecord(f"Version {number} no longer fits.", found) from None
    if stored.current(connection, collection, record_id) is None and not said.said:
        return catalog.save(connection, collection, record, door)
    return editing.replace(connection, collection, record_id, record, door, said)


def redact(connection: Connection, collection: Collection, record_id: str, number: int) -> None:
    """Empty an old version that must not stay, or the reason of a deletion; the fact stays.

    Its name becomes `[redacted]`, all else null or empty. Conflict for the version that is
    current: change the record first.
    """
    wanted = version(connection, collection, record_id, number)
    present = stored.current(connection, collection, record_id)
    if present is not None and present.version == number:
        raise Conflict(
            f"Version {number} is the current one: change the record first, then redact it."
        )
    record = wanted.record
    blank = None
    if record is not None:
        kept = {name: each for name, each in record.items() if name in KEPT}
        empty = {name: each for name, each in collection.empty.items() if name not in KEPT}
        blank = orjson.dumps({**kept, **empty, collection.label: REDACTED}).decode()
    with as_catalog(connection):
        connection.execute(
            update(Change)
            .where(*_of(collection, record_id), Change.version == number)
            .values(snapshot=blank, reason=None, redacted_at=now())
        )
        search.forget(connection)


def log(connection: Connection, after: int, limit: int) -> list[Version]:
    """Return journal entries after a sequence number, in order."""
    stated = select(*_BARE).where(CHANGE.c.seq > after).order_by(CHANGE.c.seq).limit(limit)
    return [Version(*row) for row in connection.execute(stated)]


def end(connection: Connection) -> int:
    """Return the latest sequence number."""
    return connection.execute(select(Store.seq)).scalar_one()

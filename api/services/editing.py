"""Single records written by someone who says which version is being changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from marshmallow import ValidationError
from sqlalchemy import Connection

from ..errors import (
    AlreadyExists,
    Fault,
    InvalidRecord,
    PreconditionFailed,
    PreconditionRequired,
)
from ..schemas.faults import MOST_FAULTS, faults, unknown_names
from . import catalog, stored
from .catalog import Outcome, Saved
from .changes import print_of
from .collection import Collection
from .doors import Door, refuse_foreign
from .held import contents_of, settled
from .listing import missing
from .references import dangling
from .stored import Stored

Body = Any


@dataclass(frozen=True)
class Precondition:
    """What a writer believes of a record, or of a content (RFC 9110 section 13).

    `versions`: it is at one of these (None: nothing said), numbers of a record's versions, or
    digests of contents; `prints`: in which history (see `changes.print_of`); `exists`: it is there,
    at whatever version (`If-Match: *`); `absent`: it is not there (`If-None-Match: *`).
    """

    versions: frozenset[int] | frozenset[str] | None = None
    prints: frozenset[str] = frozenset()
    exists: bool = False
    absent: bool = False

    @property
    def said(self) -> bool:
        """Whether anything was said about the record that is changed."""
        return self.versions is not None or self.exists


def create(connection: Connection, collection: Collection, body: Body, door: Door) -> Saved:
    """Store a record that carries its id. The same content again is unchanged.

    Raises AlreadyExists when another record has the id.
    """
    record = load(connection, collection, body)
    before = stored.current(connection, collection, record["id"])
    if before is not None:
        old = stored.content(orjson.loads(before.snapshot), collection)
        contents = contents_of(connection, [(collection, old, record)])
        if settled(collection, old, record, contents) != old:
            raise AlreadyExists(
                f"There is another {collection.singular} {record['id']}; PUT or PATCH changes it.",
                extra={"version": before.version},
            )
        refuse_foreign(door, collection, record)
        return Saved(Outcome.UNCHANGED, before.version)
    return catalog.save(connection, collection, record, door)


def replace(
    connection: Connection,
    collection: Collection,
    record_id: str,
    body: Body,
    door: Door,
    said: Precondition,
) -> Saved:
    """Store a record under an id: a change with If-Match, a creation with If-None-Match: *."""
    before = stored.current(connection, collection, record_id)
    _judge(collection, record_id, before, said, may_create=True)
    return catalog.save(connection, collection, load(connection, collection, body, record_id), door)


def merge(
    connection: Connection,
    collection: Collection,
    record_id: str,
    patch: Body,
    door: Door,
    said: Precondition,
) -> Saved:
    """Change parts of a record by a JSON merge patch (RFC 7396)."""
    before = stored.current(connection, collection, record_id)
    if before is None:
        raise missing(connection, collection, record_id)
    _judge(collection, record_id, before, said)
    old = stored.content(orjson.loads(before.snapshot), collection)
    if not isinstance(patch, dict):
        raise InvalidRecord("The patch is not valid.", (Fault("must be an object", pointer=""),))
    unknown = tuple(unknown_names(collection.form, patch))
    if unknown:
        raise InvalidRecord("The patch names what there is not.", unknown)
    record = load(connection, collection, merged(old, patch), record_id)
    return catalog.save(connection, collection, record, door)


def withdraw(
    connection: Connection,
    collection: Collection,
    record_id: str,
    door: Door,
    said: Precondition,
    *,
    reason: str | None = None,
    replaced_by: str | None = None,
) -> Saved:
    """Delete a record that is at a version that the writer names."""
    before = stored.current(connection, collection, record_id)
    if before is None:
        raise missing(connection, collection, record_id)
    _judge(collection, record_id, before, said)
    return catalog.remove(
        connection, collection, record_id, door, reason=reason, replaced_by=replaced_by
    )


def _judge(
    collection: Collection,
    record_id: str,
    before: Stored | None,
    said: Precondition,
    *,
    may_create: bool = False,
) -> None:
    version = None if before is None else before.version
    if said.absent and version is not None:
        raise _failed(collection, record_id, version, "exists already")
    if said.absent and may_create and not said.said:
        return
    if not said.said:
        raise PreconditionRequired(
            f"Send If-Match with the ETag of {collection.singular} {record_id}"
            + ("." if version is not None else ", or If-None-Match: * to create it."),
            extra={} if version is None else {"version": version},
        )
    if before is None:
        raise _failed(collection, record_id, None, "does not exist")
    if said.versions is not None and version not in said.versions:
        raise _failed(collection, record_id, version, f"is at version {version} now")
    if said.prints and print_of(orjson.loads(before.snapshot)) not in said.prints:
        how = f"has another version {version} now: the store was restored from a backup"
        raise _failed(collection, record_id, version, how)


def _failed(
    collection: Collection, record_id: str, version: int | None, how: str
) -> PreconditionFailed:
    extra = {} if version is None else {"version": version}
    return PreconditionFailed(f"The {collection.singular} {record_id} {how}.", extra=extra)


def load(
    connection: Connection, collection: Collection, body: Body, record_id: str | None = None
) -> dict[str, Any]:
    """Return a body as the catalog takes it; InvalidRecord tells all its faults.

    Under `record_id` the body's own id may be missing, and may not be another.
    """
    schema = collection.form
    if record_id is not None and isinstance(body, Mapping):
        if body.get("id", record_id) != record_id:
            fault = Fault(f"is not the id of the address, {record_id}", pointer="/id")
            raise InvalidRecord(f"The {collection.singular} is not valid.", (fault,))
        body = {**body, "id": record_id}
    try:
        loaded: dict[str, Any] = schema.load(body)
    except ValidationError as error:
        valid = error.valid_data if isinstance(error.valid_data, dict) else {}
        named = tuple(dangling(connection, collection, valid))
        found = (*faults(schema, error.normalized_messages()), *named)[:MOST_FAULTS]
        many = f"{MOST_FAULTS} faults or more" if len(found) == MOST_FAULTS else "faults"
        detail = f"The {collection.singular} has {many}; `errors` lists them."
        raise InvalidRecord(detail, found) from None
    return loaded


def merged(target: Any, patch: Any) -> Any:
    """Return the target with a merge patch applied, as RFC 7396 section 2 defines it."""
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value)
    return found

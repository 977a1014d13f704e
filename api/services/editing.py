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
from ..schemas.faults import faults
from . import catalog
from .catalog import Outcome, Saved
from .collection import Collection
from .doors import Door
from .listing import missing

Body = Any


@dataclass(frozen=True)
class Precondition:
    """What a writer believes of the record (RFC 9110 section 13).

    `versions`: it is at one of these (None: nothing said); `exists`: it is there, at whatever
    version (`If-Match: *`); `absent`: it is not there (`If-None-Match: *`).
    """

    versions: frozenset[int] | None = None
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
    record = load(collection, body)
    before = catalog.current(connection, collection, record["id"])
    if before is not None:
        if catalog.content(orjson.loads(before.snapshot), collection) != record:
            raise AlreadyExists(
                f"There is another {collection.singular} {record['id']}; PUT or PATCH changes it.",
                extra={"version": before.version},
            )
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
    before = catalog.current(connection, collection, record_id)
    version = None if before is None else before.version
    if said.absent and version is not None:
        raise _failed(collection, record_id, version, "exists already")
    if not said.absent:
        _judge(collection, record_id, version, said)
    return catalog.save(connection, collection, load(collection, body, record_id), door)


def merge(
    connection: Connection,
    collection: Collection,
    record_id: str,
    patch: Body,
    door: Door,
    said: Precondition,
) -> Saved:
    """Change parts of a record by a JSON merge patch (RFC 7396)."""
    before = catalog.current(connection, collection, record_id)
    if before is None:
        raise missing(connection, collection, record_id)
    _judge(collection, record_id, before.version, said)
    old = catalog.content(orjson.loads(before.snapshot), collection)
    if not isinstance(patch, dict):
        raise InvalidRecord("The patch is not valid.", (Fault("must be an object", pointer=""),))
    return catalog.save(
        connection, collection, load(collection, merged(old, patch), record_id), door
    )


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
    before = catalog.current(connection, collection, record_id)
    if before is None:
        raise missing(connection, collection, record_id)
    _judge(collection, record_id, before.version, said)
    return catalog.remove(
        connection, collection, record_id, door, reason=reason, replaced_by=replaced_by
    )


def _judge(collection: Collection, record_id: str, version: int | None, said: Precondition) -> None:
    if not said.said:
        raise PreconditionRequired(
            f"Send If-Match with the ETag of {collection.singular} {record_id}"
            + ("." if version is not None else ", or If-None-Match: * to create it."),
            extra={} if version is None else {"version": version},
        )
    if version is None:
        raise _failed(collection, record_id, None, "does not exist")
    if said.versions is not None and version not in said.versions:
        raise _failed(collection, record_id, version, f"is at version {version} now")


def _failed(
    collection: Collection, record_id: str, version: int | None, how: str
) -> PreconditionFailed:
    extra = {} if version is None else {"version": version}
    return PreconditionFailed(f"The {collection.singular} {record_id} {how}.", extra=extra)


def load(collection: Collection, body: Body, record_id: str | None = None) -> dict[str, Any]:
    """Return a body as the catalog takes it; InvalidRecord tells all its faults.

    Under `record_id` the body's own id may be missing, and may not be another.
    """
    schema = collection.schema()
    if record_id is not None and isinstance(body, Mapping):
        if body.get("id", record_id) != record_id:
            fault = Fault(f"is not the id of the address, {record_id}", pointer="/id")
            raise InvalidRecord(f"The {collection.singular} is not valid.", (fault,))
        body = {**body, "id": record_id}
    try:
        loaded: dict[str, Any] = schema.load(body)
    except ValidationError as error:
        found = faults(schema, error.normalized_messages())
        detail = f"The {collection.singular} has {len(found)} faults; `errors` lists them."
        raise InvalidRecord(detail, found[:200]) from None
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

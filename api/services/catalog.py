"""The one way to write: each save or deletion is validated content, versioned, journalled and
indexed in the transaction of the connection that is passed in (see `database.writing`).
"""

from collections.abc import Container, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import Connection

from ..errors import Conflict, NotFound
from . import storing
from .collection import Collection
from .database import as_catalog
from .derived import Derived, derived
from .doors import Door, now, refuse_foreign
from .held import contents_of, settled
from .inserting import moment_text
from .references import named, names, refuse_cycle, refuse_dangling, refuse_referenced
from .stored import Stored, content, current, currents, last_versions
from .storing import Version
from .tallies import Counts

Fields = dict[str, Any]
Pair = tuple[Collection, Fields | None, Fields]
"""What a record was, None when it is new, and what it shall be."""
NOTHING: Mapping[tuple[str, str], Derived] = {}


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


def save(
    connection: Connection,
    collection: Collection,
    record: Fields,
    door: Door,
    *,
    known: Container[tuple[str, str]] = frozenset(),
    emptied: Sequence[str] = (),
) -> Saved:
    """Store a loaded record (`collection.schema().load(...)`), whether it is there yet or not.

    The same content again does nothing. `known` holds (collection, id) pairs whose existence the
    caller vouches for; the database checks again at the end. `emptied` holds the ids of files that
    lose their content. Raises InvalidRecord when the record names one that does not exist, lies in
    itself, or contradicts a file's content.
    """
    refuse_cycle(connection, collection, record, {})
    return save_all(connection, [(collection, record)], door, known=known, emptied=emptied)[0]


def save_all(
    connection: Connection,
    records: Sequence[tuple[Collection, Fields]],
    door: Door,
    *,
    known: Container[tuple[str, str]] = frozenset(),
    emptied: Sequence[str] = (),
) -> list[Saved]:
    """Store loaded records, none twice, as `save` does each; they may name each other.

    Circles among them the caller looks for. The number of statements does not grow with that of
    the records, up to some hundreds.
    """
    before = currents(connection, [(each, record["id"]) for each, record in records])
    pairs = []
    for collection, record in records:
        row = before.get((collection.name, record["id"]))
        old = None if row is None else content(orjson.loads(row.snapshot), collection)
        refuse_foreign(door, collection, old, record)
        pairs.append((collection, old, record))
    contents = contents_of(connection, pairs)
    settled_ = [(c, old, settled(c, old, record, contents, emptied)) for c, old, record in pairs]
    changed = [each for each in settled_ if each[1] != each[2]]
    _refuse_dangling(connection, changed, known)
    new = [(collection, record["id"]) for collection, old, record in changed if old is None]
    versions = write(connection, changed, door, before, last_versions(connection, new))
    return [_saved(versions.get(k := (c.name, r["id"])), before.get(k)) for c, _, r in settled_]


def write(
    connection: Connection,
    changed: Sequence[Pair],
    door: Door,
    before: Mapping[tuple[str, str], Stored],
    past: Mapping[tuple[str, str], int],
    *,
    known: Mapping[tuple[str, str], Derived] = NOTHING,
    counts: Counts | None = None,
) -> dict[tuple[str, str], Version]:
    """Store records that are new or change, and have been looked at in all that `save_all` looks
    at; return (collection, id) → the version that was written, in order.

    `before` is what `stored.currents` gives of them, `past` what `stored.last_versions` gives of
    those that are new, `known` what follows from their contents, where the caller has it. Who
    gives `counts` writes them before the transaction ends.
    """
    versions = _versions(changed, before, past, known)
    if versions:
        noted = counts or Counts()
        with as_catalog(connection):
            storing.store(connection, list(versions.values()), door, noted)
        if counts is None:
            noted.write(connection)
    return versions


def _refuse_dangling(
    connection: Connection, changed: Sequence[Pair], known: Container[tuple[str, str]]
) -> None:
    own = {(collection.name, record["id"]) for collection, _, record in changed}
    asked = (each for collection, _, record in changed for each in names(collection, record))
    there = named(connection, asked, known)
    for collection, _, record in changed:
        refuse_dangling(connection, collection, record, known, own, there)


def _versions(
    changed: Sequence[Pair],
    before: Mapping[tuple[str, str], Stored],
    past: Mapping[tuple[str, str], int],
    known: Mapping[tuple[str, str], Derived],
) -> dict[tuple[str, str], Version]:
    at, found = now(), {}
    for collection, old, record in changed:
        key = (collection.name, record["id"])
        number, created_at = past.get(key, 0) + 1, at
        if old is not None:
            number, created_at = before[key].version + 1, before[key].created_at
        follows = known.get(key) or derived(collection, record)
        found[key] = Version(collection, record, old, number, created_at, at, follows)
    return found


def _saved(version: Version | None, before: Stored | None) -> Saved:
    if version is None:
        assert before is not None  # noqa: S101  # unchanged is what was there
        return Saved(Outcome.UNCHANGED, before.version)
    return Saved(Outcome.CREATED if before is None else Outcome.UPDATED, version.number)


def remove(
    connection: Connection,
    collection: Collection,
    record_id: str,
    door: Door,
    *,
    reason: str | None = None,
    replaced_by: str | None = None,
    leaving: Set[tuple[str, str]] = frozenset(),
) -> Saved:
    """Delete a record; its versions stay in the journal, the deletion being the last of them.

    `leaving` holds (collection, id) pairs that the caller deletes in the same transaction. Raises
    NotFound, or StillReferenced when others than those point to the record.
    """
    before = current(connection, collection, record_id)
    if before is None:
        raise NotFound(f"There is no {collection.singular} {record_id}.")
    old = content(orjson.loads(before.snapshot), collection)
    refuse_foreign(door, collection, old)
    if replaced_by == record_id:
        raise Conflict("A record cannot be replaced by itself.")
    if replaced_by is not None and current(connection, collection, replaced_by) is None:
        raise Conflict(f"There is no {collection.singular} {replaced_by} to replace it.")
    refuse_referenced(connection, collection, record_id, leaving)
    version = before.version + 1
    at = moment_text(now())
    entry = (collection.name, record_id, version, "delete", at, None, reason, replaced_by)
    with as_catalog(connection):
        storing.journal(connection, door, [entry])
        storing.remove(connection, collection, old)
    return Saved(Outcome.DELETED, version)

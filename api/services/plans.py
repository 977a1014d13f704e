"""Plans: what applying bundles would do, step by step, and a digest that tells two apart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection

from ..errors import Conflict
from . import catalog
from .catalog import Outcome
from .collection import Collection
from .doors import Door, refuse_foreign
from .items import Item


@dataclass(frozen=True)
class Step:
    """What applying would do to one record.

    `version` is the one that the store has, None for a record that it has not; `changes` holds
    field → (before, after); `record` is what would be stored, None for a deletion.
    """

    collection: Collection
    id: str
    outcome: Outcome
    version: int | None
    changes: dict[str, tuple[Any, Any]]
    record: dict[str, Any] | None

    def line(self) -> bytes:
        """Return what the plan's digest is made over."""
        said = (self.outcome, self.collection.name, self.id, self.version, self.record)
        return orjson.dumps(said) + b"\n"


@dataclass(frozen=True)
class Plan:
    """All steps, in the order in which they would be taken."""

    steps: tuple[Step, ...]

    @property
    def counts(self) -> Counter[Outcome]:
        """How many records would be created, updated, left unchanged, deleted, or conflict."""
        return Counter(step.outcome for step in self.steps)

    @property
    def nothing_to_do(self) -> bool:
        """Whether the store already holds all of it."""
        return all(step.outcome is Outcome.UNCHANGED for step in self.steps)

    @property
    def digest(self) -> str:
        """What tells this plan from any other: over each step and what it would write."""
        return digest_of(step.line() for step in self.steps)


def digest_of(lines: Iterable[bytes]) -> str:
    """Return the digest over the lines of steps."""
    hashed = sha256()
    for line in lines:
        hashed.update(line)
    return f"sha256:{hashed.hexdigest()}"


def step_of(connection: Connection, item: Item, door: Door) -> Step:
    """Return what saving an item would do.

    A conflict: the store has a newer version than the one that the item was made from.
    """
    before = catalog.current(connection, item.collection, item.record["id"])
    outcome, version, old = Outcome.CREATED, None, None
    changes: dict[str, tuple[Any, Any]] = {}
    if before is not None:
        version = before.version
        old = catalog.content(orjson.loads(before.snapshot), item.collection)
        changes = {n: (old[n], new) for n, new in item.record.items() if old[n] != new}
        outcome = Outcome.UPDATED if changes else Outcome.UNCHANGED
        if changes and item.version is not None and item.version < before.version:
            outcome = Outcome.CONFLICT
    if outcome is not Outcome.UNCHANGED:
        refuse_foreign(door, item.collection, old, item.record)
    return Step(item.collection, item.record["id"], outcome, version, changes, item.record)


def refuse_conflicts(steps: Sequence[Step]) -> None:
    """Raise Conflict when a step would undo a newer version."""
    conflicts = [f"{s.collection.name}/{s.id}" for s in steps if s.outcome is Outcome.CONFLICT]
    if conflicts:
        raise Conflict(
            f"The store has newer versions of {len(conflicts)} records than the bundle was made "
            f"from: {', '.join(conflicts[:20])}. Export again, and repeat the changes there.",
        )

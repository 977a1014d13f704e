"""Plans: what applying bundles would do, step by step, and a digest that tells two apart."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple, Self

import orjson
from sqlalchemy import Connection

from ..errors import Conflict
from . import derived
from .batches import batched
from .catalog import Outcome
from .collection import Collection
from .doors import Door, refuse_foreign
from .held import Held, contents_of, settled
from .items import Item
from .stored import Stored, content, currents, last_versions


class Step(NamedTuple):
    """What applying would do to one record.

    `version` is the one that the store has, None for a record that it has not; `changes` holds
    field → (before, after); `record` is what would be stored, None for a deletion, and `digest` its
    digest, where it is known.
    """

    collection: Collection
    id: str
    outcome: Outcome
    version: int | None
    changes: dict[str, tuple[Any, Any]]
    record: dict[str, Any] | None
    digest: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Collection and id."""
        return (self.collection.name, self.id)

    def line(self) -> bytes:
        """Return what the plan's digest is made over."""
        version = None if self.outcome is Outcome.UNCHANGED else self.version
        content = self.digest or (self.record and derived.digest_of(orjson.dumps(self.record)))
        said = (self.outcome, self.collection.name, self.id, version, content)
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


def steps_of(connection: Connection, items: Sequence[Item], door: Door) -> Iterator[Step]:
    """Yield what saving each item would do, in their order; none comes twice.

    A conflict: the store has a newer version than the one that the item was made from, or it has
    deleted the record since. Forbidden for what the door may not write, InvalidRecord for what
    contradicts the content of a file.
    """
    for some in batched(items):
        ground = Ground.of(connection, some)
        yield from (ground.step(item, door) for item in some)


@dataclass(frozen=True)
class Ground:
    """What the store holds of some items, looked up at once: what their steps start from.

    Keys are (collection, id); `past` has the last versions of what is not there, but was.
    """

    rows: Mapping[tuple[str, str], Stored]
    olds: Mapping[tuple[str, str], dict[str, Any]]
    past: Mapping[tuple[str, str], int]
    contents: Mapping[str, Held]

    @classmethod
    def of(cls, connection: Connection, items: Sequence[Item], *, bare: bool = False) -> Self:
        """Look it up: a few statements, however many items; hardly any where the store is bare."""
        keys = [] if bare else [(i.collection, i.record["id"]) for i in items]
        rows = currents(connection, keys)
        olds = {
            item.key: content(orjson.loads(rows[item.key].snapshot), item.collection)
            for item in items
            if item.key in rows
        }
        past = last_versions(connection, [(c, id_) for c, id_ in keys if (c.name, id_) not in rows])
        pairs = ((i.collection, olds.get(i.key), i.record) for i in items)
        return cls(rows, olds, past, contents_of(connection, pairs))

    def step(self, item: Item, door: Door) -> Step:
        """Return what saving an item would do."""
        before, old = self.rows.get(item.key), self.olds.get(item.key)
        version = None if before is None else before.version
        return _step(item, old, version, self.past.get(item.key, 0), self.contents, door)


def _step(
    item: Item,
    old: dict[str, Any] | None,
    version: int | None,
    past: int,
    contents: Mapping[str, Held],
    door: Door,
) -> Step:
    outcome, changes = Outcome.CREATED, {}
    if old is None and item.version is not None and item.version <= past:
        outcome = Outcome.CONFLICT
    record = settled(item.collection, old, item.record, contents)
    if old is not None:
        changes = {n: (old[n], new) for n, new in record.items() if old[n] != new}
        outcome = Outcome.UPDATED if changes else Outcome.UNCHANGED
        if changes and item.version is not None and item.version < (version or 0):
            outcome = Outcome.CONFLICT
    if outcome is not Outcome.UNCHANGED:
        refuse_foreign(door, item.collection, old, record)
    known = item.derived.digest if item.derived and record is item.record else None
    return Step(item.collection, record["id"], outcome, version, changes, record, known)


def refuse_conflicts(steps: Sequence[Step]) -> None:
    """Raise Conflict when a step would undo a newer version."""
    conflicts = [f"{s.collection.name}/{s.id}" for s in steps if s.outcome is Outcome.CONFLICT]
    if conflicts:
        raise Conflict(
            f"Since the bundle was made, {len(conflicts)} of its records were changed or deleted: "
            f"{', '.join(conflicts[:20])}. Export again, and repeat the changes there.",
        )

"""Bundles into the store: first the plan, then all of it or nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from marshmallow import ValidationError
from sqlalchemy import Connection, update

from ..errors import Fault, InvalidRecord, MalformedBody
from ..models import Store
from ..schemas.faults import faults
from ..schemas.fields import nearest
from . import catalog
from .bundles import Bundle, located, read_file
from .catalog import Outcome
from .collection import Collection
from .doors import Door, now
from .records import BY_NAME, COLLECTIONS
from .references import refuse_dangling

Progress = Callable[[int, int], None]
MOST_FAULTS = 100


@dataclass(frozen=True)
class Item:
    """A checked record of a bundle, and where it stands."""

    collection: Collection
    record: dict[str, Any]
    bundle: Bundle

    @property
    def key(self) -> tuple[str, str]:
        """Collection and id."""
        return (self.collection.name, self.record["id"])

    @property
    def pointer(self) -> str:
        """Where in its bundle it stands."""
        return f"/{self.collection.name}/{self.record['id']}"


@dataclass(frozen=True)
class Step:
    """What applying would do to one record; `changes` holds field → (before, after)."""

    item: Item
    outcome: Outcome
    changes: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Plan:
    """All steps, in the order in which they would be taken."""

    steps: tuple[Step, ...]

    @property
    def counts(self) -> Counter[Outcome]:
        """How many records would be created, updated, left unchanged."""
        return Counter(step.outcome for step in self.steps)

    @property
    def nothing_to_do(self) -> bool:
        """Whether the store already holds all of it."""
        return all(step.outcome is Outcome.UNCHANGED for step in self.steps)


def bundle_files(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Return the given files, the bundles of given folders, or else those of the seed folder."""
    found: list[Path] = []
    for path in paths or [folder]:
        found += sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not found:
        raise MalformedBody(f"{folder}: there is no bundle (*.yaml) in it")
    return found


def load(paths: Sequence[Path]) -> list[Item]:
    """Read and check bundles: all faults at once, each with file, line and field."""
    wrong: list[Fault] = []
    items: dict[tuple[str, str], Item] = {}
    for bundle in map(read_file, paths):
        for item in _items(bundle, wrong):
            if item.key in items:
                other = items[item.key].bundle
                detail = f"stands in {other.place(item.pointer)} too"
                wrong += located(bundle, item.pointer, [Fault(detail, pointer="")])
            items[item.key] = item
    if wrong:
        raise _invalid(wrong)
    order = {each.name: number for number, each in enumerate(COLLECTIONS)}
    return sorted(items.values(), key=lambda item: order[item.collection.name])


def _items(bundle: Bundle, wrong: list[Fault]) -> Iterable[Item]:
    for name, records in bundle.data.items():
        at = f"/{name}"
        collection = BY_NAME.get(name)
        if collection is None:
            detail = f"there is no collection {name}.{nearest(name, BY_NAME)}"
            wrong += located(bundle, at, [Fault(detail, pointer="")])
        elif not isinstance(records, dict):
            detail = "must be a mapping from id to record"
            wrong += located(bundle, at, [Fault(detail, pointer="")])
        else:
            schema = collection.schema()
            for record_id, fields in records.items():
                pointer = f"{at}/{record_id}"
                try:
                    if not isinstance(fields, dict) or fields.get("id", record_id) != record_id:
                        raise ValidationError("must be a mapping, and its id is its key")
                    record = schema.load({**fields, "id": record_id})
                except ValidationError as error:
                    messages = error.normalized_messages()
                    wrong += located(bundle, pointer, faults(schema, messages))
                else:
                    yield Item(collection, record, bundle)


def _invalid(wrong: list[Fault]) -> InvalidRecord:
    more = len(wrong) - MOST_FAULTS
    rest = f" (the first {MOST_FAULTS} are shown)" if more > 0 else ""
    return InvalidRecord(f"{len(wrong)} faults{rest}; nothing changed.", tuple(wrong[:MOST_FAULTS]))


def plan(connection: Connection, items: Sequence[Item], progress: Progress | None = None) -> Plan:
    """Return what applying would do now; InvalidRecord names dangling references."""
    known = frozenset(item.key for item in items)
    wrong: list[Fault] = []
    steps = []
    for number, item in enumerate(items, 1):
        try:
            refuse_dangling(connection, item.collection, item.record, known)
        except InvalidRecord as error:
            wrong += located(item.bundle, item.pointer, error.faults)
        steps.append(_step(connection, item))
        if progress:
            progress(number, len(items))
    if wrong:
        raise _invalid(wrong)
    return Plan(tuple(steps))


def _step(connection: Connection, item: Item) -> Step:
    before = catalog.current(connection, item.collection, item.record["id"])
    if before is None:
        return Step(item, Outcome.CREATED, {})
    old = catalog.content(orjson.loads(before.snapshot), item.collection)
    changes = {n: (old[n], new) for n, new in item.record.items() if old[n] != new}
    return Step(item, Outcome.UPDATED if changes else Outcome.UNCHANGED, changes)


def apply(
    connection: Connection, items: Sequence[Item], door: Door, progress: Progress | None = None
) -> Plan:
    """Do what the plan says, on a connection of `database.writing`, and return that plan."""
    made = plan(connection, items)
    known = frozenset(item.key for item in items)
    for number, step in enumerate(made.steps, 1):
        if step.outcome is not Outcome.UNCHANGED:
            item = step.item
            catalog.save(connection, item.collection, item.record, door, known=known)
        if progress:
            progress(number, len(made.steps))
    connection.execute(update(Store).where(Store.seeded_at.is_(None)).values(seeded_at=now()))
    return made

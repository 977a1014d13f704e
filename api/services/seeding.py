"""Bundles into the store: first the plan, then all of it or nothing."""

from collections.abc import Callable, Sequence
from pathlib import Path

import orjson
from sqlalchemy import Connection, select, update

from ..errors import Fault, InvalidRecord, MalformedBody, PlanChanged
from ..models import Store
from . import catalog
from .bundles import located
from .catalog import Outcome
from .doors import Door, now, refuse_foreign
from .items import Item, invalid, items_of
from .plans import Plan, Step, refuse_conflicts, step_of
from .reading import is_bundle, read_file
from .records import CITIES, COLLECTIONS
from .references import refuse_dangling

Progress = Callable[[int, int], None]
ANYONE = Door("plan")


def bundle_files(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Return the given files, the bundles of given folders, or else those of the seed folder."""
    found: list[Path] = []
    for path in paths or [folder]:
        inside = [each for each in path.glob("*") if is_bundle(each)]
        found += sorted(inside) if path.is_dir() else [path]
    if not found:
        raise MalformedBody(f"{folder}: there is no bundle (*.yaml) in it")
    return found


def load(paths: Sequence[Path]) -> list[Item]:
    """Read and check bundles: all faults at once, each with file, line and field."""
    return items_of(map(read_file, paths))


def plan(
    connection: Connection,
    items: Sequence[Item],
    progress: Progress | None = None,
    *,
    prune: bool = False,
    door: Door = ANYONE,
) -> Plan:
    """Return what applying would do now.

    `prune` deletes what lies wholly inside the bundle's cities and is not in the bundle. Raises
    InvalidRecord for dangling references, Forbidden for what the door may not write.
    """
    known = frozenset(item.key for item in items)
    wrong: list[Fault] = []
    steps = []
    for number, item in enumerate(items, 1):
        try:
            refuse_dangling(connection, item.collection, item.record, known)
        except InvalidRecord as error:
            wrong += located(item.bundle, item.pointer, error.faults)
        steps.append(step_of(connection, item, door))
        if progress:
            progress(number, len(items))
    if wrong:
        raise invalid(wrong)
    return Plan((*steps, *(_prunable(connection, known, door) if prune else ())))


def _prunable(connection: Connection, known: frozenset[tuple[str, str]], door: Door) -> list[Step]:
    """Return deletions of what lies wholly inside the bundle's cities and is not in it."""
    cities = {record_id for name, record_id in known if name == CITIES.name}
    steps = []
    for collection in reversed(COLLECTIONS):
        link = collection.links.get("cities")
        if link is None or not cities:
            continue
        inside = select(link.c.owner_id).where(link.c.value.in_(sorted(cities))).distinct()
        for record_id in sorted(connection.execute(inside).scalars()):
            before = catalog.current(connection, collection, record_id)
            if before is None or (collection.name, record_id) in known:
                continue
            record = catalog.content(orjson.loads(before.snapshot), collection)
            if cities.issuperset(record["cities"]):
                refuse_foreign(door, collection, record)
                deleted = Outcome.DELETED
                steps.append(Step(collection, record_id, deleted, before.version, {}, None))
    return steps


def apply(
    connection: Connection,
    items: Sequence[Item],
    door: Door,
    progress: Progress | None = None,
    *,
    prune: bool = False,
    expected: str | None = None,
) -> Plan:
    """Do what the plan says, on a connection of `database.writing`, and return that plan.

    Raises PlanChanged when the plan is not the one whose digest is expected, Conflict when it
    has conflicts.
    """
    made = plan(connection, items, prune=prune, door=door)
    if expected is not None and expected != made.digest:
        raise PlanChanged(
            "The store has changed since the plan was made; look at the new plan.",
            extra={"digest": made.digest},
        )
    refuse_conflicts(made.steps)
    known = frozenset(item.key for item in items)
    for number, step in enumerate(made.steps, 1):
        if step.outcome is Outcome.DELETED:
            catalog.remove(connection, step.collection, step.id, door, reason="pruned by a bundle")
        elif step.record is not None and step.outcome is not Outcome.UNCHANGED:
            catalog.save(connection, step.collection, step.record, door, known=known)
        if progress:
            progress(number, len(made.steps))
    note_seeded(connection)
    return made


def note_seeded(connection: Connection) -> None:
    """Note that the store has been filled, so that it is never seeded by itself."""
    filled = update(Store).where(Store.seeded_at.is_(None)).values(seeded_at=now())
    connection.execute(filled)

"""Bundles into the store: first the plan, then all of it or nothing."""

from collections import Counter
from collections.abc import Callable, Sequence, Set
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, select, update

from ..errors import Fault, InvalidRecord, MalformedBody, PlanChanged
from ..models import Store
from . import catalog, stored
from .batches import batched
from .bundles import located
from .catalog import Outcome
from .doors import Door, now, refuse_foreign
from .items import Item, invalid, items_of
from .plans import Plan, Step, refuse_conflicts, steps_of
from .reading import SUFFIXES, is_bundle, read_file
from .records import CITIES, COLLECTIONS
from .references import named, names, refuse_cycle, refuse_dangling, refuse_referenced
from .rows import references_at

Progress = Callable[[int, int], None]
ANYONE = Door("plan")
PRUNED = "pruned by a bundle"


def bundle_files(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Return the given files, the bundles of given folders, or else those of the seed folder."""
    found: list[Path] = []
    for path in paths or [folder]:
        inside = sorted(each for each in path.glob("*") if is_bundle(each))
        if path.is_dir() and not inside:
            raise MalformedBody(f"{path}: there is no bundle ({', '.join(SUFFIXES)}) in it")
        found += inside if path.is_dir() else [path]
    return found


def load(paths: Sequence[Path]) -> list[Item]:
    """Read and check bundles: all faults at once, each with file, line and field.

    A file is called by its name, or by its path when several have that name.
    """
    names = Counter(path.name for path in paths)
    read, unreadable = [], []
    for path in paths:
        try:
            read.append(read_file(path, path.name if names[path.name] == 1 else str(path)))
        except MalformedBody as error:
            unreadable.append(str(error))
    if unreadable:
        raise MalformedBody("\n".join(unreadable))
    return items_of(read)


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
    _refuse_dangling(connection, items, known | _named(connection, items))
    steps = []
    for step in steps_of(connection, items, door):
        steps.append(step)
        if progress:
            progress(len(steps), len(items))
    pruned = _prunable(connection, known, door) if prune else []
    _refuse_needed(connection, items, pruned)
    return Plan((*steps, *pruned))


def _named(connection: Connection, items: Sequence[Item]) -> set[tuple[str, str]]:
    asked = (each for item in items for each in names(item.collection, item.record))
    return named(connection, asked)


def _refuse_dangling(
    connection: Connection, items: Sequence[Item], known: Set[tuple[str, str]]
) -> None:
    wrong: list[Fault] = []
    together: dict[str, dict[str, Any]] = {}
    for item in items:
        together.setdefault(item.collection.name, {})[item.record["id"]] = item.record
    for item in items:
        try:
            refuse_dangling(connection, item.collection, item.record, known)
            refuse_cycle(connection, item.collection, item.record, together[item.key[0]])
        except InvalidRecord as error:
            wrong += located(item.bundle, item.pointer, error.faults)
    if wrong:
        raise invalid(wrong)


def _refuse_needed(connection: Connection, items: Sequence[Item], pruned: Sequence[Step]) -> None:
    """Refuse to prune what the bundle names, or what is named from outside of it."""
    leaving = {step.key for step in pruned}
    wrong: list[Fault] = []
    for item in items if leaving else ():
        for pointer, target, each in references_at(item.collection, item.record):
            if (target, each) in leaving:
                fault = Fault(f"names {target}/{each}, which pruning deletes", pointer=pointer)
                wrong += located(item.bundle, item.pointer, [fault])
    if wrong:
        raise invalid(wrong)
    replaced = leaving | {item.key for item in items}
    for step in pruned:
        refuse_referenced(connection, step.collection, step.id, replaced)


def _prunable(connection: Connection, known: frozenset[tuple[str, str]], door: Door) -> list[Step]:
    """Return deletions of what lies wholly inside the bundle's cities and is not in it."""
    cities = {record_id for name, record_id in known if name == CITIES.name}
    steps = []
    for collection in reversed(COLLECTIONS):
        link = collection.links.get("cities")
        if link is None or not cities:
            continue
        inside = select(link.c.owner_id).where(link.c.value.in_(sorted(cities))).distinct()
        ids = sorted(connection.execute(inside).scalars())
        present = stored.currents(connection, [(collection, each) for each in ids])
        for record_id in ids:
            before = present[collection.name, record_id]
            if (collection.name, record_id) in known:
                continue
            record = stored.content(orjson.loads(before.snapshot), collection)
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
    known = {item.key for item in items} | _named(connection, items)
    leaving = {step.key for step in made.steps if step.outcome is Outcome.DELETED}
    done = 0
    for some in batched(made.steps):
        written = (Outcome.CREATED, Outcome.UPDATED)
        doing = [(s.collection, s.record) for s in some if s.record and s.outcome in written]
        catalog.save_all(connection, doing, door, known=known)
        for step in some:
            if step.outcome is Outcome.DELETED:
                catalog.remove(
                    connection, step.collection, step.id, door, reason=PRUNED, leaving=leaving
                )
        done += len(some)
        if progress:
            progress(done, len(made.steps))
    if made.steps:
        note_seeded(connection)
    return made


def note_seeded(connection: Connection) -> None:
    """Note that the store has been filled, so that it is never seeded by itself."""
    filled = update(Store).where(Store.seeded_at.is_(None)).values(seeded_at=now())
    connection.execute(filled)

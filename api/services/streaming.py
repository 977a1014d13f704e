"""Bundles of any size: NDJSON in the snapshot's line form, taken some hundred lines at a time.

A line is `{"type": "workshops", "data": {…}}`; a first line without `type` (cursor and time of a
snapshot) is passed over. Each record names only records before it or in the store, as in a
snapshot; only `part_of` may name one that comes later. What is kept of each line is a hash of its
id, and of workshops what they lie in.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from typing import BinaryIO

from sqlalchemy import Connection

from ..errors import Conflict, Fault, InvalidRecord, PlanChanged
from . import catalog
from .catalog import Outcome
from .derived import Derived
from .doors import Door
from .items import Item, invalid
from .plans import Ground, Step, refuse_conflicts
from .records import WORKSHOPS
from .references import named, names, refuse_dangling
from .seeding import note_seeded
from .stored import is_bare
from .stream_lines import Check, Checked, checked_one_by_one, parts_of, placed
from .stream_memory import Met, faults_of_parts
from .tallies import Counts
from .upkeep import Growth

MOST_STEPS = 1_000
MOST_WRONG = 100
Key = tuple[str, str]
WRITES = (Outcome.CREATED, Outcome.UPDATED)


@dataclass
class Streamed:
    """What a stream would do, or did: counts, digest, and the first steps that do something."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    steps: list[Step] = field(default_factory=list)
    digest: str = ""

    @property
    def truncated(self) -> bool:
        """Whether there are more steps that do something than are kept."""
        doing = sum(n for outcome, n in self.counts.items() if outcome is not Outcome.UNCHANGED)
        return doing > len(self.steps)

    def note(self, step: Step) -> None:
        """Count a step, and keep it if it is one of the first."""
        self.counts[step.outcome] += 1
        if step.outcome is not Outcome.UNCHANGED and len(self.steps) < MOST_STEPS:
            self.steps.append(step)


def stream(
    connection: Connection,
    lines: BinaryIO,
    name: str,
    door: Door,
    *,
    expected: str | None = None,
    applying: bool = True,
    progress: Callable[[int], None] | None = None,
    check: Check = checked_one_by_one,
) -> Streamed:
    """Store a stream's records on a connection of `database.writing`, or only plan it on one of
    `database.reading`. `progress` is told the number of the last line that was taken.

    Raises InvalidRecord for all faults (the first hundred), PlanChanged for another digest than
    expected, Conflict for newer versions.
    """
    made, hashed = Streamed(), sha256()
    taking = Taking(connection, name, door, applying)
    for found in check(parts_of(lines, name), name):
        for step in taking.steps(found):
            made.note(step)
            hashed.update(step.line())
        if progress:
            progress(found.last)
        if len(taking.wrong) > MOST_WRONG:
            break
    wrong = taking.wrong + faults_of_parts(connection, taking.met)
    if wrong:
        raise invalid(wrong)
    made.digest = f"sha256:{hashed.hexdigest()}"
    if applying:
        taking.counts.write(connection)
        taking.growth.end()
        _finish(connection, made, expected)
    return made


def _finish(connection: Connection, made: Streamed, expected: str | None) -> None:
    if expected is not None and expected != made.digest:
        raise PlanChanged(
            "The store has changed since the plan was made; look at the new plan.",
            extra={"digest": made.digest},
        )
    refuse_conflicts(made.steps)
    if made.counts[Outcome.CONFLICT]:
        raise Conflict("The store has newer versions than the stream was made from.")
    note_seeded(connection)


class Taking:
    """What has come of a stream so far: the records met, and what was wrong."""

    def __init__(self, connection: Connection, name: str, door: Door, applying: bool) -> None:
        """Begin with nothing."""
        self.connection, self.name, self.door, self.applying = connection, name, door, applying
        self.met, self.growth, self.bare = Met(), Growth(connection), is_bare(connection)
        self.counts, self.wrong = Counts(), list[Fault]()

    def steps(self, found: Checked) -> Iterator[Step]:
        """Yield what each sound record does; when applying, it is then done."""
        wrong, sound, known = list(found.wrong), list[Step](), dict[Key, Derived]()
        ground = Ground.of(self.connection, [item for _, item in found.items], bare=self.bare)
        naming = [names(item.collection, item.record) for _, item in found.items]
        there = named(self.connection, chain.from_iterable(naming))
        for (number, item), asked in zip(found.items, naming, strict=True):
            place = f"{self.name}:{number}"
            try:
                step = ground.step(item, self.door)
                if step.outcome in WRITES and not there.issuperset(asked):
                    self._refuse_dangling(item, there)
                if not self.met.take(item, place):
                    raise InvalidRecord("", (Fault("stands in the stream twice", pointer="/id"),))
            except InvalidRecord as error:
                wrong += placed(error.faults, place)
                continue
            if step.outcome is Outcome.CONFLICT:
                self.applying = False  # it is told of at the end, and nothing of all this is kept
            there.add(item.key)
            sound.append(step)
            if item.derived and step.record is item.record:
                known[item.key] = item.derived
        self.wrong += sorted(wrong, key=_line_of)
        if self.applying:
            self._save(sound, ground, known)
        yield from sound

    def _refuse_dangling(self, item: Item, there: set[Key]) -> None:
        earlier = frozenset() if self.applying else self.met
        refuse_dangling(
            self.connection, item.collection, item.record, there, _later(item.record), earlier
        )

    def _save(self, steps: list[Step], ground: Ground, known: dict[Key, Derived]) -> None:
        doing = [
            (step.collection, ground.olds.get(step.key), step.record)
            for step in steps
            if step.record and step.outcome in WRITES
        ]
        found = (ground.rows, ground.past)
        catalog.write(self.connection, doing, self.door, *found, known=known, counts=self.counts)
        if self.counts.are_many:
            self.counts.write(self.connection)
        for collection, many in Counter(each[0] for each in doing).items():
            self.growth.add(collection, many)


def _later(record: dict[str, object]) -> set[Key]:
    """Return what a record may name although it comes later; it is looked for at the end."""
    whole = record.get("part_of")
    return {(WORKSHOPS.name, str(whole))} if whole else set()


def _line_of(fault: Fault) -> int:
    return int((fault.place or ":0").rpartition(":")[2])

"""Bundles of any size: NDJSON in the snapshot's line form, taken line by line.

A line is `{"type": "workshops", "data": {…}}`; a first line without `type` (cursor and time of a
snapshot) is passed over. Each record names only records before it or in the store, as in a
snapshot; only `part_of` may name one that comes later. Memory does not grow with the stream: the
plan is made by doing it, in a transaction that is rolled back.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO

from marshmallow import Schema, ValidationError
from sqlalchemy import Connection, select

from ..errors import Conflict, Fault, InvalidRecord, MalformedBody, PlanChanged
from ..schemas.faults import faults
from . import catalog
from .bundles import Bundle
from .catalog import Outcome
from .doors import Door
from .items import Item, invalid, load_fields
from .plans import Step, refuse_conflicts, step_of
from .records import BY_NAME, WORKSHOPS
from .seeding import note_seeded
from .strict import strict_json

LONGEST_LINE = 5_000_000
MOST_STEPS = 1_000
MOST_WRONG = 100


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


def stream(
    connection: Connection,
    lines: BinaryIO,
    name: str,
    door: Door,
    *,
    expected: str | None = None,
    applying: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Streamed:
    """Store a stream's records on a connection of `database.writing`.

    When it only plans, the caller rolls back. Raises InvalidRecord for all faults (the first
    hundred), PlanChanged for another digest than expected, Conflict for newer versions.
    """
    made, hashed, wrong = Streamed(), sha256(), list[Fault]()
    schemas: dict[str, Schema] = {each: collection.schema() for each, collection in BY_NAME.items()}
    for number, item in _items(lines, name, schemas, wrong):
        try:
            step = step_of(connection, item, door)
            _take(connection, item, step, door)
        except InvalidRecord as error:
            at = f"{name}:{number}: "
            wrong += [Fault(each.detail, pointer=f"{at}{each.pointer}") for each in error.faults]
            continue
        made.counts[step.outcome] += 1
        hashed.update(step.line())
        if step.outcome is not Outcome.UNCHANGED and len(made.steps) < MOST_STEPS:
            made.steps.append(step)
        if progress:
            progress(number)
        if len(wrong) > MOST_WRONG:
            break
    wrong += _dangling(connection)
    if wrong:
        raise invalid(wrong)
    made.digest = f"sha256:{hashed.hexdigest()}"
    if applying:
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


def _take(connection: Connection, item: Item, step: Step, door: Door) -> None:
    if step.outcome not in (Outcome.CREATED, Outcome.UPDATED):
        return
    later = item.record.get("part_of")
    known = frozenset({(WORKSHOPS.name, later)} if later else ())
    catalog.save(connection, item.collection, item.record, door, known=known)


def _items(
    lines: BinaryIO, name: str, schemas: dict[str, Schema], wrong: list[Fault]
) -> Iterator[tuple[int, Item]]:
    seen_any = False
    for number, line in enumerate(_lines(lines, name), 1):
        entry = _entry(line, f"{name}:{number}")
        if entry is None and not seen_any and number == 1:
            continue
        seen_any = True
        collection = BY_NAME.get(str((entry or {}).get("type")))
        if entry is None or collection is None:
            wrong.append(Fault("type must name a collection", pointer=f"{name}:{number}: /type"))
            continue
        schema, fields = schemas[collection.name], entry.get("data")
        record_id = fields.get("id") if isinstance(fields, dict) else None
        try:
            record, version = load_fields(schema, record_id, fields)
        except ValidationError as error:
            found = faults(schema, error.normalized_messages())
            wrong += [Fault(f.detail, pointer=f"{name}:{number}: /data{f.pointer}") for f in found]
        else:
            yield number, Item(collection, record, Bundle(name, {}), version)


def _entry(line: bytes, place: str) -> dict[str, object] | None:
    """Return a line's object, None for one that carries no record (a snapshot's first line)."""
    try:
        entry = strict_json(line)
    except MalformedBody as error:
        raise MalformedBody(f"{place}: {error.detail}") from None
    if not isinstance(entry, dict):
        raise MalformedBody(f"{place}: a line is an object with type and data")
    return entry if "type" in entry else None


def _lines(lines: BinaryIO, name: str) -> Iterator[bytes]:
    number = 0
    while line := lines.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise MalformedBody(f"{name}:{number}: a line is longer than {LONGEST_LINE} bytes")
        if line.strip():
            yield line


def _dangling(connection: Connection) -> list[Fault]:
    """Return workshops that lie in one that did not come."""
    table, whole = WORKSHOPS.table, WORKSHOPS.table.alias()
    there = select(whole.c.id).where(whole.c.id == table.c.part_of).exists()
    lost = select(table.c.id, table.c.part_of).where(table.c.part_of.is_not(None), ~there)
    return [
        Fault(f"there is no workshop {part_of}", pointer=f"/workshops/{record_id}/part_of")
        for record_id, part_of in connection.execute(lost)
    ]

"""The journal: one row a version, gapless, in commit order, and enough to make all tables anew."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from api.errors import InvalidRecord, NotFound, StillReferenced
from api.models import Change, Store
from api.services import catalog, changes, stored
from api.services.catalog import Outcome
from api.services.database import reading, writing
from api.services.doors import Door, spelled
from api.services.records import BY_NAME, COLLECTIONS
from tests.conftest import EmptyStore
from tests.factories import DOOR, MAKE, Record, load, store
from tests.services.helpers import found, put, remove, rows, snapshot
from tests.stores import disagreements, journal

WRITERS, WRITES = 4, 25


def test_a_row_says_what_when_by_whom_and_through_which_door(engine: Engine):
    with writing(engine) as connection:
        record = load("cities", MAKE["cities"]("one"))
        catalog.save(connection, BY_NAME["cities"], record, Door("http", "ada"))
    (row,) = journal(engine)
    assert (row.seq, row.collection, row.record_id, row.version) == (1, "cities", "one", 1)
    assert (row.op, row.door, row.actor) == ("upsert", "http", "ada")
    assert spelled(row.at) == orjson.loads(row.snapshot)["updated_at"]


@pytest.mark.parametrize("name", [each.name for each in COLLECTIONS])
def test_a_snapshot_is_the_whole_record(engine: Engine, name: str):
    put(engine, name, "one")
    written = orjson.loads(journal(engine)[0].snapshot)
    times = {key: written.pop(key) for key in ("created_at", "updated_at")}
    assert written.pop("version") == 1
    assert all(at.endswith("Z") for at in times.values())
    assert written == load(name, MAKE[name]("one"))


def test_each_version_keeps_its_own_snapshot(engine: Engine):
    for number in range(1, 4):
        put(engine, "cities", "one", name=f"Name {number}")
    remove(engine, "cities", "one", reason="gone")
    *versions, last = journal(engine)
    names = [orjson.loads(row.snapshot)["name"] for row in versions]
    assert names == ["Name 1", "Name 2", "Name 3"]
    assert (last.op, last.version, last.snapshot, last.reason) == ("delete", 4, None, "gone")


def test_numbers_run_through_all_collections_without_a_gap(engine: Engine):
    for name in MAKE:
        put(engine, name, "one")
    remove(engine, "cities", "one")
    assert [row.seq for row in journal(engine)] == list(range(1, 9))
    assert rows(engine, select(Store.seq)) == [(8,)]


def test_a_mark_is_the_latest_number_among_the_collections_asked_for(engine: Engine):
    put(engine, "projects", "p")
    put(engine, "cities", "c")
    put(engine, "projects", "p", title="Other")
    remove(engine, "cities", "c")
    with reading(engine) as connection:
        seqs = [changes.mark(connection, [name]).seq for name in ("projects", "cities", "actions")]
        assert seqs == [3, 4, 0]
        assert changes.mark(connection, ["projects", "cities"]).seq == 4
        assert changes.counts(connection)["projects"] == 1
        assert changes.counts(connection)["cities"] == 0


def increment(engine: Engine, writer: int) -> None:
    """Add one to a counter that all writers share, and write a record of the writer's own."""
    with writing(engine) as connection:
        row = stored.current(connection, BY_NAME["projects"], "shared")
        count = int(orjson.loads(row.snapshot)["summary"]) + 1
        shared = load("projects", MAKE["projects"]("shared", summary=str(count)))
        catalog.save(connection, BY_NAME["projects"], shared, DOOR)
        own = load("cities", MAKE["cities"](f"c-{writer}", name=f"At {count}"))
        catalog.save(connection, BY_NAME["cities"], own, DOOR)


def fail(engine: Engine, writer: int) -> None:
    """Write a record, and then one that is refused."""
    good = ("projects", MAKE["projects"](f"p-{writer}"))
    with pytest.raises(InvalidRecord):
        store(engine, good, ("cities", MAKE["cities"]("lost", projects=["never"])))


def write(engine: Engine, writer: int) -> None:
    for turn in range(WRITES):
        increment(engine, writer)
        if turn % 5 == 0:
            fail(engine, writer)


def watch(engine: Engine, done: threading.Event) -> None:
    """Read the journal again and again: never a gap below what is seen, never a step back."""
    highest, last_look = 0, False
    while not last_look:
        last_look = done.is_set()
        with reading(engine) as connection:
            stated = select(func.count(), func.min(Change.seq), func.max(Change.seq))
            count, first, last = connection.execute(stated).one()
            counted = connection.execute(select(Store.seq)).scalar_one()
        assert (first, count) == (1, last)
        assert counted == last >= highest
        highest = last


def test_writers_at_once_lose_nothing_and_leave_no_gap(engine: Engine):
    put(engine, "projects", "shared", summary="0")
    done = threading.Event()
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        watching = pool.submit(watch, engine, done)
        writers = [pool.submit(write, engine, number) for number in range(WRITERS)]
        try:
            for each in writers:
                each.result()
        finally:
            done.set()
        watching.result()
    assert snapshot(engine, "projects", "shared")["summary"] == str(WRITERS * WRITES)
    assert [row.seq for row in journal(engine)] == list(range(1, 2 * WRITERS * WRITES + 2))
    counts = Counter(row.record_id for row in journal(engine) if row.collection == "cities")
    assert counts == {f"c-{writer}": WRITES for writer in range(WRITERS)}
    assert disagreements(engine) == []


IDS = ("a", "b", "a-b")
WORDS = ("market", "мир", "harbour", "tiranë", "mark")
POINTS = {"cities": "projects", "workshops": "cities", "findings": "cities"}
Key = tuple[str, str]


@dataclass(frozen=True)
class Step:
    """One write: a record of these words that names these ids, or (words None) a deletion."""

    name: str
    id: str
    words: tuple[str, ...] | None
    points: tuple[str, ...]

    def record(self) -> Record:
        pointing = {POINTS[self.name]: list(self.points)} if self.name in POINTS else {}
        label = BY_NAME[self.name].label
        text = " ".join(self.words or ())
        return load(self.name, MAKE[self.name](self.id, **{label: text}, **pointing))


@dataclass
class Model:
    """What the store should hold, and how far each id has counted."""

    held: dict[Key, Step] = field(default_factory=dict)
    versions: dict[Key, int] = field(default_factory=dict)
    written: list[Key] = field(default_factory=list)

    def expect(self, step: Step) -> Any:
        """Return the outcome, or the error, that a step should have; and take it."""
        key = (step.name, step.id)
        if step.words is None:
            if key not in self.held:
                return NotFound
            if any(POINTS.get(n) == step.name and step.id in s.points for (n, _), s in self.pairs):
                return StillReferenced
            del self.held[key]
            return self.count(key, Outcome.DELETED)
        if self.held.get(key) == step:
            return (Outcome.UNCHANGED, self.versions[key])
        if any((POINTS.get(step.name), each) not in self.held for each in step.points):
            return InvalidRecord
        outcome = Outcome.UPDATED if key in self.held else Outcome.CREATED
        self.held[key] = step
        return self.count(key, outcome)

    @property
    def pairs(self) -> Iterator[tuple[Key, Step]]:
        yield from self.held.items()

    def count(self, key: Key, outcome: Outcome) -> Any:
        self.versions[key] = self.versions.get(key, 0) + 1
        self.written.append(key)
        return (outcome, self.versions[key])


@st.composite
def steps(draw: st.DrawFn) -> Step:
    name = draw(st.sampled_from(["projects", "cities", "workshops", "findings"]))
    words = draw(st.none() | st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(tuple))
    points = draw(st.lists(st.sampled_from(IDS), max_size=2, unique=True).map(tuple))
    return Step(name, draw(st.sampled_from(IDS)), words, points if name in POINTS else ())


def take(engine: Engine, step: Step) -> Any:
    try:
        if step.words is None:
            saved = remove(engine, step.name, step.id)
        else:
            with writing(engine) as connection:
                saved = catalog.save(connection, BY_NAME[step.name], step.record(), DOOR)
    except (NotFound, StillReferenced, InvalidRecord) as error:
        return type(error)
    return (saved.outcome, saved.version)


@settings(max_examples=12, deadline=None)
@given(st.lists(steps(), min_size=5, max_size=25))
def test_whatever_is_written_journal_tables_and_index_agree(
    empty_store: EmptyStore, taken: list[Step]
):
    engine, model = empty_store(), Model()
    for step in taken:
        assert take(engine, step) == model.expect(step)
    assert disagreements(engine) == []
    entries = journal(engine)
    assert [(row.collection, row.record_id) for row in entries] == model.written
    assert_replays(engine, model)
    assert_found(engine, model)


def assert_replays(engine: Engine, model: Model) -> None:
    """The journal alone gives all that the store holds."""
    replayed: dict[Key, Record] = {}
    for row in journal(engine):
        replayed.pop((row.collection, row.record_id), None)
        if row.op == "upsert":
            replayed[row.collection, row.record_id] = orjson.loads(row.snapshot)
    assert replayed.keys() == model.held.keys()
    for (name, record_id), record in replayed.items():
        assert stored.content(record, BY_NAME[name]) == model.held[name, record_id].record()
        assert record["version"] == model.versions[name, record_id]


def assert_found(engine: Engine, model: Model) -> None:
    """Search finds what is there, and nothing that is not."""
    for name in ("projects", "cities", "workshops", "findings"):
        for word in WORDS:
            there = {s.id for (n, _), s in model.pairs if n == name and word in (s.words or ())}
            assert set(found(engine, name, f'"{word}"')) == there

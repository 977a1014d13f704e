"""Many writers at once, and writes of all kinds in any order: nothing is lost, all agrees."""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import orjson
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from api.app import use_store
from api.errors import Conflict, InvalidRecord, NotFound
from api.services import catalog, seeding
from api.services.bundles import Bundle
from api.services.database import writing
from api.services.doors import Door
from api.services.items import items_of
from api.services.records import BY_NAME
from tests.conftest import SETTINGS
from tests.factories import DOOR, MAKE, Record, city, project, store
from tests.stores import disagreements, journal
from tests.writes.acting import (
    NDJSON,
    SERVER_SET,
    Writer,
    bundle,
    contents,
    issue,
    lines,
    refused,
    seq,
)

ROUNDS = 15


def at_once(writer: Writer, *asks: Callable[[Writer], TestResponse]) -> list[TestResponse]:
    """Let each ask from a thread and a client of its own, all at the same moment."""
    barrier, answers = Barrier(len(asks)), list[Any]([None] * len(asks))

    def work(number: int, ask: Callable[[Writer], TestResponse]) -> None:
        own = Writer(writer.client.application.test_client(), writer.engine, writer.token)
        barrier.wait(30)
        answers[number] = ask(own)

    threads = [Thread(target=work, args=pair) for pair in enumerate(asks)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


def statuses(answers: list[TestResponse]) -> list[int]:
    return sorted(each.status_code for each in answers)


def test_of_two_writers_with_the_same_tag_exactly_one_wins(writer: Writer) -> None:
    tag = writer.post("/cities", city()).headers["ETag"]
    for number in range(ROUNDS):
        answers = at_once(
            writer,
            lambda w: w.patch("/cities/city-1", {"name": f"A {number}"}, If_Match=tag),  # noqa: B023
            lambda w: w.put("/cities/city-1", city(name=f"B {number}"), If_Match=tag),  # noqa: B023
        )
        assert statuses(answers) == [200, 412]
        won = next(each for each in answers if each.status_code == 200)
        tag = won.headers["ETag"]
        assert writer.get("/cities/city-1").json["data"]["name"] == won.json["data"]["name"]
    assert [row.version for row in journal(writer.engine)] == list(range(1, ROUNDS + 2))


def test_of_a_change_and_a_deletion_exactly_one_wins(writer: Writer) -> None:
    for _ in range(ROUNDS):
        answer = writer.put("/cities/city-1", city(), If_None_Match="*")
        tag = answer.headers["ETag"]
        answers = at_once(
            writer,
            lambda w: w.patch("/cities/city-1", {"name": "Changed"}, If_Match=tag),  # noqa: B023
            lambda w: w.delete("/cities/city-1", If_Match=tag),  # noqa: B023
        )
        assert statuses(answers) in ([200, 412], [204, 410])
        writer.delete("/cities/city-1", If_Match="*")
    assert disagreements(writer.engine) == []


def test_of_two_creators_exactly_one_creates(writer: Writer) -> None:
    for number in range(ROUNDS):
        path, one, other = f"/cities/c-{number}", city(f"c-{number}"), city(name="B")
        asks = [
            lambda w: w.put(path, one, If_None_Match="*"),  # noqa: B023
            lambda w: w.put(path, {**other, "id": one["id"]}, If_None_Match="*"),  # noqa: B023
        ]
        assert statuses(at_once(writer, *asks)) == [201, 412]
        again = f"p-{number}"
        posts = [lambda w: w.post("/projects", project(again)) for _ in range(2)]  # noqa: B023
        assert statuses(at_once(writer, *posts)) == [200, 201]
    assert seq(writer.engine) == 2 * ROUNDS


def test_a_plan_is_applied_once_however_many_send_it(writer: Writer) -> None:
    for number in range(5):
        raw = bundle(*(("projects", project(f"p-{number}-{n}")) for n in range(5)))
        digest = writer.plan(raw).json["data"]["digest"]
        asks = [lambda w: w.send("POST", f"/imports?apply={digest}", raw)] * 3  # noqa: B023
        assert statuses(at_once(writer, *asks)) == [200, 409, 409]
    assert seq(writer.engine) == 25


def test_a_reference_and_the_deletion_of_what_it_names_never_both_happen(writer: Writer) -> None:
    for number in range(ROUNDS):
        path = f"/cities/c-{number}"
        store(writer.engine, ("cities", city(f"c-{number}")))
        record = MAKE["workshops"](f"w-{number}", cities=[f"c-{number}"])
        answers = at_once(
            writer,
            lambda w: w.post("/workshops", record),  # noqa: B023
            lambda w: w.delete(path, If_Match="*"),  # noqa: B023
        )
        assert [each.status_code for each in answers] in ([201, 409], [422, 204])
    assert disagreements(writer.engine) == []


def test_many_writers_leave_a_journal_without_gap_and_no_update_is_lost(writer: Writer) -> None:
    store(writer.engine, ("cities", city(aliases=[])))

    def count(own: Writer) -> TestResponse:
        for _ in range(6):
            while True:
                read = own.get("/cities/city-1")
                names = [
                    *read.json["data"]["aliases"],
                    f"Alias {len(read.json['data']['aliases'])}",
                ]
                tag = read.headers["ETag"]
                answer = own.patch("/cities/city-1", {"aliases": names}, If_Match=tag)
                if answer.status_code == 200:
                    break
        return answer

    at_once(writer, *[count] * 4)
    assert len(writer.get("/cities/city-1").json["data"]["aliases"]) == 24
    entries = journal(writer.engine)
    assert [row.seq for row in entries] == [row.version for row in entries] == list(range(1, 26))
    assert [row.at for row in entries] == sorted(row.at for row in entries)
    assert disagreements(writer.engine) == []


def test_a_first_use_of_a_token_by_many_at_once_is_no_failure(writer: Writer) -> None:
    own = Writer(writer.client, writer.engine, issue(writer.engine))
    asks = [lambda w, n=n: w.post("/cities", city(f"c-{n}")) for n in range(6)]
    assert statuses(at_once(own, *asks)) == [201] * 6


# Writes of all kinds, in any order.

WORDS = ["amber", "birch", "cedar", "dune"]
NAMES = ["projects", "cities", "workshops", "documents"]
IDS = ["a", "b", "c"]
REFERENCES = {
    "projects": [],
    "cities": ["projects"],
    "workshops": ["cities", "projects"],
    "documents": ["cities", "workshops"],
}
few = st.lists(st.sampled_from(IDS), max_size=2, unique=True)


@st.composite
def records(draw: st.DrawFn) -> tuple[str, Record]:
    name = draw(st.sampled_from(NAMES))
    label, words = BY_NAME[name].label, draw(st.lists(st.sampled_from(WORDS), max_size=2))
    fields: dict[str, Any] = {label: " ".join(["Record", *words])}
    fields["summary"] = draw(st.sampled_from([None, *WORDS]))
    for field in REFERENCES[name]:
        fields[field] = draw(few)
    if name == "workshops":
        fields["part_of"] = draw(st.none() | st.sampled_from(IDS))
    return name, MAKE[name](draw(st.sampled_from(IDS)), **fields)


KINDS = [
    *("post", "put", "create", "patch", "delete", "revert", "dry", "save", "save", "remove"),
    *("import", "import", "prune", "stream", "stream", "seed", "late", "redo"),
]
Write = tuple[str, list[tuple[str, Record]], int]
writes = st.tuples(
    st.sampled_from(KINDS), st.lists(records(), min_size=1, max_size=4), st.integers(1, 4)
)


def do(writer: Writer, write: Write) -> None:
    """Write through a door; what is refused must be refused as a problem."""
    kind, pairs, number = write
    (name, record), *_ = pairs
    path = f"/{name}/{record['id']}"
    over_http: dict[str, Callable[[], TestResponse]] = {
        "post": lambda: writer.post(f"/{name}", record),
        "put": lambda: writer.put(path, record, If_Match="*"),
        "create": lambda: writer.put(path, record, If_None_Match="*"),
        "patch": lambda: writer.patch(path, {"summary": record["summary"]}, If_Match="*"),
        "delete": lambda: writer.delete(path, If_Match="*"),
        "revert": lambda: writer.revert(path, number, If_Match="*"),
        "redo": lambda: writer.revert(path, number),
        "dry": lambda: writer.put(f"{path}?dry_run=true", record, If_Match="*"),
        "late": lambda: writer.patch(path, {"summary": "late"}, If_Match=f'"{number}.0"'),
    }
    if kind in over_http:
        answer = over_http[kind]()
        assert answer.status_code < 300 or refused(answer)
    else:
        in_bulk(writer, kind, pairs)


def in_bulk(writer: Writer, kind: str, pairs: list[tuple[str, Record]]) -> None:
    (name, record), *_ = pairs
    form, raw = ("application/json", orjson.dumps(bundle(*pairs)))
    if kind == "stream":
        form, raw = NDJSON, lines(*pairs)
    if kind in ("import", "prune", "stream"):
        query = "prune=true" if kind == "prune" else ""
        planned = writer.send("POST", f"/imports?{query}", raw, form)
        if planned.status_code == 200:
            digest = planned.json["data"]["digest"]
            planned = writer.send("POST", f"/imports?apply={digest}&{query}", raw, form)
        assert planned.status_code < 300 or refused(planned)
        return
    by_service(writer.engine, kind, name, record, bundle(*pairs))


def by_service(engine: Engine, kind: str, name: str, record: Record, made: Any) -> None:
    with contextlib.suppress(Conflict, InvalidRecord, NotFound), writing(engine) as connection:
        if kind == "save":
            loaded = BY_NAME[name].schema().load(record)
            catalog.save(connection, BY_NAME[name], loaded, DOOR)
        elif kind == "remove":
            catalog.remove(connection, BY_NAME[name], record["id"], DOOR)
        else:
            seeding.apply(connection, items_of([Bundle("x", made)]), Door("seed"))


@pytest.fixture(scope="session")
def anew(app: Flask, empty_store: Callable[[], Engine]) -> Callable[[], Writer]:
    """A function that gives a writer on an empty store."""

    def make() -> Writer:
        engine = empty_store()
        use_store(app, engine, SETTINGS)
        return Writer(app.test_client(), engine, issue(engine))

    return make


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(sequence=st.lists(writes, min_size=5, max_size=25))
def test_whatever_is_written_in_whatever_order_the_store_agrees(
    anew: Callable[[], Writer], sequence: list[Write]
) -> None:
    writer = anew()
    for write in sequence:
        do(writer, write)
    entries = journal(writer.engine)
    assert [row.seq for row in entries] == list(range(1, len(entries) + 1))
    for found in versions(entries).values():
        assert found == list(range(1, len(found) + 1))
    assert contents(writer.engine) == replayed(entries)
    assert disagreements(writer.engine) == []
    for word in WORDS:
        assert found_by(writer, word) == set(holding(replayed(entries), word)), word


def versions(entries: list[Any]) -> dict[tuple[str, str], list[int]]:
    """Return the versions of each record in the order of the journal."""
    found = defaultdict(list)
    for row in entries:
        found[row.collection, row.record_id].append(row.version)
    return found


def replayed(entries: list[Any]) -> dict[tuple[str, str], Record]:
    """Return what the journal says that there is."""
    there: dict[tuple[str, str], Record] = {}
    for row in entries:
        there.pop((row.collection, row.record_id), None)
        if row.op == "upsert":
            snapshot = orjson.loads(row.snapshot)
            assert (snapshot["id"], snapshot["version"]) == (row.record_id, row.version)
            there[row.collection, row.record_id] = {
                n: each for n, each in snapshot.items() if n not in SERVER_SET
            }
    return there


def holding(there: dict[tuple[str, str], Record], word: str) -> Iterator[tuple[str, str]]:
    """Yield what has a word in its name or summary."""
    for (name, id_), record in there.items():
        if word in f"{record[BY_NAME[name].label]} {record['summary']}".split():
            yield name, id_


def found_by(writer: Writer, word: str) -> set[tuple[str, str]]:
    """Return what lists find by a word."""
    return {
        (name, each["id"])
        for name in NAMES
        for each in writer.get(f"/{name}?q=%22{word}%22&limit=200").json["data"]
    }

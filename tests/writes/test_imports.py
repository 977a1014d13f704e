"""Bundles and streams: planned first, then all of it or nothing, and never a colleague undone."""

import subprocess
import sys
import textwrap
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from api.cli import main
from api.schemas.fields import FORBIDDEN
from api.services.bundles import LARGEST, read_yaml
from api.services.database import reading, writing
from api.services.doors import Door
from api.services.exporting import as_yaml
from api.services.records import COLLECTIONS
from api.services.streaming import stream
from api.settings import ROOT, Settings
from tests.factories import Record, city, document, library, project, source, store, workshop
from tests.stores import disagreements, journal
from tests.writes.acting import (
    JSON,
    NDJSON,
    YAML,
    Writer,
    bundle,
    contents,
    holding_lock,
    is_problem,
    issue,
    lines,
    refused,
    seq,
    snapshots,
    trace,
)

FORMS = pytest.mark.parametrize("form", ["json", "yaml", "ndjson"])
MEDIA = {"json": JSON, "yaml": YAML, "ndjson": NDJSON}


def written(form: str, *records: tuple[str, Record]) -> bytes:
    """Return records in a form."""
    if form == "ndjson":
        return lines(*records)
    made = bundle(*records)
    return orjson.dumps(made) if form == "json" else yaml.safe_dump(made).encode()


def ops(answer: TestResponse) -> dict[str, str]:
    """Return what happens to each record, by its path."""
    assert answer.status_code == 200, answer.text
    return {f"{each['type']}/{each['id']}": each["op"] for each in answer.json["data"]["steps"]}


SMALL: list[tuple[str, Record]] = [
    ("projects", project()),
    ("cities", city(projects=["project-1"])),
    ("workshops", workshop(cities=["city-1"], part_of="workshop-2")),
    ("workshops", workshop("workshop-2", cities=["city-1"])),
    ("documents", document(cities=["city-1"], workshops=["workshop-1"])),
]


# Plan and apply.


@FORMS
def test_a_plan_tells_what_applying_does_and_changes_nothing(writer: Writer, form: str) -> None:
    before, raw = trace(writer.engine), written(form, *SMALL)
    planned = writer.plan(raw, MEDIA[form])
    assert ops(planned) == {f"{n}/{r['id']}": "create" for n, r in SMALL}
    assert (trace(writer.engine), planned.json["data"]["applied"]) == (before, False)
    applied = writer.apply(raw, MEDIA[form])
    assert (ops(applied), applied.json["data"]["applied"]) == (ops(planned), True)
    assert applied.json["data"]["digest"] == planned.json["data"]["digest"]
    assert len(contents(writer.engine)) == len(SMALL) == seq(writer.engine)
    assert disagreements(writer.engine) == []


@FORMS
def test_applied_again_all_is_unchanged(writer: Writer, form: str) -> None:
    raw = written(form, *SMALL)
    writer.apply(raw, MEDIA[form])
    before = trace(writer.engine)
    again = writer.apply(raw, MEDIA[form]).json["data"]["counts"]
    assert again == {"create": 0, "update": 0, "unchanged": 5, "delete": 0, "conflict": 0}
    assert trace(writer.engine) == before


@FORMS
def test_an_update_is_told_field_by_field(writer: Writer, form: str) -> None:
    store(writer.engine, ("cities", city()))
    raw = written(form, ("cities", city(name="Another", aliases=["A"])))
    (step,) = writer.plan(raw, MEDIA[form]).json["data"]["steps"]
    assert (step["op"], step["version"]) == ("update", 1)
    assert step["changes"] == [
        {"field": "name", "before": "City city-1", "after": "Another"},
        {"field": "aliases", "before": [], "after": ["A"]},
    ]


@FORMS
def test_a_plan_that_the_store_has_outrun_is_refused_with_the_new_digest(
    writer: Writer, form: str
) -> None:
    raw = written(form, *SMALL)
    digest = writer.plan(raw, MEDIA[form]).json["data"]["digest"]
    store(writer.engine, ("projects", project(title="By a colleague")))
    before = trace(writer.engine)
    answer = writer.send("POST", f"/imports?apply={digest}", raw, MEDIA[form])
    told = is_problem(answer, 409, "plan_changed")
    assert trace(writer.engine) == before
    again = writer.send("POST", f"/imports?apply={told['digest']}", raw, MEDIA[form])
    assert ops(again)["projects/project-1"] == "update"


@FORMS
def test_what_the_plan_does_not_touch_may_move_on(writer: Writer, form: str) -> None:
    raw = written(form, *SMALL)
    digest = writer.plan(raw, MEDIA[form]).json["data"]["digest"]
    store(writer.engine, ("cities", city("city-9")))
    answer = writer.send("POST", f"/imports?apply={digest}", raw, MEDIA[form])
    assert answer.json["data"]["applied"] is True


@FORMS
def test_the_digest_of_another_bundle_is_refused(writer: Writer, form: str) -> None:
    digest = writer.plan(written(form, *SMALL), MEDIA[form]).json["data"]["digest"]
    other = written(form, *SMALL[:-1], ("documents", document(title="Another")))
    answer = writer.send("POST", f"/imports?apply={digest}", other, MEDIA[form])
    is_problem(answer, 409, "plan_changed")
    assert seq(writer.engine) == 0


@FORMS
def test_a_fault_in_the_last_record_stops_all(writer: Writer, form: str) -> None:
    for bad in (document("last", kind="nothing"), document("last", workshops=["never"])):
        raw = written(form, *SMALL, ("documents", bad))
        for query in ("", "?apply=sha256:" + "0" * 64):
            told = is_problem(writer.send("POST", f"/imports{query}", raw, MEDIA[form]), 422)
            assert told["errors"]
    assert trace(writer.engine)["seq"] == 0


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_faults_of_all_records_are_told_at_once_by_json_pointer(writer: Writer, form: str) -> None:
    records = [("cities", city(f"c{n}", country="XX")) for n in range(3)]
    told = is_problem(writer.plan(written(form, *records), MEDIA[form]), 422)
    pointers = [each["pointer"] for each in told["errors"]]
    assert [each.rpartition(" ")[2] for each in pointers] == [
        f"/cities/c{n}/country" for n in range(3)
    ]
    assert all(each.startswith("/") for each in pointers), pointers


@FORMS
def test_a_newer_version_in_the_store_is_a_conflict_and_no_silent_undo(
    writer: Writer, form: str
) -> None:
    store(writer.engine, ("cities", city()), ("cities", city(name="By a colleague")))
    raw = written(form, ("cities", city(name="Mine", version=1)), ("cities", city("city-2")))
    planned = writer.plan(raw, MEDIA[form])
    assert ops(planned)["cities/city-1"] == "conflict"
    digest, before = planned.json["data"]["digest"], trace(writer.engine)
    answer = writer.send("POST", f"/imports?apply={digest}", raw, MEDIA[form])
    assert "cities/city-1" in is_problem(answer, 409, "conflict")["detail"]
    assert trace(writer.engine) == before


@FORMS
@pytest.mark.parametrize(("version", "op"), [(1, "conflict"), (2, "update"), (None, "update")])
def test_the_version_that_a_record_was_made_from_decides(
    writer: Writer, form: str, version: int | None, op: str
) -> None:
    store(writer.engine, ("cities", city()), ("cities", city(name="Second")))
    raw = written(form, ("cities", city(name="Third", version=version)))
    assert ops(writer.plan(raw, MEDIA[form])) == {"cities/city-1": op}
    same = written(form, ("cities", city(name="Second", version=version)))
    assert set(ops(writer.plan(same, MEDIA[form])).values()) <= {"unchanged"}


@FORMS
def test_a_record_that_was_deleted_since_it_was_exported_is_a_conflict(
    writer: Writer, form: str
) -> None:
    store(writer.engine, ("cities", city()))
    writer.delete("/cities/city-1", If_Match="*")
    names_it = ("workshops", workshop(cities=["city-1"]))
    raw = written(form, ("cities", city(version=1)), names_it)
    planned, before = writer.plan(raw, MEDIA[form]), trace(writer.engine)
    assert ops(planned)["cities/city-1"] == "conflict"
    digest = planned.json["data"]["digest"]
    answer = writer.send("POST", f"/imports?apply={digest}", raw, MEDIA[form])
    assert "cities/city-1" in is_problem(answer, 409, "conflict")["detail"]
    assert trace(writer.engine) == before


# Export.

TRICKY = [
    *("NO", "2021", "1e5", " x", "x ", "true", "null", "~", "1:30", "0x1F", "- a", "? b", "a: b"),
    *("a #b", "#a", "'", '"', '"a"', "it's", "a\nb", "a\n\nb\n", "\ttab", "a\r\nb", "😀 ✓", "%a"),
    *("[a]", "{a}", "&a", "*a", "!a", "|", ">", "@a", "`a`", "=", "<<", "1_000", "+1", ".5", "1."),
    *("2021-09-03", "a\u2028b", "a\ufeff", "Їжак", "العربية", "a" * 300, "a b " * 100),
]


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_an_exported_city_imported_again_changes_nothing(seeded_writer: Writer, form: str) -> None:
    path = {"json": "bundle", "yaml": "bundle.yaml"}[form]
    listed = seeded_writer.get("/cities?limit=200&fields=id").json["data"]
    assert len(listed) > 2
    for each in listed:
        exported = seeded_writer.get(f"/cities/{each['id']}/{path}")
        assert exported.mimetype == MEDIA[form]
        planned = seeded_writer.plan(exported.data, MEDIA[form])
        assert set(ops(planned).values()) == {"unchanged"}, each["id"]


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_texts_that_yaml_takes_for_something_else_come_back(writer: Writer, form: str) -> None:
    for number, text in enumerate(TRICKY):
        record = city(aliases=[text], name=text, external_ids={"no": text[:100]}, summary=text)
        store(writer.engine, ("cities", {**record, "id": f"c-{number}"}))
    path = {"json": "bundle", "yaml": "bundle.yaml"}[form]
    for number, text in enumerate(TRICKY):
        raw = writer.get(f"/cities/c-{number}/{path}").data
        assert set(ops(writer.plan(raw, MEDIA[form])).values()) == {"unchanged"}, text


IDS = ["no", "true", "null", "1e5", "2021", "0", "a" * 80, "y", "on"]


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_ids_that_yaml_takes_for_something_else_come_back(writer: Writer, form: str) -> None:
    store(writer.engine, *(("cities", city(each)) for each in IDS))
    store(writer.engine, *(("workshops", workshop(each, cities=IDS)) for each in IDS))
    path = {"json": "bundle", "yaml": "bundle.yaml"}[form]
    for each in IDS:
        planned = writer.plan(writer.get(f"/cities/{each}/{path}").data, MEDIA[form])
        assert (set(ops(planned).values()), len(ops(planned))) == ({"unchanged"}, 10)


def test_empty_values_come_back_as_they_were(writer: Writer) -> None:
    empty = [source(fields=[]), source(fields=None), source(fields=["name"], note=None)]
    store(writer.engine, ("cities", city(sources=empty, coverage={}, population=[])))
    meeting = workshop(cities=["city-1"], participants={}, organisers=[{"name": "A"}])
    store(writer.engine, ("workshops", meeting))
    planned = writer.plan(writer.get("/cities/city-1/bundle").data)
    assert set(ops(planned).values()) == {"unchanged"}


def test_every_city_of_the_library_comes_back(filled: Writer) -> None:
    for number in range(1, 13):
        raw = filled.get(f"/cities/city-{number}/bundle.yaml").data
        assert set(ops(filled.plan(raw, YAML)).values()) == {"unchanged"}


TEXTS = st.text(min_size=1, max_size=60).filter(
    lambda each: not FORBIDDEN.search(each) and each.strip()
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(IDS), st.lists(TEXTS, max_size=4), max_size=3))
def test_yaml_is_read_as_it_was_written(data: dict[str, list[str]]) -> None:
    assert read_yaml(as_yaml({"cities": data}).encode(), "x").data == {"cities": data}  # type: ignore[dict-item]


# Pruning.


def quarter(writer: Writer) -> None:
    """Store two cities, and workshops in the one, in both and in the other."""
    store(
        writer.engine,
        *(("cities", city()), ("cities", city("city-2"))),
        ("workshops", workshop("both", cities=["city-1", "city-2"])),
        ("workshops", workshop("inside", cities=["city-1"])),
        ("workshops", workshop("nowhere")),
        ("workshops", workshop("outside", cities=["city-2"])),
    )


def test_pruning_deletes_what_lies_wholly_inside_and_is_not_in_the_bundle(writer: Writer) -> None:
    quarter(writer)
    raw = bundle(("cities", city()))
    assert ops(writer.plan(raw)) == {"cities/city-1": "unchanged"}
    pruned = writer.apply(raw, query="prune=true")
    assert ops(pruned) == {"cities/city-1": "unchanged", "workshops/inside": "delete"}
    left = [each["id"] for each in writer.get("/workshops").json["data"]]
    assert left == ["both", "nowhere", "outside"]
    assert is_problem(writer.get("/workshops/inside"), 410)["reason"]


def test_pruning_two_cities_takes_what_lies_in_both(writer: Writer) -> None:
    quarter(writer)
    raw = bundle(("cities", city()), ("cities", city("city-2")))
    pruned = ops(writer.apply(raw, query="prune=true"))
    deleted = {name for name, op in pruned.items() if op == "delete"}
    assert deleted == {"workshops/both", "workshops/inside", "workshops/outside"}


def test_pruning_without_a_city_in_the_bundle_deletes_nothing(writer: Writer) -> None:
    quarter(writer)
    raw = bundle(("workshops", workshop("inside", cities=["city-1"])))
    assert set(ops(writer.apply(raw, query="prune=true")).values()) == {"unchanged"}


def test_pruning_follows_references_among_what_is_pruned(writer: Writer) -> None:
    quarter(writer)
    store(
        writer.engine,
        ("workshops", workshop("a-whole", cities=["city-1"])),
        ("workshops", workshop("b-part", cities=["city-1"], part_of="a-whole")),
        ("workshops", workshop("c-whole", cities=["city-1"], part_of="b-part")),
        ("documents", document(cities=["city-1"], workshops=["b-part"])),
    )
    pruned = writer.apply(bundle(("cities", city())), query="prune=true")
    assert list(ops(pruned).values()).count("delete") == 5
    assert disagreements(writer.engine) == []


@pytest.mark.parametrize("cities", [[], ["city-2"]])
def test_pruning_what_is_pointed_to_from_outside_is_refused_clearly(
    writer: Writer, cities: list[str]
) -> None:
    quarter(writer)
    store(writer.engine, ("documents", document(cities=cities, workshops=["inside"])))
    before, raw = trace(writer.engine), bundle(("cities", city()))
    planned = writer.plan(raw, query="prune=true")
    if planned.status_code == 200:
        digest = planned.json["data"]["digest"]
        planned = writer.send("POST", f"/imports?apply={digest}&prune=true", raw)
    told = is_problem(planned, 409, "still_referenced")
    assert told["references"]["documents"]["ids"] == ["document-1"]
    assert trace(writer.engine) == before


def test_what_a_bundle_lets_go_can_be_pruned_at_once(writer: Writer) -> None:
    quarter(writer)
    store(writer.engine, ("documents", document(cities=["city-1"], workshops=["inside"])))
    raw = bundle(("cities", city()), ("documents", document(cities=["city-1"])))
    pruned = ops(writer.apply(raw, query="prune=true"))
    assert pruned["workshops/inside"] == "delete"
    assert pruned["documents/document-1"] == "update"


def test_a_stream_is_not_pruned_by_silence(writer: Writer) -> None:
    quarter(writer)
    answer = writer.send("POST", "/imports?prune=true", lines(("cities", city())), NDJSON)
    told = refused(answer)
    assert "prune" in str(told)


def test_a_prune_that_cannot_be_done_is_refused_already_in_the_plan(writer: Writer) -> None:
    quarter(writer)
    store(writer.engine, ("documents", document(cities=["city-2"], workshops=["inside"])))
    raw = bundle(("cities", city()))
    told = is_problem(writer.plan(raw, query="prune=true"), 409, "still_referenced")
    assert told["references"]["documents"]["ids"] == ["document-1"]


def test_a_bundle_that_names_what_it_prunes_is_refused(writer: Writer) -> None:
    quarter(writer)
    raw = bundle(("cities", city()), ("documents", document(workshops=["inside"])))
    (fault,) = is_problem(writer.plan(raw, query="prune=true"), 422)["errors"]
    assert fault["pointer"] == "/documents/document-1/workshops/0"


def test_a_plan_holds_when_only_what_it_leaves_alone_has_moved_on(writer: Writer) -> None:
    store(writer.engine, ("cities", city()))
    raw = bundle(("cities", city()), ("projects", project()))
    digest = writer.plan(raw).json["data"]["digest"]
    store(writer.engine, ("cities", city(name="For a while")), ("cities", city()))
    assert writer.send("POST", f"/imports?apply={digest}", raw).status_code == 200


# Streams.


def test_a_plan_of_a_stream_keeps_nobody_from_writing(writer: Writer) -> None:
    with holding_lock(writer.engine):
        planned = writer.plan(lines(("cities", city())), NDJSON)
    assert ops(planned) == {"cities/city-1": "create"}


def test_faults_of_a_stream_are_told_at_their_lines(writer: Writer) -> None:
    raw = b"\n\n" + lines(
        ("workshops", workshop("a", part_of="never")),
        ("workshops", workshop("a")),
        ("workshops", workshop("b", part_of="c")),
        ("workshops", workshop("c", part_of="b")),
        ("nothing", {}),
    )
    told = is_problem(writer.plan(raw, NDJSON), 422)["errors"]
    assert {(each["place"], each["pointer"]) for each in told} == {
        *(("body:3", "/data/part_of"), ("body:4", "/data/id"), ("body:7", "/type")),
        ("body:5", "/data/part_of"),
    }


def test_thousands_of_faults_are_told_briefly(writer: Writer) -> None:
    told = is_problem(writer.plan(b'{"type": 1}\n' * 5_000, NDJSON), 422)
    assert len(told["errors"]) == 100


@pytest.mark.parametrize("version", [0, -1, True, "1"])
def test_no_record_is_made_from_a_version_that_never_is(writer: Writer, version: Any) -> None:
    is_problem(writer.plan(bundle(("cities", city(version=version)))), 422)


def snapshot_of(engine: Engine) -> bytes:
    """Return a store in the snapshot's line form, whose first line is no record."""
    first = orjson.dumps({"cursor": "x", "at": "2026-11-22T08:00:00Z"}) + b"\n"
    with reading(engine) as connection:
        pairs = [(c.name, each) for c in COLLECTIONS for each in snapshots(connection, c)]
    return first + lines(*pairs)


def test_the_snapshot_of_one_store_fills_another(kept_store: Engine, writer: Writer) -> None:
    raw = snapshot_of(kept_store)
    applied = writer.apply(raw, NDJSON).json["data"]
    assert applied["counts"]["create"] == len(contents(kept_store))
    assert contents(writer.engine) == contents(kept_store)
    assert disagreements(writer.engine) == []


def test_the_library_fills_another_store(writer: Writer) -> None:
    pairs = list(library())
    writer.apply(lines(*pairs), NDJSON)
    assert set(contents(writer.engine)) == {(name, record["id"]) for name, record in pairs}
    again = writer.plan(lines(*pairs), NDJSON).json["data"]
    assert (again["counts"]["unchanged"], again["steps"]) == (len(pairs), [])


@pytest.mark.parametrize("query", ["", "apply"])
def test_part_of_may_name_one_that_comes_later_and_must_come(writer: Writer, query: str) -> None:
    later = [("workshops", workshop("a", part_of="b")), ("workshops", workshop("b", part_of="c"))]
    raw = lines(*later)
    told = is_problem(writer.plan(raw, NDJSON, f"{query}=sha256:{'0' * 64}" if query else ""), 422)
    assert "there is no workshop c" in str(told["errors"])
    assert trace(writer.engine)["seq"] == 0
    writer.apply(raw + lines(("workshops", workshop("c"))), NDJSON)
    assert seq(writer.engine) == 3


def test_a_stream_may_have_blank_lines_and_no_last_line_end(writer: Writer) -> None:
    raw = b"\n" + lines(("cities", city())) + b"\r\n\n" + lines(("cities", city("c")))[:-1]
    assert writer.apply(raw, NDJSON).json["data"]["counts"]["create"] == 2


def test_a_stream_of_many_steps_says_that_it_shows_not_all(writer: Writer) -> None:
    raw = lines(*(("projects", project(f"p-{n}")) for n in range(1_001)))
    data = writer.plan(raw, NDJSON).json["data"]
    assert (len(data["steps"]), data["truncated"]) == (1_000, True)
    assert data["counts"]["create"] == 1_001


def test_a_conflict_beyond_the_steps_that_are_kept_stops_a_stream(writer: Writer) -> None:
    store(writer.engine, ("cities", city()), ("cities", city(name="Second")))
    late = ("cities", city(name="Mine", version=1))
    raw = lines(*(("projects", project(f"p-{n}")) for n in range(1_001)), late)
    digest, before = writer.plan(raw, NDJSON).json["data"]["digest"], trace(writer.engine)
    is_problem(writer.send("POST", f"/imports?apply={digest}", raw, NDJSON), 409, "conflict")
    assert trace(writer.engine) == before


# Sizes.


def test_three_thousand_records_are_one_bundle(writer: Writer) -> None:
    made = [("workshops", workshop(f"w-{n}", cities=["city-1"])) for n in range(3_000)]
    raw = written("json", ("cities", city()), *made)
    assert writer.apply(raw).json["data"]["counts"]["create"] == 3_001
    assert seq(writer.engine) == 3_001
    assert writer.get("/workshops?city=city-1&limit=1").json["page"]["total"] == 3_000


def test_a_record_over_the_limit_is_a_413(writer: Writer) -> None:
    body = orjson.dumps(city()) + b" " * Settings.max_body_bytes
    for method, path in (("POST", "/cities"), ("PUT", "/cities/city-1")):
        is_problem(writer.send(method, path, body, JSON, If_None_Match="*"), 413)
    patch = b"{}" + b" " * Settings.max_body_bytes
    store(writer.engine, ("cities", city()))
    refused(writer.send("PATCH", "/cities/city-1", patch, JSON, If_Match="*"))
    assert seq(writer.engine) == 1


@FORMS
def test_an_import_may_be_larger_than_a_record(writer: Writer, form: str) -> None:
    padding = b" " * Settings.max_body_bytes if form == "json" else b"\n" * 1_000_001
    raw = written(form, ("cities", city())) + padding
    assert writer.plan(raw, MEDIA[form]).status_code == 200


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_bundle_over_the_limit_of_the_guide_is_a_413(writer: Writer, form: str) -> None:
    raw = written(form, ("cities", city()))
    padding = b" " if form == "json" else b"\n"
    is_problem(writer.plan(raw + padding * LARGEST, MEDIA[form]), 413)


@FORMS
def test_an_import_over_the_setting_is_a_413(writer: Writer, form: str, app: Any) -> None:
    app.config["MAX_IMPORT_BYTES"] = 1_000
    try:
        raw = written(form, *(("projects", project(f"p-{n}")) for n in range(20)))
        is_problem(writer.plan(raw, MEDIA[form]), 413)
    finally:
        app.config["MAX_IMPORT_BYTES"] = Settings.max_import_bytes


MEASURE = """
import resource, sys
from api.services.database import open_engine, writing
from api.services.doors import Door
from api.services.migrating import migrate
from api.services.streaming import stream
from api.errors import InvalidRecord

engine = open_engine("sqlite:///" + sys.argv[1])
migrate(engine)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    with open(sys.argv[2], "rb") as lines, writing(engine, dry_run=True) as connection:
        stream(connection, lines, "x", Door("seed"), applying=False)
except InvalidRecord as error:
    assert len(error.faults) <= 100
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def grown(tmp_path: Path, raw: bytes) -> int:
    """Return by how many kilobytes a process grows that plans a stream."""
    path = tmp_path / "many.ndjson"
    path.write_bytes(raw)
    command = [sys.executable, "-c", textwrap.dedent(MEASURE), str(tmp_path / "x.db"), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return int(done.stdout)


def test_memory_does_not_grow_with_a_stream(tmp_path: Path) -> None:
    first, same = lines(("projects", project())), lines(("projects", project()))
    assert grown(tmp_path, first + same * 60_000) < 60_000


def test_memory_does_not_grow_with_a_streams_faults(tmp_path: Path) -> None:
    long = "x" * 60
    assert grown(tmp_path, lines(("nothing", {"id": long})) * 200_000) < 40_000


# The command line.


def run(folder: Path, *arguments: str) -> Result:
    env = {each.name.upper(): None for each in fields(Settings)}
    return CliRunner().invoke(main, arguments, env=env | {"DATA_DIR": str(folder / "data")})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a migrated store."""
    assert run(tmp_path, "migrate").exit_code == 0
    return tmp_path


@FORMS
def test_the_command_line_plans_and_applies_every_form(folder: Path, form: str) -> None:
    path = folder / f"mine.{form}"
    path.write_bytes(written(form, *SMALL))
    planned = run(folder, "seed", "plan", str(path))
    assert (planned.exit_code, "5 to create" in planned.output) == (0, True), planned.output
    assert run(folder, "log").output == ""
    assert "5 created" in run(folder, "seed", "apply", str(path)).output
    assert "Nothing to do" in run(folder, "seed", "plan", str(path)).output
    assert run(folder, "check").exit_code == 0


@FORMS
def test_the_command_line_refuses_conflicts(folder: Path, form: str) -> None:
    path = folder / f"mine.{form}"
    for name in ("First", "Second"):
        path.write_bytes(written(form, ("cities", city(name=name))))
        run(folder, "seed", "apply", str(path))
    path.write_bytes(written(form, ("cities", city(name="Mine", version=1))))
    assert "! cities/city-1" in run(folder, "seed", "plan", str(path)).output
    refused_ = run(folder, "seed", "apply", str(path))
    assert (refused_.exit_code, "were changed" in refused_.output) == (1, True)
    assert len(run(folder, "log").output.splitlines()) == 2


def test_the_command_line_prunes_when_told(folder: Path) -> None:
    path = folder / "mine.json"
    path.write_bytes(written("json", *SMALL))
    run(folder, "seed", "apply", str(path))
    path.write_bytes(written("json", *SMALL[:2]))
    assert "Nothing to do" in run(folder, "seed", "plan", str(path)).output
    assert "- workshops/workshop-1" in run(folder, "seed", "plan", "--prune", str(path)).output
    assert "3 deleted" in run(folder, "seed", "apply", "--prune", str(path)).output
    assert run(folder, "check").exit_code == 0


def test_a_stream_is_neither_pruned_nor_mixed(folder: Path) -> None:
    path = folder / "mine.ndjson"
    path.write_bytes(lines(("cities", city())))
    for how in (["--prune", str(path)], [str(path), str(path)]):
        assert run(folder, "seed", "apply", *how).exit_code == 2
    assert run(folder, "log").output == ""


# The services behind the doors.


def test_a_planned_stream_is_rolled_back_by_whoever_asked(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "x.ndjson"
    path.write_bytes(lines(*SMALL))
    with path.open("rb") as opened, writing(engine, dry_run=True) as connection:
        made = stream(connection, opened, "x", Door("seed"), applying=False)
    assert (len(made.steps), trace(engine)["seq"]) == (5, 0)


def test_an_import_is_told_by_its_door_and_token(writer: Writer) -> None:
    ann = Writer(writer.client, writer.engine, issue(writer.engine, name="Ann"))
    ann.apply(bundle(("cities", city())))
    assert [(row.door, row.actor) for row in journal(writer.engine)] == [("http", "Ann")]

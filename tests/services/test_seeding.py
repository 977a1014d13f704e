"""Seeding: the plan, all or nothing, nothing twice; and the project's own seeds."""

from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, select

from api.errors import InvalidRecord
from api.models import Change, Store
from api.services import seeding, stored
from api.services.batches import batched
from api.services.catalog import Outcome
from api.services.database import reading, writing
from api.services.doors import Door
from api.services.items import Item
from api.services.plans import Plan
from api.services.projection import View, project
from api.services.records import BY_NAME, COLLECTIONS
from api.settings import ROOT
from tests.factories import load, store
from tests.services.helpers import put, rows, snapshot
from tests.stores import disagreements, journal

DOOR = Door("seed")
SOURCES = "sources: [{title: A page, confidence: stated}]"


def bundle(folder: Path, names: dict[str, str], cities: str = "[]", more: str = "") -> list[Item]:
    """Return the items of a bundle of projects (id → title) and one city that names some."""
    lines = ["projects:"]
    for record_id, title in names.items():
        lines += [f"  {record_id}: {{lang: en, title: {title}, {SOURCES}}}"]
    lines += ["cities:", f"  z: {{lang: en, name: Z, projects: {cities}, {SOURCES}}}", more]
    path = folder / "mine.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return seeding.load([path])


def apply(engine: Engine, items: list[Item], progress: Any = None) -> Plan:
    with writing(engine) as connection:
        return seeding.apply(connection, items, DOOR, progress)


def plan(engine: Engine, items: list[Item], progress: Any = None) -> Plan:
    with reading(engine) as connection:
        return seeding.plan(connection, items, progress)


def test_a_plan_shows_what_is_new_changed_and_the_same(engine: Engine, tmp_path: Path):
    apply(engine, bundle(tmp_path, {"a": "One", "b": "Two"}, "[a]"))
    made = plan(engine, bundle(tmp_path, {"a": "One", "b": "Other", "c": "New"}, "[a, c]"))
    told = {(s.collection.name, s.id): (s.outcome, s.changes) for s in made.steps}
    assert told == {
        ("projects", "a"): (Outcome.UNCHANGED, {}),
        ("projects", "b"): (Outcome.UPDATED, {"title": ("Two", "Other")}),
        ("projects", "c"): (Outcome.CREATED, {}),
        ("cities", "z"): (Outcome.UPDATED, {"projects": (["a"], ["a", "c"])}),
    }
    assert not made.nothing_to_do
    assert (made.counts[Outcome.UPDATED], made.counts[Outcome.CREATED]) == (2, 1)


def test_a_plan_changes_nothing(engine: Engine, tmp_path: Path):
    plan(engine, bundle(tmp_path, {"a": "One"}))
    assert journal(engine) == []
    assert rows(engine, select(Store.seq, Store.seeded_at)) == [(0, None)]


def test_applying_does_what_the_plan_says(engine: Engine, tmp_path: Path):
    items = bundle(tmp_path, {"a": "One", "b": "Two"}, "[b]")
    planned = plan(engine, items)
    assert apply(engine, items).digest == planned.digest
    assert [(row.collection, row.record_id, row.door) for row in journal(engine)] == [
        ("projects", "a", "seed"),
        ("projects", "b", "seed"),
        ("cities", "z", "seed"),
    ]
    assert rows(engine, select(Store.seeded_at))[0][0] is not None
    assert disagreements(engine) == []


def test_a_second_run_has_nothing_to_do(engine: Engine, tmp_path: Path):
    items = bundle(tmp_path, {"a": "One"}, "[a]")
    apply(engine, items)
    before = journal(engine)
    assert apply(engine, items).nothing_to_do
    assert plan(engine, items).nothing_to_do
    assert journal(engine) == before


def test_a_dangling_reference_is_told_with_file_and_line(engine: Engine, tmp_path: Path):
    more = f"workshops:\n  w: {{lang: en, title: W, {SOURCES},\n    cities: [z, gone]}}"
    items = bundle(tmp_path, {"a": "One"}, "[a, never]", more)
    with pytest.raises(InvalidRecord, match="nothing changed") as caught:
        plan(engine, items)
    assert {(f"{fault.place}: {fault.pointer}", fault.detail) for fault in caught.value.faults} == {
        ("mine.yaml:4: /cities/z/projects/1", "there is no project never"),
        ("mine.yaml:7: /workshops/w/cities/1", "there is no city gone"),
    }


def test_a_fault_in_the_last_of_many_changes_nothing(engine: Engine, tmp_path: Path):
    names = {f"p-{number}": f"Title {number}" for number in range(60)}
    with pytest.raises(InvalidRecord):
        apply(engine, bundle(tmp_path, names, "[p-59, p-60]"))
    assert (journal(engine), rows(engine, select(Store.seq))) == ([], [(0,)])


def test_a_run_that_breaks_off_changes_nothing(engine: Engine, tmp_path: Path):
    def break_off(done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    put(engine, "projects", "p-1", title="Before")
    items = bundle(tmp_path, {f"p-{number}": "After" for number in range(5)})
    with pytest.raises(KeyboardInterrupt):
        apply(engine, items, break_off)
    assert len(journal(engine)) == 1
    assert rows(engine, select(Store.seq, Store.seeded_at)) == [(1, None)]
    assert disagreements(engine) == []


def test_progress_is_told_as_it_goes(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(seeding, "batched", partial(batched, size=2))
    items = bundle(tmp_path, {"a": "One", "b": "Two"})
    for run, wanted in ((plan, [(1, 3), (2, 3), (3, 3)]), (apply, [(2, 3), (3, 3)])):
        told: list[tuple[int, int]] = []
        run(engine, items, lambda done, total, told=told: told.append((done, total)))
        assert told == wanted


def test_references_in_the_store_count_as_well_as_those_in_the_bundle(
    engine: Engine, tmp_path: Path
):
    put(engine, "projects", "stored")
    apply(engine, bundle(tmp_path, {"new": "New"}, "[stored, new]"))
    assert snapshot(engine, "cities", "z")["projects"] == ["stored", "new"]


def test_a_folder_stands_for_its_bundles(tmp_path: Path):
    for name in ("b.yaml", "a.yaml", "c.json", "notes.txt"):
        (tmp_path / name).write_text("{}")
    files = seeding.bundle_files([tmp_path], Path("/nowhere"))
    assert [path.name for path in files][:2] == ["a.yaml", "b.yaml"]
    assert seeding.bundle_files([], tmp_path) == files
    assert seeding.bundle_files([tmp_path / "x.yaml"], tmp_path) == [tmp_path / "x.yaml"]


def own_seeds() -> list[Item]:
    return seeding.load(
        [ROOT / "seed" / f"{n}.yaml" for n in ("buer-covid-19", "kharkiv", "tirana")]
    )


def test_the_projects_seeds_agree_and_are_applied_once(seeded: Engine):
    assert disagreements(seeded) == []
    assert plan(seeded, own_seeds()).nothing_to_do


def test_every_seed_has_a_source_and_each_source_an_address_or_a_title(seeded: Engine):
    statement = select(Change.collection, Change.record_id, Change.snapshot)
    for name, record_id, text in rows(seeded, statement):
        sources = orjson.loads(text)["sources"]
        assert sources, f"{name}/{record_id}"
        assert all(each["url"] or each["title"] for each in sources), f"{name}/{record_id}"


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda each: each.name)
def test_what_is_read_in_all_languages_can_be_put_back(seeded: Engine, collection: Any):
    statement = select(Change.snapshot).join(collection.table, collection.table.c.seq == Change.seq)
    for (text,) in rows(seeded, statement):
        shown = project(collection, orjson.loads(text), View("http://x/api/v1", ("*",)))
        again = load(collection.name, orjson.loads(orjson.dumps(shown)))
        assert again == stored.content(orjson.loads(text), collection)


def test_putting_the_seeds_back_makes_no_version(engine: Engine):
    items = own_seeds()
    apply(engine, items)
    count = len(journal(engine))
    view = View("http://x/api/v1", ("*",))
    shown = [
        (item.collection.name, project(item.collection, snapshot(engine, *item.key), view))
        for item in items
    ]
    assert {saved.outcome for saved in store(engine, *shown)} == {Outcome.UNCHANGED}
    assert len(journal(engine)) == count


def test_the_reference_workshop_is_as_its_page_says(seeded: Engine):
    record = snapshot(seeded, "workshops", "kharkiv-2021-09-03-validation")
    assert record["title"] == (
        "Online Local Validation Workshop on the “Diagnostic and Planning Tool Report” "
        "in Kharkiv, Ukraine"
    )
    assert (record["kind"], record["status"], record["mode"]) == ("validation", "held", "online")
    assert (record["starts_on"], record["ends_on"]) == ("2021-09-03", "2021-09-03")
    assert record["starts_at"] == "2021-09-03T11:00:00+02:00"
    assert record["ends_at"] == "2021-09-03T12:45:00+02:00"
    assert record["time_as_printed"] == "11:00-12:45 CEST"
    assert (record["venue"], record["platform"]) == (None, None)
    assert (record["cities"], record["languages"]) == (["kharkiv"], ["en", "ru"])


def test_the_reference_workshop_has_its_ids_objectives_and_groups(seeded: Engine):
    record = snapshot(seeded, "workshops", "kharkiv-2021-09-03-validation")
    assert record["external_ids"] == {
        "unece_event": "359406",
        "unece_attachment_parent": "359405",
        "unece_attachment_group": "16380",
    }
    beginnings = [text.split()[0] for text in record["objectives"]]
    assert beginnings == ["Share", "Have", "Help", "Introduce"]
    assert [each["name"] for each in record["organisers"]] == ["UNECE"]
    assert len(record["participants"]["groups"]) == 4
    assert record["participants"]["total"] is None


def test_the_agenda_has_its_two_files_with_the_ids_of_the_page(seeded: Engine):
    record = snapshot(seeded, "documents", "kharkiv-doc-2021-agenda-concept-note")
    assert record["workshops"] == ["kharkiv-2021-09-03-validation"]
    assert record["external_ids"] == {
        "unece_attachment_group": "16380",
        "unece_attachment_parent": "359405",
    }
    english = {"unece_file": "334542", "unece_language_term": "773"}
    russian = {"unece_file": "334543", "unece_language_term": "864"}
    files = [(each["lang"], each["media_type"], each["external_ids"]) for each in record["files"]]
    assert files == [("en", "application/pdf", english), ("ru", "application/pdf", russian)]


def test_a_published_error_is_an_alias_and_never_the_name(seeded: Engine):
    city = snapshot(seeded, "cities", "kharkiv")
    assert (city["name"], "Karkhiv" in city["aliases"]) == ("Kharkiv", True)
    assert {lang: texts["name"] for lang, texts in city["translations"].items()} == {
        "ru": "Харьков",
        "uk": "Харків",
    }


def test_of_tirana_it_is_said_that_nothing_was_found(seeded: Engine):
    coverage = snapshot(seeded, "cities", "tirana")["coverage"]
    assert {name: entry["status"] for name, entry in coverage.items()} == dict.fromkeys(
        ["workshops", "documents", "findings", "recommendations", "actions"], "none_found"
    )


@pytest.mark.parametrize(
    "name", ["workshops", "documents", "findings", "recommendations", "actions"]
)
def test_coverage_speaks_the_truth_about_the_pilots_records(seeded: Engine, name: str):
    collection = BY_NAME[name]
    link = collection.links["cities"]
    pilot = select(link.c.value).join(collection.table, collection.table.c.id == link.c.owner_id)
    held = {each for (each,) in rows(seeded, pilot.where(collection.table.c.scope == "pilot"))}
    for city in ("kharkiv", "tirana"):
        status = snapshot(seeded, "cities", city)["coverage"][name]["status"]
        assert (status == "collected") == (city in held), f"{city} {name}"


def test_the_seeds_of_kharkiv_and_tirana_are_in_the_store(seeded: Engine):
    for name, count in {"workshops": 2, "documents": 1, "findings": 1}.items():
        assert len(rows(seeded, select(BY_NAME[name].table.c.id))) >= count
    assert snapshot(seeded, "cities", "kharkiv")["projects"][0] == "buer-covid-19"
    assert snapshot(seeded, "cities", "tirana")["projects"][0] == "buer-covid-19"

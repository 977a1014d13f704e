"""What each writing verb answers, over every collection."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from api.services import catalog
from api.services.editing import merged
from api.services.records import BY_NAME
from tests.factories import (
    MAKE,
    Record,
    city,
    document,
    finding,
    project,
    recommendation,
    store,
    workshop,
)
from tests.stores import journal
from tests.writes.acting import (
    MERGE,
    NAMES,
    PREFIX,
    Writer,
    contents,
    is_problem,
    refused,
    seq,
    trace,
)

ALL = pytest.mark.parametrize("name", NAMES)
MOMENT = datetime(2030, 1, 1, tzinfo=UTC)


def one(name: str, /, **fields: Any) -> Record:
    return MAKE[name]("mine", **fields)


def changed(name: str) -> Record:
    """Return the same record with another text."""
    return one(name, **{BY_NAME[name].label: "Another text"})


def version(answer: TestResponse) -> int:
    found: int = answer.json["data"]["version"]
    return found


# POST.


@ALL
def test_a_record_is_created_with_its_address_and_the_tag_that_reading_it_gives(
    writer: Writer, name: str
) -> None:
    answer = writer.post(f"/{name}", one(name))
    assert (answer.status_code, version(answer)) == (201, 1)
    assert answer.headers["Location"].endswith(f"{PREFIX}/{name}/mine")
    read = writer.get(f"/{name}/mine")
    assert answer.headers["ETag"] == read.headers["ETag"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json == writer.get(f"/{name}/mine?lang=*").json


@ALL
def test_the_same_post_again_is_no_new_version_and_another_is_a_conflict(
    writer: Writer, name: str
) -> None:
    first = writer.post(f"/{name}", one(name))
    again = writer.post(f"/{name}", one(name))
    assert (again.status_code, again.json) == (200, first.json)
    assert again.headers["ETag"] == first.headers["ETag"]
    told = is_problem(writer.post(f"/{name}", changed(name)), 409, "already_exists")
    assert told["version"] == 1
    assert seq(writer.engine) == 1


# PUT.


@ALL
def test_put_creates_what_is_not_there_when_it_says_so(writer: Writer, name: str) -> None:
    answer = writer.put(f"/{name}/mine", one(name), If_None_Match="*")
    assert (answer.status_code, version(answer)) == (201, 1)
    assert answer.headers["Location"].endswith(f"/{name}/mine")
    assert answer.headers["ETag"] == writer.get(f"/{name}/mine").headers["ETag"]
    told = is_problem(writer.put(f"/{name}/mine", one(name), If_None_Match="*"), 412)
    assert told["version"] == 1


@ALL
def test_put_must_say_what_it_changes(writer: Writer, name: str) -> None:
    is_problem(writer.put(f"/{name}/mine", one(name)), 428, "precondition_required")
    is_problem(writer.put(f"/{name}/mine", one(name), If_Match="*"), 412, "precondition_failed")
    is_problem(writer.put(f"/{name}/mine", one(name), If_Match='"1.0"'), 412)
    writer.post(f"/{name}", one(name))
    told = is_problem(writer.put(f"/{name}/mine", changed(name)), 428)
    assert told["version"] == 1
    assert seq(writer.engine) == 1


@ALL
def test_put_replaces_the_version_that_it_names(writer: Writer, name: str) -> None:
    tag = writer.post(f"/{name}", one(name)).headers["ETag"]
    answer = writer.put(f"/{name}/mine", changed(name), If_Match=tag)
    assert (answer.status_code, version(answer)) == (200, 2)
    assert answer.headers["ETag"] == writer.get(f"/{name}/mine").headers["ETag"] != tag
    told = is_problem(writer.put(f"/{name}/mine", one(name), If_Match=tag), 412)
    assert told["version"] == 2
    assert writer.get(f"/{name}/mine").json["data"][BY_NAME[name].label] == "Another text"


@pytest.mark.parametrize(
    "tag",
    ["{}", "W/{}", "*", ' "9.abc", {}', '{}, "9.abc"', '"1.0"', '"1"', '"1.0-gzip"'],
)
def test_a_tag_counts_by_its_version(writer: Writer, tag: str) -> None:
    own = writer.post("/cities", city()).headers["ETag"]
    answer = writer.patch("/cities/city-1", {"name": "Another"}, If_Match=tag.format(own))
    assert answer.status_code == 200


@pytest.mark.parametrize("form", ['"{}-gzip"', 'W/"{}-gzip"', '"{};br"', 'W/"{}"'])
def test_a_tag_that_a_proxy_marked_counts(writer: Writer, form: str) -> None:
    own = writer.post("/cities", city()).headers["ETag"].strip('"')
    answer = writer.patch("/cities/city-1", {"name": "Another"}, If_Match=form.format(own))
    assert answer.status_code == 200


@pytest.mark.parametrize("tag", ["", "1", '""', '"0.1"', '"2.1"', '"11.1"', "nonsense", '"x1.1"'])
def test_a_tag_of_another_version_does_not_count(writer: Writer, tag: str) -> None:
    writer.post("/cities", city())
    for answer in (
        writer.patch("/cities/city-1", {"name": "Another"}, If_Match=tag),
        writer.delete("/cities/city-1", If_Match=tag),
        writer.put("/cities/city-1", city(name="Another"), If_Match=tag),
    ):
        assert answer.status_code in (412, 428)
        assert refused(answer)["version"] == 1
    assert seq(writer.engine) == 1


def test_an_id_other_than_the_addresss_is_refused(writer: Writer) -> None:
    told = is_problem(writer.put("/cities/city-1", city("city-2"), If_None_Match="*"), 422)
    assert [each["pointer"] for each in told["errors"]] == ["/id"]
    writer.post("/cities", city())
    told = is_problem(writer.patch("/cities/city-1", {"id": "city-2"}, If_Match="*"), 422)
    assert [each["pointer"] for each in told["errors"]] == ["/id"]


@ALL
def test_a_body_under_an_address_needs_no_id(writer: Writer, name: str) -> None:
    body = {field: value for field, value in one(name).items() if field != "id"}
    answer = writer.put(f"/{name}/mine", body, If_None_Match="*")
    assert (answer.status_code, answer.json["data"]["id"]) == (201, "mine")


# PATCH.


@ALL
def test_a_patch_changes_what_it_names(writer: Writer, name: str) -> None:
    writer.post(f"/{name}", one(name, external_ids={"a": "1", "b": "2"}))
    answer = writer.patch(f"/{name}/mine", {"external_ids": {"a": None, "c": "3"}}, If_Match="*")
    assert (answer.status_code, version(answer)) == (200, 2)
    assert answer.json["data"]["external_ids"] == {"b": "2", "c": "3"}
    assert answer.headers["ETag"] == writer.get(f"/{name}/mine").headers["ETag"]
    again = writer.patch(f"/{name}/mine", {"external_ids": {"a": None}}, If_Match="*")
    assert (again.status_code, version(again)) == (200, 2)


@ALL
def test_a_patch_takes_a_value_away_by_null(writer: Writer, name: str) -> None:
    empty = BY_NAME[name].empty
    writer.post(f"/{name}", one(name, external_ids={"a": "1"}))
    answer = writer.patch(f"/{name}/mine", dict.fromkeys(set(empty) - REQUIRED), If_Match="*")
    assert answer.status_code == 200, answer.text
    shown = answer.json["data"]
    assert {n: shown[n] for n in empty if n not in REQUIRED} == {
        n: each for n, each in empty.items() if n not in REQUIRED
    }


REQUIRED = {"id", "lang", "sources", "title", "name", "text"}


@ALL
def test_a_patch_cannot_take_away_what_is_required(writer: Writer, name: str) -> None:
    writer.post(f"/{name}", one(name))
    for field in ("lang", "sources", BY_NAME[name].label):
        told = is_problem(writer.patch(f"/{name}/mine", {field: None}, If_Match="*"), 422)
        assert [each["pointer"] for each in told["errors"]] == [f"/{field}"]


@ALL
def test_a_patch_must_say_what_it_changes(writer: Writer, name: str) -> None:
    is_problem(writer.patch(f"/{name}/mine", {}, If_Match="*"), 404)
    writer.post(f"/{name}", one(name))
    assert is_problem(writer.patch(f"/{name}/mine", {}), 428)["version"] == 1
    assert is_problem(writer.patch(f"/{name}/mine", {}, If_Match='"7.0"'), 412)["version"] == 1
    is_problem(writer.patch(f"/{name}/mine", [], If_Match="*"), 422)


@pytest.mark.parametrize("form", ["application/json", "application/json-patch+json", ""])
def test_a_patch_of_another_media_type_is_told_which_are_taken(writer: Writer, form: str) -> None:
    writer.post("/cities", city())
    answer = writer.send("PATCH", "/cities/city-1", {}, form, If_Match="*")
    assert is_problem(answer, 415)["available"] == [MERGE]


# RFC 7396, appendix A: original, patch, result.
EXAMPLES = r"""
{"a":"b"}           {"a":"c"}              {"a":"c"}
{"a":"b"}           {"b":"c"}              {"a":"b","b":"c"}
{"a":"b"}           {"a":null}             {}
{"a":"b","b":"c"}   {"a":null}             {"b":"c"}
{"a":["b"]}         {"a":"c"}              {"a":"c"}
{"a":"c"}           {"a":["b"]}            {"a":["b"]}
{"a":{"b":"c"}}     {"a":{"b":"d","c":null}} {"a":{"b":"d"}}
{"a":[{"b":"c"}]}   {"a":[1]}              {"a":[1]}
["a","b"]           ["c","d"]              ["c","d"]
{"a":"b"}           ["c"]                  ["c"]
{"a":"foo"}         null                   null
{"a":"foo"}         "bar"                  "bar"
{"e":null}          {"a":1}                {"e":null,"a":1}
[1,2]               {"a":"b","c":null}     {"a":"b"}
{}                  {"a":{"bb":{"ccc":null}}} {"a":{"bb":{}}}
"""


@pytest.mark.parametrize("example", EXAMPLES.strip().splitlines())
def test_patches_merge_as_the_standards_examples_do(example: str) -> None:
    original, patch, result = map(orjson.loads, example.split())
    assert merged(original, patch) == result


WORDS = st.sampled_from("abc")
LEAVES = st.none() | st.booleans() | st.integers(0, 3) | WORDS | st.lists(WORDS, max_size=2)
VALUES = st.recursive(LEAVES, lambda inner: st.dictionaries(WORDS, inner, max_size=3), max_leaves=8)


def without_nulls(value: Any) -> Any:
    """Return what a merge of a value into nothing leaves."""
    if not isinstance(value, dict):
        return value
    return {n: without_nulls(each) for n, each in value.items() if each is not None}


@settings(max_examples=150, deadline=None)
@given(VALUES, VALUES)
def test_merging_obeys_its_laws(target: Any, patch: Any) -> None:
    before = orjson.dumps([target, patch])
    once = merged(target, patch)
    assert merged(once, patch) == once
    assert merged(None, patch) == without_nulls(patch)
    assert merged(target, {}) == (target if isinstance(target, dict) else {})
    assert orjson.dumps([target, patch]) == before


@settings(max_examples=150, deadline=None)
@given(VALUES.map(without_nulls), VALUES.map(without_nulls))
def test_any_value_can_be_reached_by_a_patch(one_value: Any, other: Any) -> None:
    assert merged(one_value, difference(one_value, other)) == other


def difference(old: Any, new: Any) -> Any:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    gone: dict[str, Any] = dict.fromkeys(old.keys() - new.keys())
    return gone | {n: difference(old.get(n), each) for n, each in new.items()}


# DELETE.


@ALL
def test_a_deleted_record_is_gone_and_says_why(writer: Writer, name: str) -> None:
    writer.post(f"/{name}", one(name))
    writer.post(f"/{name}", MAKE[name]("other"))
    tag = writer.get(f"/{name}/mine").headers["ETag"]
    path = f"/{name}/mine?reason=Printed+twice&replaced_by=other"
    answer = writer.delete(path, If_Match=tag)
    assert (answer.status_code, answer.data) == (204, b"")
    for method in (writer.get, writer.delete):
        told = is_problem(method(f"/{name}/mine"), 410, "gone")
        assert (told["reason"], told["replaced_by"]) == ("Printed twice", "other")
        assert told["deleted_at"]
    is_problem(writer.patch(f"/{name}/mine", {}, If_Match="*"), 410)
    assert [each["id"] for each in writer.get(f"/{name}").json["data"]] == ["other"]


@ALL
def test_a_deletion_must_say_what_it_deletes(writer: Writer, name: str) -> None:
    is_problem(writer.delete(f"/{name}/mine", If_Match="*"), 404)
    writer.post(f"/{name}", one(name))
    assert is_problem(writer.delete(f"/{name}/mine"), 428)["version"] == 1
    assert is_problem(writer.delete(f"/{name}/mine", If_Match='"2.0"'), 412)["version"] == 1
    assert writer.delete(f"/{name}/mine", If_Match="*").status_code == 204


def test_what_others_point_to_stays_and_they_are_told_by_type(writer: Writer) -> None:
    pointing = [("workshops", workshop(f"w-{n:02}", cities=["city-1"])) for n in range(25)]
    documents = [("documents", document(cities=["city-1"]))]
    store(writer.engine, ("cities", city()), *pointing, *documents)
    told = is_problem(writer.delete("/cities/city-1", If_Match="*"), 409, "still_referenced")
    assert told["references"]["workshops"]["count"] == 25
    assert told["references"]["workshops"]["ids"] == [f"w-{n:02}" for n in range(20)]
    assert told["references"]["documents"] == {"count": 1, "ids": ["document-1"]}
    assert set(told["references"]) == {"workshops", "documents"}


def chain() -> list[tuple[str, Record]]:
    """Return records that each name the one before."""
    return [
        ("projects", project()),
        ("cities", city(projects=["project-1"])),
        ("workshops", workshop(cities=["city-1"])),
        ("workshops", workshop("workshop-2", part_of="workshop-1")),
        ("documents", document(workshops=["workshop-2"])),
        ("findings", finding(documents=["document-1"])),
        (
            "recommendations",
            recommendation(findings=["finding-1"], validations=[{"workshop": "workshop-2"}]),
        ),
        ("actions", MAKE["actions"]("action-1", recommendations=["recommendation-1"])),
    ]


def test_a_chain_can_be_deleted_from_its_end_alone(writer: Writer) -> None:
    store(writer.engine, *chain())
    paths = [f"/{name}/{record['id']}" for name, record in chain()]
    for path in paths[:-1]:
        is_problem(writer.delete(path, If_Match="*"), 409, "still_referenced")
    for path in reversed(paths):
        assert writer.delete(path, If_Match="*").status_code == 204


def test_a_workshop_that_is_part_of_itself_is_no_obstacle_to_its_deletion(writer: Writer) -> None:
    if writer.post("/workshops", workshop(part_of="workshop-1")).status_code == 201:
        assert writer.delete("/workshops/workshop-1", If_Match="*").status_code == 204


@pytest.mark.parametrize("other", ["nobody", "city-1", "gone"])
def test_what_replaces_a_record_is_another_that_is_there(writer: Writer, other: str) -> None:
    store(writer.engine, ("cities", city()), ("cities", city("gone")))
    writer.delete("/cities/gone", If_Match="*")
    refused(writer.delete(f"/cities/city-1?replaced_by={other}", If_Match="*"))
    assert writer.get("/cities/city-1").status_code == 200


@ALL
def test_a_record_that_comes_back_goes_on_counting(writer: Writer, name: str) -> None:
    writer.post(f"/{name}", one(name))
    writer.delete(f"/{name}/mine", If_Match="*")
    is_problem(writer.put(f"/{name}/mine", one(name), If_Match="*"), 412)
    again = writer.post(f"/{name}", one(name))
    assert (again.status_code, version(again)) == (201, 3)
    writer.delete(f"/{name}/mine", If_Match="*")
    put = writer.put(f"/{name}/mine", one(name), If_None_Match="*")
    assert (put.status_code, version(put)) == (201, 5)
    assert [row.version for row in journal(writer.engine)] == [1, 2, 3, 4, 5]


# Dry runs.


def verbs(name: str) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Return each verb on a record that is there at version 2: method, path, what is sent."""
    there = {"headers": {"If-Match": "*"}}
    absent = {"headers": {"If-None-Match": "*"}}
    label = BY_NAME[name].label
    return {
        "POST": ("POST", f"/{name}", {"json": MAKE[name]("new")}),
        "POST again": ("POST", f"/{name}", {"json": changed(name)}),
        "PUT": ("PUT", f"/{name}/mine", {"json": one(name), **there}),
        "PUT new": ("PUT", f"/{name}/new", {"json": MAKE[name]("new"), **absent}),
        "PATCH": (
            "PATCH",
            f"/{name}/mine",
            {"json": {label: "A third"}, "content_type": MERGE, **there},
        ),
        "DELETE": ("DELETE", f"/{name}/mine", there),
        "revert": ("POST", f"/{name}/mine/revert?version=1", there),
        "POST other": ("POST", f"/{name}", {"json": one(name)}),
        "PUT stale": (
            "PUT",
            f"/{name}/mine",
            {"json": one(name), "headers": {"If-Match": '"1.0"'}},
        ),
        "PUT bad": ("PUT", f"/{name}/mine", {"json": {"id": "mine"}, **there}),
    }


def told(answer: TestResponse) -> Any:
    """Return an answer's body without the request's own id."""
    body = answer.json if answer.data else {}
    return {name: value for name, value in body.items() if name != "request_id"}


@ALL
def test_a_dry_run_answers_the_same_and_leaves_no_trace(
    writer: Writer, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "now", lambda: MOMENT)  # a tag names the moment of the change
    store(writer.engine, (name, one(name)), (name, changed(name)))
    for method, path, how in verbs(name).values():
        before, held = trace(writer.engine), contents(writer.engine)
        dry = writer.ask(method, f"{path}{'&' if '?' in path else '?'}dry_run=true", **how)
        assert (trace(writer.engine), contents(writer.engine)) == (before, held)
        wet = writer.ask(method, path, **how)
        assert (dry.status_code, told(dry)) == (wet.status_code, told(wet))
        for header in ("ETag", "Location", "Cache-Control", "Content-Type"):
            assert dry.headers.get(header) == wet.headers.get(header)
        restore(writer, name, held)


def restore(writer: Writer, name: str, held: dict[tuple[str, str], Record]) -> None:
    """Bring a store back to what it held, as to content, so that the next verb finds it so."""
    writer.delete(f"/{name}/new", If_Match="*")
    body = held[name, "mine"]
    if writer.put(f"/{name}/mine", body, If_Match="*").status_code == 412:
        writer.put(f"/{name}/mine", body, If_None_Match="*")


@pytest.mark.parametrize("value", ["", "1", "yes", "TRUE", "true&dry_run=true"])
def test_a_dry_run_that_is_not_clear_writes_nothing(writer: Writer, value: str) -> None:
    is_problem(writer.post(f"/cities?dry_run={value}", city()), 400, "bad_query")
    assert seq(writer.engine) == 0


@ALL
def test_a_misspelt_parameter_writes_nothing(writer: Writer, name: str) -> None:
    store(writer.engine, (name, one(name)), (name, changed(name)))
    before = trace(writer.engine)
    for method, path, how in verbs(name).values():
        answer = writer.ask(method, f"{path}{'&' if '?' in path else '?'}dryrun=true", **how)
        assert is_problem(answer, 400)["errors"][0]["parameter"] == "dryrun"
    assert trace(writer.engine) == before


# Reading and putting back.


@ALL
def test_what_was_read_can_be_put_back_and_is_no_new_version(
    seeded_writer: Writer, name: str
) -> None:
    before, cursor, seen = trace(seeded_writer.engine), "", 0
    while cursor is not None:
        page = seeded_writer.get(f"/{name}?lang=*&limit=200{cursor}").json
        for record in page["data"]:
            path = f"/{name}/{record['id']}"
            tag = f'"{record["version"]}.0"'
            answer = seeded_writer.put(path, record, If_Match=tag)
            assert (answer.status_code, answer.json["data"]) == (200, record), answer.text
            seen += 1
        next_ = page["page"]["next_cursor"]
        cursor = None if next_ is None else f"&cursor={next_}"
    assert trace(seeded_writer.engine) == before
    assert seen == page["page"]["total"] > 0


@ALL
def test_a_record_with_everything_comes_back_as_it_went_in(filled: Writer, name: str) -> None:
    for record in filled.get(f"/{name}?lang=*&limit=20").json["data"]:
        path = f"/{name}/{record['id']}"
        answer = filled.put(path, record, If_Match="*")
        assert (answer.status_code, answer.json["data"]["version"]) == (200, record["version"])


def test_one_languages_view_cannot_be_put_back(writer: Writer) -> None:
    writer.post("/cities", city())
    view = writer.get("/cities/city-1?lang=uk").json["data"]
    told = is_problem(writer.put("/cities/city-1", view, If_Match="*"), 422)
    assert "/fallbacks" in {each["pointer"] for each in told["errors"]}
    patch = {"fallbacks": {}}
    is_problem(writer.patch("/cities/city-1", patch, If_Match="*"), 422)


@ALL
def test_what_the_server_sets_is_ignored_in_a_body(writer: Writer, name: str) -> None:
    sent = {"version": 77, "created_at": "1999", "updated_at": None, "url": "https://x.org/"}
    answer = writer.post(f"/{name}", one(name, **sent))
    assert (answer.status_code, version(answer)) == (201, 1)
    assert answer.json["data"]["url"].endswith(f"{PREFIX}/{name}/mine")
    again = writer.put(f"/{name}/mine", one(name, **sent), If_Match="*")
    assert (again.status_code, version(again)) == (200, 1)
    patched = writer.patch(f"/{name}/mine", sent, If_Match="*")
    assert (patched.status_code, version(patched)) == (200, 1)


# Which fault comes first, and how faults are told.


@pytest.mark.parametrize("body", [{}, {"id": 5}, [], None, "text"], ids=repr)
def test_preconditions_are_judged_before_content(writer: Writer, body: Any) -> None:
    writer.post("/cities", city())
    is_problem(writer.put("/cities/city-1", body, If_None_Match="*"), 412)
    is_problem(writer.put("/cities/city-1", body, If_Match='"2.0"'), 412)
    is_problem(writer.put("/cities/city-1", body), 428)
    is_problem(writer.patch("/cities/city-1", body), 428)
    is_problem(writer.patch("/cities/city-1", body, If_Match='"2.0"'), 412)
    is_problem(writer.put("/cities/city-2", body, If_Match="*"), 412)
    is_problem(writer.put("/cities/city-1", body, If_Match="*"), 422)


def test_all_faults_are_told_at_once_by_json_pointer(writer: Writer) -> None:
    body = workshop(
        kind="wokshop",
        starts_on="2021-02-30",
        objectives=["Good.", ""],
        organisers=[{"role": "host"}],
        participants={"total": 1, "women": 2},
        external_ids={"a/b~c": "1"},
        titel="Wrong",
        sources=[{"title": "A", "confidence": "sure", "fields": ["nmae"]}],
    )
    told = is_problem(writer.post("/workshops", body), 422, "invalid_record")
    pointers = {each["pointer"] for each in told["errors"]}
    assert {
        *("/kind", "/starts_on", "/objectives/1", "/organisers/0/name", "/participants/total"),
        *("/external_ids/a~1b~0c", "/titel", "/sources/0/confidence"),
    } <= pointers
    assert all(each["detail"] for each in told["errors"])


def test_faults_of_form_and_of_references_are_told_together(writer: Writer) -> None:
    body = workshop(kind="nonsense", cities=["nowhere"], part_of="never")
    told = is_problem(writer.post("/workshops", body), 422)
    pointers = {each["pointer"] for each in told["errors"]}
    assert pointers == {"/kind", "/cities/0", "/part_of"}


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"titel": None}, "/titel"),
        ({"fallbacks": None}, "/fallbacks"),
        ({"translations": {"uk": {"titel": None}}}, "/translations/uk/titel"),
        ({"participants": {"grups": None}}, "/participants/grups"),
    ],
)
def test_a_typo_in_a_patch_is_refused_though_its_value_is_null(
    writer: Writer, patch: Any, pointer: str
) -> None:
    store(writer.engine, ("workshops", workshop("mine")))
    told = is_problem(writer.patch("/workshops/mine", patch, If_Match="*"), 422)
    assert [each["pointer"] for each in told["errors"]] == [pointer]


@pytest.mark.parametrize("match", ['"5.a"', "*"])
def test_what_is_not_there_is_not_created_under_if_match(writer: Writer, match: str) -> None:
    headers = {"If_Match": match, "If_None_Match": "*"}
    is_problem(writer.put("/cities/city-1", city(), **headers), 412)
    assert seq(writer.engine) == 0


def test_what_is_there_is_not_changed_under_if_none_match(writer: Writer) -> None:
    tag = writer.post("/cities", city()).headers["ETag"]
    headers = {"If_Match": tag, "If_None_Match": "*"}
    is_problem(writer.patch("/cities/city-1", {"name": "B"}, **headers), 412)


def test_a_deleted_record_does_not_come_back_under_a_stale_tag(writer: Writer) -> None:
    writer.post("/cities", city())
    writer.delete("/cities/city-1", If_Match="*")
    is_problem(writer.revert("/cities/city-1", 1, If_Match='"9.a"'), 412)
    assert writer.revert("/cities/city-1", 1).status_code == 201


def test_all_dangling_references_are_told_at_once(writer: Writer) -> None:
    body = document(cities=["nowhere", "no-place"], projects=["none"], workshops=["never"])
    told = is_problem(writer.post("/documents", body), 422)
    found = [(each["pointer"], each["detail"]) for each in told["errors"]]
    assert sorted(pointer for pointer, _ in found) == [
        *("/cities/0", "/cities/1", "/projects/0", "/workshops/0")
    ]
    assert "there is no city nowhere" in {detail for _, detail in found}


@ALL
def test_missing_fields_are_named(writer: Writer, name: str) -> None:
    told = is_problem(writer.post(f"/{name}", {}), 422)
    pointers = {each["pointer"] for each in told["errors"]}
    assert {"/id", "/lang", "/sources", f"/{BY_NAME[name].label}"} <= pointers


# Caching.


@ALL
def test_a_reader_with_a_token_sees_the_same_tag_but_stores_nothing_shared(
    writer: Writer, anyone: Writer, name: str
) -> None:
    writer.post(f"/{name}", one(name))
    for path in (f"/{name}/mine", f"/{name}"):
        own, others = writer.get(path), anyone.get(path)
        assert own.headers["ETag"] == others.headers["ETag"]
        assert own.headers["Cache-Control"] == "private, no-cache"
        assert others.headers["Cache-Control"].startswith("public, ")
        assert own.data == others.data
        assert writer.get(path, If_None_Match=own.headers["ETag"]).status_code == 304


@pytest.mark.parametrize("verb", verbs("cities"))
def test_no_answer_to_a_write_is_stored(writer: Writer, verb: str) -> None:
    store(writer.engine, ("cities", one("cities")), ("cities", changed("cities")))
    method, path, how = verbs("cities")[verb]
    assert writer.ask(method, path, **how).headers.get("Cache-Control") == "no-store"


def test_a_write_is_seen_at_once_by_the_old_tag(writer: Writer, anyone: Writer) -> None:
    tag = writer.post("/cities", city()).headers["ETag"]
    listed = anyone.get("/cities").headers["ETag"]
    writer.patch("/cities/city-1", {"name": "Another"}, If_Match=tag)
    assert anyone.get("/cities/city-1", If_None_Match=tag).status_code == 200
    assert anyone.get("/cities", If_None_Match=listed).json["data"][0]["name"] == "Another"

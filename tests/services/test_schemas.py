"""The write forms: what each kind of value may be, and faults as pointers in plain words."""

from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from api.schemas.faults import faults
from api.services.records import BY_NAME
from tests.factories import MAKE, Record, load, source

SCHEMAS = {name: collection.schema() for name, collection in BY_NAME.items()}


def with_(name: str, fields: Record) -> Record:
    """Return a good record with other fields."""
    return {**MAKE[name](), **fields}


def wrong(name: str, record: Any) -> dict[str, str]:
    """Return pointer → what is wrong there; empty when all is well."""
    schema = SCHEMAS[name]
    try:
        schema.load(record)
    except ValidationError as error:
        return {str(f.pointer): f.detail for f in faults(schema, error.normalized_messages())}
    return {}


def refused(name: str, /, **fields: Any) -> dict[str, str]:
    return wrong(name, with_(name, fields))


GOOD: list[tuple[str, str, Any]] = [
    ("workshops", "starts_on", "2020"),
    ("workshops", "starts_on", "2020-07"),
    ("workshops", "starts_on", "2020-02-29"),
    ("workshops", "starts_on", "9999-12-31"),
    ("workshops", "starts_at", "2021-09-03T11:00:00+02:00"),
    ("workshops", "starts_at", "2021-09-03T09:00:00Z"),
    ("workshops", "starts_at", "2021-09-03T09:00:00.25-09:30"),
    ("workshops", "languages", ["en", "sr-Latn", "zh-Hant-TW", "pt-BR"]),
    ("workshops", "title", "Line one\nline two\twith ё, 城 and 🎉"),
    ("workshops", "id", "a" * 80),
    ("workshops", "participants", {"total": 3, "women": 2, "men": 1}),
    ("cities", "website", "https://example.org:8443/a/b?x=1&y=%20#top"),
    ("cities", "website", "http://xn--80akhbyknj4f.example/"),
    ("cities", "country", "UA"),
    ("cities", "subdivision", "UA-63"),
    ("cities", "unlocode", "UAHRK"),
    ("cities", "timezone", "Europe/Kyiv"),
    ("cities", "timezone", "America/Argentina/Buenos_Aires"),
    ("cities", "population", [{"value": 0, "year": 1}]),
    ("cities", "external_ids", {"unece_event": "359406", "a1": "x" * 150}),
    ("documents", "pages", 1),
    ("documents", "symbol", "E/ESCWA/CL2.GPID/2022/TP.5"),
    ("documents", "files", [{"id": "en", "media_type": "application/vnd.ms-excel"}]),
    ("documents", "files", [{"id": "en", "sha256": "0123456789abcdef" * 4, "size": 2**53 - 1}]),
    ("recommendations", "dimension", "labour_market"),
    ("actions", "status", "under_way"),
    ("findings", "text", "x" * 20_000),
]


@pytest.mark.parametrize(("name", "field", "value"), GOOD)
def test_a_good_value_is_kept_as_it_is(name: str, field: str, value: Any):
    loaded = load(name, MAKE[name](**{field: value}))[field]
    if isinstance(value, dict):
        assert value.items() <= loaded.items()
    elif isinstance(value, list) and isinstance(value[0], dict):
        assert value[0].items() <= loaded[0].items()
    else:
        assert loaded == value


BAD: list[tuple[str, str, Any]] = [
    *(("workshops", "starts_on", value) for value in (
        "0000", "20", "2020-13", "2020-00", "2021-02-29", "2021-02-30", "2020-7", "2020-07-5",
        "03.09.2021", "2021-09-03T11:00:00Z", "2020\n", "٢٠٢٠", " 2020", "2020/21", 2020, True, [],
    )),
    *(("workshops", "starts_at", value) for value in (
        "2021-09-03", "2021-09-03T11:00:00", "2021-09-03 11:00:00Z", "2021-09-03T25:00:00Z",
        "2021-02-30T11:00:00Z", "2021-09-03T11:00Z", "2021-09-03T11:00:00+25:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00", "2021-09-03T11:00:00Z\n", "2021-09-03T11:00:60Z", 5,
    )),
    *(("workshops", "languages", value) for value in (
        ["english"], ["e"], ["xx"], ["en-"], [""], ["en", "en"], ["en", "EN"], "en", [1], [None],
        ["en\n"], {"en": "x"},
    )),
    *(("workshops", "kind", value) for value in ("Validation", "", " validation", 1,
        ["training"], True)),
    *(("workshops", "objectives", value) for value in (
        ["One", "One"], [""], [" "], "One", [None], ["x" * 20_001], [f"{n}" for n in range(201)],
        {"a": "b"},
    )),
    *(("workshops", "part_of", value) for value in ("Not An Id", "", 5, ["w"])),
    *(("workshops", "cities", value) for value in (
        ["a", "a"], ["A"], ["a b"], ["-a"], ["a-"], ["a--b"], ["a" * 81], ["é"], ["a\n"], "a",
        [1], [["a"]], [None],
    )),
    *(("workshops", "participants", value) for value in (
        {"total": 1, "women": 2}, {"total": 5, "women": 3, "men": 3}, {"total": -1}, {"total": "5"},
        {"total": 1.0}, {"total": True}, {"groups": "all"}, {"people": 5}, [], "many",
    )),
    *(("workshops", "organisers", value) for value in ([{}], [{"name": ""}], ["UNECE"],
        {"name": "x"})),
    *(("cities", "id", value) for value in ("Kharkiv", "", "hoi_an", "hoi an", "a\n", "a" * 81,
        None, 5, "кии", "٣")),
    *(("cities", "lang", value) for value in ("", None, "english", "xx", 5, "en\n")),
    *(("cities", "name", value) for value in (
        "", " ", "\t\n", "\u00a0", None, 2020, [], "x" * 501, "a\x00b", "a\ud800b", "a\x1bb",
        "\x7f",
    )),
    *(("cities", "country", value) for value in ("ua", "UKR", "XX", "", "U", "UA\n", 5)),
    *(("cities", "subdivision", value) for value in ("63", "UA63", "ua-63", "UA-", "UA-6355",
        "UA-6\n")),
    *(("cities", "unlocode", value) for value in ("UA HRK", "UAHR", "uahrk", "UAHR0", "UAHRKX")),
    *(("cities", "timezone", value) for value in ("Kyiv", "Europe/kyiv", "UTC+2",
        "Europe/Kyiv\n", "../etc/passwd")),
    *(("cities", "commission", value) for value in ("unece", "UN ELCAC", "ESCWAA")),
    *(("cities", "latitude", value) for value in (90.001, -91, "50", True, float("nan"),
        float("inf"), 10**400)),
    *(("cities", "population", value) for value in (
        [{}], [{"value": -1}], [{"value": 1.5}], [{"value": 2**31}], [{"value": 1, "year": 0}],
        {"value": 1},
        [{"value": 1, "people": 2}],
    )),
    *(("cities", "coverage", value) for value in (
        {"workshops": {}}, {"workshops": {"status": "found"}},
        {"events": {"status": "collected"}}, [], "none_found",
    )),
    *(("cities", "external_ids", value) for value in (
        {"UNECE": "1"}, {"": "1"}, {"1a": "1"}, {"a b": "1"}, {"a": ""}, {"a": 1}, {"a": None},
        {"a\n": "1"},
        {"a" * 41: "1"}, {"a": "x" * 151}, {f"a{n}": "1" for n in range(51)}, ["a:1"], "a:1",
    )),
    *(("cities", "website", value) for value in (
        "example.org", "//example.org", "ftp://example.org", "http://", "https:///x",
        "http://a b.org", "",
        "https://пример.рф", "javascript:alert(1)", "https://example.org/\n",
        "https://example.org/<x>",
        "https://example.org:port/", "https://[::1", "x" * 2_001, 5,
    )),
    *(("documents", "pages", value) for value in (0, -1, 1.5, "12", True, 2**31)),
    *(("documents", "authors", value) for value in ("Ada", ["Ada", "Ada"], [5])),
    *(("documents", "files", value) for value in (
        [{}], [{"id": "en"}, {"id": "en"}], [{"id": "EN"}], [{"id": "en", "media_type": "pdf"}],
        [{"id": "en", "media_type": "application/pdf; charset=x"}], [{"id": "en",
        "media_type": "application/pdf\n"}],
        [{"id": "en", "sha256": "A" * 64}], [{"id": "en", "sha256": "a" * 63}], [{"id": "en",
        "sha256": "a" * 64 + "\n"}],
        [{"id": "en", "size": -1}], [{"id": "en", "size": 2**53}], [{"id": "en",
        "lang": "english"}], ["en"], {},
    )),
    *(("recommendations", "validations", value) for value in ([{}], [{"workshop": "A"}], ["w"],
        {"workshop": "w"})),
    *(("recommendations", "scope", value) for value in (None, "Pilot", "")),
    *(("actions", "translations", value) for value in (
        {"en": {"text": "x"}}, {"xx": {"text": "x"}}, {"ru": {"txt": "x"}}, {"ru": "x"},
        {"ru": {"text": 5}},
        {"ru": {"text": " "}}, {"ru": {"dimension": "overall"}}, [], {"ru": {"actors": "x"}},
        {"ru": None},
    )),
    *(("projects", "sources", value) for value in (
        [], None, "a page", [{}], [source(confidence="sure")], [source(fields=["titel"])],
        [source(url="x")],
        [{"confidence": "stated"}], [source(retrieved_on="yesterday")], [source(page=5)], [None],
        [source(fields="title")],
        [source(title=None)], [source(fields=["\ud800"])],
    )),
]  # fmt: skip


@pytest.mark.parametrize(("name", "field", "value"), BAD)
def test_a_bad_value_is_refused_at_its_pointer(name: str, field: str, value: Any):
    told = refused(name, **{field: value})
    assert told
    also = {"/longitude"} if field == "latitude" else set()  # where one stands, the other does
    assert all(f"{p}/".startswith(f"/{field}/") for p in told.keys() - also), told


@pytest.mark.parametrize(("name", "field", "value"), BAD)
def test_what_is_told_can_be_sent(name: str, field: str, value: Any):
    told = refused(name, **{field: value})
    assert orjson.loads(orjson.dumps(told)) == told
    plain = " ".join(told.values())
    assert [each for each in ("Not a valid", "Field may", "Invalid") if each in plain] == []


HINTS = [
    ("workshops", {"kind": "validaton"}, "/kind", "validation"),
    ("workshops", {"status": "HELD"}, "/status", "held"),
    ("workshops", {"objectivs": []}, "/objectivs", "objectives"),
    ("cities", {"timezone": "Europe/Kiyv"}, "/timezone", "Europe/Kyiv"),
    ("cities", {"commission": "UN ECE"}, "/commission", "UNECE"),
    ("documents", {"files": [{"id": "a", "mediatype": "x/y"}]}, "/files/0/mediatype", "media_type"),
    ("actions", {"translations": {"ru": {"txt": "x"}}}, "/translations/ru/txt", "text"),
]


@pytest.mark.parametrize(("name", "fields", "pointer", "nearest"), HINTS)
def test_the_nearest_name_is_offered(name: str, fields: Record, pointer: str, nearest: str):
    assert refused(name, **fields)[pointer].endswith(f"Did you mean {nearest}?")


def test_all_faults_are_told_at_once_in_plain_words():
    record = MAKE["workshops"](
        title=None, kind="party", objectives="x", cities=["A"], languages=["en", "en"], colour=1
    )
    del record["lang"]
    told = wrong("workshops", record)
    assert told.keys() == {
        "/title", "/kind", "/objectives", "/cities/0", "/languages/1", "/colour", "/lang",
    }  # fmt: skip
    assert told["/lang"] == "is required"
    assert told["/title"] == "must not be null"
    assert told["/objectives"] == "must be a list"
    assert told["/languages/1"] == "stands here twice"


def test_a_pointer_escapes_what_pointers_must():
    assert set(refused("cities", **{"a/b~c": 1})) == {"/a~1b~0c"}


CROSS = [
    ("workshops", {"starts_on": "2021-09-03", "ends_on": "2021-09-02"}, "/ends_on"),
    ("workshops", {"starts_on": "2021-09", "ends_on": "2021-08"}, "/ends_on"),
    ("actions", {"starts_on": "2022", "ends_on": "2021-12-31"}, "/ends_on"),
    (
        "workshops",
        {"starts_at": "2021-09-03T11:00:00+02:00", "ends_at": "2021-09-03T09:59:00+01:00"},
        "/ends_at",
    ),
    (
        "workshops",
        {"starts_at": "2021-09-03T11:00:00+02:00", "ends_on": "2021-09-02"},
        "/ends_on",
    ),
    ("cities", {"latitude": 50}, "/longitude"),
    ("cities", {"longitude": 36}, "/longitude"),
    ("cities", {"country": "AL", "subdivision": "UA-63"}, "/subdivision"),
    ("cities", {"country": "AL", "unlocode": "UAHRK"}, "/unlocode"),
    ("cities", {"translations": {"en": {"name": "x"}}}, "/translations/en"),
    ("documents", {"files": [{"id": "a"}, {"id": "b"}, {"id": "a"}]}, "/files/2/id"),
]


@pytest.mark.parametrize(("name", "fields", "pointer"), CROSS)
def test_fields_that_do_not_go_together_are_told_at_one_of_them(
    name: str, fields: Record, pointer: str
):
    assert set(refused(name, **fields)) == {pointer}


TOGETHER = [
    ("workshops", {"starts_on": "2021-09-03", "ends_on": "2021"}),
    ("workshops", {"starts_on": "2021", "ends_on": "2021-01-01"}),
    ("workshops", {"starts_on": None, "ends_on": "2021"}),
    ("workshops", {"starts_at": "2021-09-03T11:00:00+02:00", "ends_at": None}),
    ("workshops", {"participants": {"total": None, "women": 3}}),
    ("cities", {"latitude": 90, "longitude": -180}),
    ("cities", {"subdivision": "UA-63", "country": None}),
    ("projects", {"sources": [source(title=None, url="https://example.org", fields=["title"])]}),
]


@pytest.mark.parametrize(("name", "fields"), TOGETHER)
def test_what_goes_together_is_taken(name: str, fields: Record):
    assert refused(name, **fields) == {}


@pytest.mark.parametrize(("given", "kept"), [(None, "2021-09-03"), ("2021-09", "2021-09")])
def test_what_starts_at_a_moment_starts_on_that_day(given: str | None, kept: str):
    at = "2021-09-03T23:30:00-05:00"
    loaded = load("workshops", MAKE["workshops"](starts_at=at, starts_on=given))
    assert (loaded["starts_on"], loaded["ends_on"]) == (kept, None)


def test_language_tags_are_written_alike():
    loaded = load("workshops", MAKE["workshops"](lang="EN-gb", languages=["sr-latn", "ZH-hant"]))
    assert (loaded["lang"], loaded["languages"]) == ("en-GB", ["sr-Latn", "zh-Hant"])


def test_empty_translations_are_dropped_and_the_others_sorted():
    given_ = {"uk": {"text": "а"}, "sq": {}, "ru": {"text": None}, "ar": {"text": "ب"}}
    loaded = load("actions", MAKE["actions"](translations=given_))
    assert list(loaded["translations"].items()) == [("ar", {"text": "ب"}), ("uk", {"text": "а"})]


def test_one_language_in_two_spellings_is_refused():
    texts = {"RU": {"text": "а"}, "ru": {"text": "б"}}
    assert refused("actions", translations=texts)


@pytest.mark.parametrize("name", MAKE)
def test_what_is_left_out_becomes_null_or_empty(name: str):
    loaded = load(name, MAKE[name]())
    assert loaded.keys() == BY_NAME[name].fields.keys()
    given_ = MAKE[name]()
    empty = BY_NAME[name].empty
    assert {n: v for n, v in loaded.items() if n not in given_} == {
        n: v for n, v in empty.items() if n not in given_
    }


@pytest.mark.parametrize("name", MAKE)
def test_a_loaded_record_loads_to_itself(name: str):
    loaded = load(name, MAKE[name]())
    assert load(name, orjson.loads(orjson.dumps(loaded))) == loaded


@pytest.mark.parametrize("name", MAKE)
def test_what_the_server_sets_is_ignored_in_a_body(name: str):
    answer = {"version": 9, "created_at": "x", "updated_at": None, "url": "http://x"}
    assert load(name, MAKE[name](**answer)) == load(name, MAKE[name]())
    assert refused(name, fallbacks={}).keys() == {"/fallbacks"}


@pytest.mark.parametrize("body", [None, [], "text", 5, True, [{"id": "x"}]])
def test_a_body_that_is_no_object_is_told(body: Any):
    assert list(wrong("cities", body).values()) == ["must be an object of named fields"]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["en", "kharkiv", "2020-07-15", "2021-09-03T11:00:00+02:00", "stated",
        "\ud800"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner,
        max_size=4),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(MAKE)), st.data())
def test_whatever_the_json_only_one_kind_of_error_comes(name: str, data: st.DataObject):
    names = st.sampled_from([*BY_NAME[name].fields, "id", "version", "x"])
    record = data.draw(st.dictionaries(names, JSON, max_size=5) | JSON)
    if isinstance(record, dict) and data.draw(st.booleans()):
        record = {**MAKE[name](), **record}
    told = wrong(name, record)
    assert all(pointer == "" or pointer.startswith("/") for pointer in told)
    assert all(told.values())


PARTS = ["sources", "files", "population", "coverage", "participants", "validations", "agencies"]


@settings(max_examples=100, deadline=None)
@example("documents", "files", [{"id": []}, {"id": {}}])
@example("projects", "sources", [{"fields": [[]]}])
@given(
    st.sampled_from(["projects", "cities", "workshops", "documents", "recommendations"]),
    st.sampled_from(PARTS),
    st.lists(st.dictionaries(st.sampled_from(["id", "fields", "value", "lang", "name"]), JSON))
    | st.dictionaries(st.sampled_from(["workshops", "groups", "total"]), JSON),
)
def test_whatever_the_parts_only_one_kind_of_error_comes(name: str, part: str, value: Any):
    told = refused(name, **{part: value})
    assert all(f"{pointer}/".startswith(f"/{part}/") for pointer in told)

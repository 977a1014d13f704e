"""Whatever is sent, through whatever door: a clear refusal, and the store as it was."""

import gzip
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError
from werkzeug.test import TestResponse

from api.errors import PilotCitiesError
from api.schemas.fields import Unique
from api.services import seeding, streaming
from api.services.database import writing
from api.services.doors import Door
from api.services.editing import merged
from api.services.records import BY_NAME
from tests.factories import MAKE, Record, city, source, store, workshop
from tests.writes.acting import (
    JSON,
    MERGE,
    NAMES,
    NDJSON,
    YAML,
    Writer,
    bundle,
    lines,
    refused,
    trace,
)
from tests.writes.malformed import BY_KIND, wrong

DOOR = Door("seed")
FIELDS = [(name, field) for name in NAMES for field in BY_NAME[name].fields]
HTTP = ["POST", "PUT", "PATCH", "json", "yaml", "ndjson"]


def ask(writer: Writer, door: str, name: str, raw: dict[str, bytes]) -> TestResponse:
    """Send a record through a door over HTTP; `raw` has its body for each form."""
    path = f"/{name}/mine"
    if door == "POST":
        return writer.post(f"/{name}", raw["record"])
    if door == "PUT":
        return writer.put(path, raw["record"], If_Match="*")
    if door == "PATCH":
        return writer.patch(path, raw["record"], If_Match="*")
    form = {"json": JSON, "yaml": YAML, "ndjson": NDJSON}[door]
    return writer.send("POST", "/imports", raw[door], form)


def seed(writer: Writer, path: Path) -> str:
    """Apply a seed file, and return the words in which it was refused."""
    with pytest.raises(PilotCitiesError) as found:
        apply(writer, path)
    assert 400 <= found.value.status < 500
    return str(found.value)


def apply(writer: Writer, path: Path) -> None:
    with writing(writer.engine) as connection, path.open("rb") as stream:
        if path.suffix == ".ndjson":
            streaming.stream(connection, stream, path.name, DOOR)
        else:
            seeding.apply(connection, seeding.load([path]), DOOR)


def forms(name: str, record: Record) -> dict[str, bytes]:
    """Return a record in the form of each door."""
    made = bundle((name, record))
    text = yaml.safe_dump(made, allow_unicode=False)
    return {
        "record": dumped(record),
        "json": dumped(made),
        "yaml": text.encode(),
        "ndjson": dumped({"type": name, "data": record}) + b"\n",
    }


def dumped(value: Any) -> bytes:
    """Return JSON, of numbers as large as they come."""
    return json.dumps(value, ensure_ascii=False).encode()


# Fields: each kind of wrong value, in each field, through each door.


@pytest.mark.parametrize("name", NAMES)
def test_no_schema_takes_a_value_that_its_field_cannot_have(name: str) -> None:
    schema, taken = BY_NAME[name].schema(), []
    for field, each in schema.fields.items():
        for value in wrong(each):
            messages = schema.validate({**MAKE[name]("mine"), field: value})
            if not messages:
                taken.append((field, repr(value)[:60]))
    assert taken == []


def sample(name: str, field: str, door: str, most: int) -> list[Any]:
    """Return some wrong values of a field, other ones for each field and door."""
    values = [each for each in wrong(BY_NAME[name].fields[field]) if refusable(name, field, each)]
    if door == "PATCH":  # null within a patch takes away
        values = [each for each in values if refusable(name, field, merged(None, each))]
    start = len(f"{field}{door}") % max(1, len(values) // most)
    return values[start :: max(1, len(values) // most)][:most]


def refusable(name: str, field: str, value: Any) -> bool:
    """Tell whether the schema refuses a value, as it should; the test above tells of others."""
    record = {**MAKE[name]("mine"), field: value}
    return value is not None and bool(BY_NAME[name].schema().validate(record))


@pytest.mark.parametrize("door", HTTP)
@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_value_is_a_422_at_its_field_through_every_door(
    writer: Writer, name: str, door: str
) -> None:
    store(writer.engine, (name, MAKE[name]("mine")))
    before = trace(writer.engine)
    for field in BY_NAME[name].fields:
        if field == "id" and door not in ("POST", "ndjson"):
            continue
        for value in sample(name, field, door, 3):
            record = {**MAKE[name]("mine"), field: value}
            told = refused(ask(writer, door, name, forms(name, record)))
            assert told["status"] in (400, 422), (field, value)
            if told["status"] == 422 and field != "id":
                assert any(f"/{field}" in each["pointer"] for each in told["errors"])
    assert trace(writer.engine) == before


@pytest.mark.parametrize("form", ["json", "yaml", "ndjson"])
@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_value_in_a_seed_file_is_refused_in_words(
    writer: Writer, tmp_path: Path, name: str, form: str
) -> None:
    before = trace(writer.engine)
    for field in BY_NAME[name].fields:
        for value in sample(name, field, form, 1):
            if field == "id" and (form != "ndjson"):
                continue
            path = tmp_path / f"mine.{form}"
            path.write_bytes(forms(name, {**MAKE[name]("mine"), field: value})[form])
            assert field in seed(writer, path) or field == "id"
    assert trace(writer.engine) == before


def test_a_list_is_checked_in_work_that_grows_with_it() -> None:
    class Counting(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

    compared = 0
    field = next(f for f in BY_NAME["cities"].fields.values() if isinstance(f, Unique))
    with pytest.raises(ValidationError):
        field.deserialize([Counting(f"a{number}") for number in range(2_000)])
    assert compared < 100_000


@pytest.mark.parametrize("field", ["sources", "population"])
def test_a_list_of_objects_is_as_long_as_the_guide_says(writer: Writer, field: str) -> None:
    items = {"sources": source(), "population": {"value": 1}}
    answer = writer.post("/cities", city(**{field: [items[field]] * 201}))
    assert f"/{field}" in {each["pointer"] for each in refused(answer)["errors"]}


def test_one_language_cannot_be_translated_into_twice(writer: Writer) -> None:
    texts = {"uk": {"name": "Один"}, "UK": {"name": "Два"}}
    refused(writer.post("/cities", city(translations=texts)))


# Bodies that are not what they say.

GOOD = orjson.dumps(city("mine"))
DEEP = b"[" * 900 + b"]" * 900
DEEP_OBJECT = b'{"a":' * 900 + b"1" + b"}" * 900
BODIES: dict[str, bytes] = {
    "empty": b"",
    "blank": b"  \n",
    "broken": GOOD[:-1],
    "two": GOOD + GOOD,
    "bom": b"\xef\xbb\xbf" + GOOD,
    "utf-16": GOOD.decode().encode("utf-16"),
    "invalid utf-8": GOOD.replace(b"City", b"Ci\xff\xfety"),
    "overlong utf-8": GOOD.replace(b"City", b"\xc0\xaf"),
    "encoded surrogate": GOOD.replace(b"City", b"\xed\xa0\x80"),
    "escaped surrogate": GOOD.replace(b"City", b"\\ud800"),
    "reversed surrogates": GOOD.replace(b"City", b"\\udc00\\ud800"),
    "escaped nul": GOOD.replace(b"City", b"\\u0000"),
    "raw nul": GOOD.replace(b"City", b"\x00"),
    "raw line break": GOOD.replace(b"City", b"Ci\nty"),
    "nan": GOOD.replace(b'"City mine"', b"NaN"),
    "infinity": GOOD.replace(b'"City mine"', b"-Infinity"),
    "1e999": GOOD.replace(b'"City mine"', b"1e999"),
    "10**400": GOOD.replace(b'"City mine"', b"1" + b"0" * 400),
    "10**5000": GOOD.replace(b'"City mine"', b"1" + b"0" * 5_000),
    "0x10": GOOD.replace(b'"City mine"', b"0x10"),
    "name twice": GOOD.replace(b'"lang":', b'"lang":"uk","lang":'),
    "inner name twice": GOOD.replace(b'"title":', b'"title":"A","title":'),
    "comment": b"/* a */" + GOOD,
    "trailing comma": GOOD[:-1] + b",}",
    "single quotes": GOOD.replace(b'"', b"'"),
    "list": b"[" + GOOD + b"]",
    "text": b'"text"',
    "number": b"5",
    "null": b"null",
    "deep list": DEEP,
    "deep object": DEEP_OBJECT,
    "deeper list": b"[" * 100_000,
    "deeper object": b'{"a":' * 100_000,
    "deep list in a field": GOOD.replace(b'"City mine"', DEEP),
    "deep object in a field": GOOD.replace(b'"City mine"', DEEP_OBJECT),
    "deep object in an unknown field": GOOD.replace(b'"name"', b'"nmae"').replace(
        b'"City mine"', DEEP_OBJECT
    ),
    "deep object in external ids": GOOD[:-1] + b',"external_ids":' + DEEP_OBJECT + b"}",
    "deep object in translations": GOOD[:-1] + b',"translations":' + DEEP_OBJECT + b"}",
    "deep object in coverage": GOOD[:-1] + b',"coverage":' + DEEP_OBJECT + b"}",
    "gzip": gzip.compress(GOOD),
    "form": b"id=mine&lang=en",
    "xml": b"<?xml version='1.0'?><city/>",
    "pickle": b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00\x8c\x01a\x94.",
    "prototype": GOOD[:-1] + b',"__proto__":{"admin":true}}',
    "long name": GOOD[:-1] + b',"' + b"x" * 100_000 + b'":1}',
    "odd names": GOOD[:-1] + b',"":1,"/":1,"~":1,"a\\u0000":1,"\\u202e":1}',
}
HARMLESS = {"yaml": {"empty", "blank", "null", "comment"}, "ndjson": {"empty", "blank"}}
"""Of YAML and NDJSON nothing is a bundle without records; `comment` is one that ends at once."""


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_not_a_record_is_refused_by_every_verb(writer: Writer, body: str) -> None:
    store(writer.engine, ("cities", city("mine", name="There")))
    before = trace(writer.engine)
    for door in ("POST", "PUT", "PATCH"):
        refused(ask(writer, door, "cities", {"record": BODIES[body]}))
    assert trace(writer.engine) == before


def as_bundle(raw: bytes, form: str) -> bytes:
    """Return a malformed city within a bundle or a line, or a malformed whole."""
    if not raw.startswith(b"{") or raw.startswith(DEEP_OBJECT[:50]):
        return raw
    if form == "ndjson":
        return b'{"type":"cities","data":' + raw.replace(b"\n", b" ") + b"}\n"
    return b'{"cities":{"mine":' + raw + b"}}"


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_not_a_bundle_is_refused_in_every_form(
    writer: Writer, tmp_path: Path, body: str
) -> None:
    before = trace(writer.engine)
    for form, media in (("json", JSON), ("yaml", YAML), ("ndjson", NDJSON)):
        raw = as_bundle(BODIES[body], form)
        if body in HARMLESS.get(form, ()) or is_good(form, body):
            continue
        refused(writer.send("POST", "/imports", raw, media))
        path = tmp_path / f"mine.{form}"
        path.write_bytes(raw)
        assert seed(writer, path)
    assert trace(writer.engine) == before


def is_good(form: str, body: str) -> bool:
    """Tell what another form's rules allow: YAML has comments, BOMs, and other quotes."""
    taken = {
        "yaml": {
            *("bom", "trailing comma", "single quotes", "raw line break", "0x10", "nan"),
            *("infinity", "10**400", "10**5000"),
        },
        "ndjson": {"raw line break", "deep object"},  # a first line without type is passed over
    }
    return body in taken.get(form, ())


HOSTILE_YAML: dict[str, str] = {
    "anchor": "cities: &a {}\n",
    "alias": "cities: {mine: &a {lang: en}, other: *a}\n",
    "billion laughs": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "recursion": "cities: &a {mine: *a}\n",
    "merge key": "cities:\n  mine:\n    <<: {lang: en}\n",
    "python object": "cities: !!python/object/apply:os.system ['true']\n",
    "python name": "cities: !!python/name:os.system\n",
    "binary": "cities: {mine: {name: !!binary aGVsbG8=}}\n",
    "own tag": "cities: !city {}\n",
    "verbatim tag": "cities: !<tag:yaml.org,2002:map> {}\n",
    "tag directive": "%TAG ! tag:example.org,2020:\n---\ncities: !x {}\n",
    "set": "cities: !!set {a}\n",
    "date": "cities: {mine: {lang: en, name: 2021-01-01, sources: 2021-01-01}}\n",
    "key twice": "cities: {}\ncities: {}\n",
    "quoted key twice": "cities: {}\n'cities': {}\n",
    "two documents": "cities: {}\n---\ncities: {}\n",
    "complex key": "? [a]\n: b\n",
    "mapping as key": "{a: b}: c\n",
    "null key": "? \n: b\n",
    "list": "- cities\n",
    "scalar": "cities\n",
    "tab": "cities:\n\tmine: {}\n",
    "unclosed": "cities: {mine: [\n",
    "bad escape": 'cities: "\\q"\n',
    "surrogate escape": 'cities: {mine: {name: "\\ud800"}}\n',
    "nul escape": 'cities: {mine: {lang: en, name: "\\0"}}\n',
    "control": "cities: \x07\n",
    "version": "%YAML 9.9\n---\ncities: {}x\n",
    "deep": "a: " + "[" * 5_000 + "]" * 5_000,
    "deep blocks": "".join(f"{' ' * n}a:\n" for n in range(200)),
    "infinity": "cities: {mine: {latitude: .inf, longitude: .nan}}\n",
    "1e999": "cities: {mine: {lang: en, latitude: 1e999, longitude: -1e999}}\n",
    "long number": f"cities: {{mine: {{latitude: {'9' * 5_000}}}}}\n",
    "octal": "cities: {mine: {population: [{value: 0o17}]}}\n",
    "id that is a path": "cities: {../x: {lang: en}}\n",
    "null record": "cities: {mine: }\n",
    "null records": "cities: 5\n",
    "unknown collection": "citys: {}\n",
    "proto": "__proto__: {}\n",
}


@pytest.mark.parametrize("text", HOSTILE_YAML)
def test_hostile_yaml_is_refused_with_its_place(writer: Writer, tmp_path: Path, text: str) -> None:
    before = trace(writer.engine)
    refused(writer.send("POST", "/imports", HOSTILE_YAML[text].encode(), YAML))
    path = tmp_path / "mine.yaml"
    path.write_text(HOSTILE_YAML[text])
    assert "mine.yaml" in seed(writer, path)
    assert trace(writer.engine) == before


LINE = lines(("cities", city("mine")))
HOSTILE_LINES: dict[str, bytes] = {
    "broken": b'{"type": "cities", "data": {\n',
    "list": b"[]\n",
    "text": b'"cities"\n',
    "null": b"null\n",
    "unknown type": b'{"type": "citys", "data": {}}\n',
    "null type": b'{"type": null, "data": {}}\n',
    "listed type": b'{"type": ["cities"], "data": {}}\n',
    "singular type": lines(("city", city("other"))),
    "no type": b'{"data": {}}\n',
    "no data": b'{"type": "cities"}\n',
    "null data": b'{"type": "cities", "data": null}\n',
    "listed data": b'{"type": "cities", "data": []}\n',
    "no id": b'{"type": "cities", "data": {"lang": "en"}}\n',
    "listed id": b'{"type": "cities", "data": {"id": ["mine"]}}\n',
    "version in words": lines(("cities", city("other", version="one"))),
    "type twice": b'{"type": "cities", "type": "cities", "data": {}}\n',
    "cut": LINE[:-20],
    "two on a line": LINE[:-1] + LINE,
    "invalid utf-8": LINE.replace(b"City", b"\xff"),
    "a line of 6 MB": lines(("cities", city("other", summary="x" * 6_000_000))),
    "6 MB without end": b" " * 6_000_000,
    "forward reference": lines(
        ("workshops", workshop(cities=["later"])), ("cities", city("later"))
    ),
    "dangling reference": lines(("workshops", workshop(cities=["never"]))),
    "dangling part_of": lines(("workshops", workshop(part_of="never"))),
    "wrong record": lines(("cities", city("other", latitude=5))),
    "a million faults": b'{"type": "citys"}\n' * 20_000,
    "json bundle": orjson.dumps({"cities": {}}) + b"\n",
}


@pytest.mark.parametrize("at", ["first", "middle"])
@pytest.mark.parametrize("text", HOSTILE_LINES)
def test_a_wrong_line_stops_the_whole_stream(
    writer: Writer, tmp_path: Path, text: str, at: str
) -> None:
    if at == "first" and text in ("no type", "json bundle"):  # what a snapshot's first line may be
        return
    before = trace(writer.engine)
    raw = (LINE if at == "middle" else b"") + HOSTILE_LINES[text]
    told = refused(writer.send("POST", "/imports", raw, NDJSON))
    assert len(told.get("errors", ())) <= 100
    path = tmp_path / "mine.ndjson"
    path.write_bytes(raw)
    assert seed(writer, path)
    assert trace(writer.engine) == before


# Media types and codings.


@pytest.mark.parametrize(
    "form", ["", "text/plain", "application/xml", "application/jsonx", "multipart/form-data"]
)
def test_a_body_of_another_media_type_is_a_415_that_tells_which_are_taken(
    writer: Writer, form: str
) -> None:
    store(writer.engine, ("cities", city("mine")))
    before = trace(writer.engine)
    for method, path in (
        *(("POST", "/cities"), ("PUT", "/cities/mine"), ("PATCH", "/cities/mine")),
        ("POST", "/imports"),
    ):
        told = refused(writer.send(method, path, GOOD, form, If_Match="*"))
        assert (told["status"], bool(told["available"])) == (415, True)
    assert trace(writer.engine) == before


@pytest.mark.parametrize("form", [f"{JSON}; charset=utf-8", "Application/JSON"])
def test_parameters_and_case_of_a_media_type_do_no_harm(writer: Writer, form: str) -> None:
    assert writer.send("POST", "/cities", GOOD, form).status_code == 201


def test_a_coded_body_is_refused(writer: Writer) -> None:
    for method, path, form in (
        *(("POST", "/cities", JSON), ("PUT", "/cities/mine", JSON)),
        *(("PATCH", "/cities/mine", MERGE), ("POST", "/imports", JSON)),
        *(("POST", "/imports", YAML), ("POST", "/imports", NDJSON)),
    ):
        how = {"If_None_Match": "*", "Content_Encoding": "gzip"}
        refused(writer.send(method, path, gzip.compress(GOOD), form, **how))
    assert trace(writer.engine)["seq"] == 0


# Addresses.

IDS = [
    *("..%2fx", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "Kharkiv", "a_b", "a--b", "a%0a", "%00", "a%00"),
    *("%ff", "%ed%a0%80", "a" * 81, "a" * 5_000, "%d1%85", "*", "%25", "a%20b", "';--", "%0d%0a"),
]


@pytest.mark.parametrize("id_", IDS)
def test_an_id_that_no_record_can_have_is_no_record(writer: Writer, id_: str) -> None:
    for method, how in (
        *(("GET", {}), ("DELETE", {"headers": {"If-Match": "*"}})),
        ("PATCH", {"json": {}, "content_type": MERGE, "headers": {"If-Match": "*"}}),
        ("PUT", {"json": city("mine"), "headers": {"If-None-Match": "*"}}),
        ("PUT", {"json": {"lang": "en"}, "headers": {"If-None-Match": "*"}}),
    ):
        refused(writer.ask(method, f"/cities/{id_}", **how))
    for path in ("/versions", "/versions/1", "/versions/1/changes", "/bundle", "/bundle.yaml"):
        refused(writer.get(f"/cities/{id_}{path}"))
    refused(writer.revert(f"/cities/{id_}", 1))
    assert trace(writer.engine)["seq"] == 0


@pytest.mark.parametrize(
    "query",
    ["reason=a%00b", "replaced_by=../x", "replaced_by=", "reason=" + "x" * 1_001],
)
def test_a_reason_that_cannot_be_kept_is_refused(writer: Writer, query: str) -> None:
    store(writer.engine, ("cities", city("mine")))
    refused(writer.delete(f"/cities/mine?{query}", If_Match="*"))
    assert writer.get("/cities/mine").status_code == 200


@pytest.mark.parametrize("number", ["", "0", "-1", "1.5", "x", "9" * 30, "٣", "%00", "1%0a"])
def test_a_version_that_cannot_be_is_refused(writer: Writer, number: str) -> None:
    store(writer.engine, ("cities", city("mine")))
    refused(writer.ask("POST", f"/cities/mine/revert?version={number}"))
    refused(writer.get(f"/cities/mine/versions?before={number}"))
    if number:
        refused(writer.get(f"/cities/mine/versions/{number}"))
        refused(writer.get(f"/cities/mine/versions/{number}/changes"))


@pytest.mark.parametrize("digest", ["", "x", "sha256:", "sha256:" + "0" * 63, "sha256:" + "G" * 64])
def test_a_digest_that_is_none_is_refused(writer: Writer, digest: str) -> None:
    refused(writer.send("POST", f"/imports?apply={digest}", bundle(("cities", city())), JSON))
    assert trace(writer.engine)["seq"] == 0


# Anything at all.

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from([v for values in BY_KIND.values() for v in values if isinstance(v, str)]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
BOUNDED = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@BOUNDED
@given(pair=st.sampled_from(FIELDS), value=ANYTHING, door=st.sampled_from(HTTP))
def test_whatever_a_field_is_given_is_answered(
    writer: Writer, pair: tuple[str, str], value: Any, door: str
) -> None:
    name, field = pair
    if field == "id" and not isinstance(value, str):
        value = str(value)  # bundles have it as a key, which is text
    answer = ask(writer, door, name, forms(name, {**MAKE[name]("mine"), field: value}))
    assert answer.status_code < 300 or refused(answer)


@BOUNDED
@given(raw=st.binary(max_size=200), door=st.sampled_from(HTTP), body=st.sampled_from([*BODIES]))
def test_whatever_bytes_come_are_answered(writer: Writer, raw: bytes, door: str, body: str) -> None:
    cut = len(raw) * 7 % (len(BODIES[body]) + 1) if len(BODIES[body]) < 2_000 else 0
    mixed = BODIES[body][:cut] + raw + BODIES[body][cut:] if len(BODIES[body]) < 2_000 else raw
    answer = ask(writer, door, "cities", dict.fromkeys(("record", *HTTP), mixed))
    assert answer.status_code < 300 or refused(answer)

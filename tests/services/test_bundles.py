"""Bundles: YAML 1.2 without its traps, and faults that are told with file, line and field."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.errors import BodyTooLarge, InvalidRecord, MalformedBody
from api.services import seeding
from api.services.bundles import read_yaml
from api.services.reading import LARGEST, SUFFIXES, read_bytes, read_file

NAME = "mine.yaml"


def read(text: str) -> dict[str, Any]:
    return read_yaml(text.encode(), NAME).data


CORE = {
    "NO": "NO",
    "no": "no",
    "yes": "yes",
    "on": "on",
    "Off": "Off",
    "y": "y",
    "2021-09-03": "2021-09-03",
    "2021-09-03T11:00:00+02:00": "2021-09-03T11:00:00+02:00",
    "2020": 2020,
    "09:00": "09:00",
    "1:30:00": "1:30:00",
    "012": 12,
    "0o14": 12,
    "0xC": 12,
    "1_000": "1_000",
    "0b11": "0b11",
    "+5": 5,
    "-0": 0,
    "49.9925": 49.9925,
    ".5": 0.5,
    "1.": 1.0,
    "1e3": 1000.0,
    ".": ".",
    "1.2.3": "1.2.3",
    "=": "=",
    "null": None,
    "Null": None,
    "NULL": None,
    "~": None,
    "": None,
    "none": "none",
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    '"123"': "123",
    "'null'": "null",
    "'NO'": "NO",
    "E/ESCWA/CL2.GPID": "E/ESCWA/CL2.GPID",
    "Харків": "Харків",
}


@pytest.mark.parametrize("plain", CORE)
def test_a_plain_value_is_what_yaml_1_2_says(plain: str):
    value = read(f"a: {plain}")["a"]
    assert (value, type(value)) == (CORE[plain], type(CORE[plain]))


def test_blocks_lists_and_keys_are_read_as_they_stand():
    text = "a: >-\n  one\n  two\nb: |\n  x\n  y\nc: [1, [2, {d: e}]]\nNO: z\n'1': f\n"
    assert read(text) == {
        "a": "one two",
        "b": "x\ny\n",
        "c": [1, [2, {"d": "e"}]],
        "NO": "z",
        "1": "f",
    }


def test_json_is_yaml_too():
    assert read('{"a": {"b": [1, null, true, "x\\u00e9"]}}') == {"a": {"b": [1, None, True, "xé"]}}


@pytest.mark.parametrize("raw", [b"", b"\n# nothing\n", b"---\n", b"---\n...\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_empty_bundle(raw: bytes):
    assert read_yaml(raw, NAME).data == {}


@pytest.mark.parametrize("raw", [b"null\n", b"~", b"''", b"1", b"[]", b"text"])
def test_what_is_no_mapping_is_no_bundle(raw: bytes):
    with pytest.raises(MalformedBody, match="a bundle is a mapping"):
        read_yaml(raw, NAME)


def test_a_byte_order_mark_is_no_part_of_the_text():
    assert read_yaml(b"\xef\xbb\xbfa: b", NAME).data == {"a": "b"}


BAD = {
    "a key twice": ("a: 1\nb: 2\na: 3\n", 3),
    "a key twice inside": ("a:\n  b: 1\n  b: 1\n", 3),
    "a key twice in two spellings": ("a: 1\n'a': 2\n", 2),
    "an anchor": ("a: &x 1\n", 1),
    "an anchor on a list": ("a:\n  - &x [1]\n", 2),
    "an alias": ("a: 1\nb: *x\n", 2),
    "a merge key": ("a: 1\nb:\n  <<: *x\n", 3),
    "a tag": ("a: 1\nb: !!python/object/apply:os.system ['true']\n", 2),
    "a text's tag": ("a: !!str 1\n", 1),
    "a tag on a mapping": ("a: !thing {}\n", 1),
    "a set": ("a: !!set {b}\n", 1),
    "two documents": ("a: 1\n---\nb: 2\n", 2),
    "a list as key": ("a: 1\n? [b]\n: c\n", 2),
    "a broken list": ("a: 1\nb: [1,\n", 3),
    "a tab": ("a:\n\tb: 1\n", 2),
    "bad indentation": ("a:\n  b: 1\n c: 2\n", 3),
    "too deep": ("a:\n" + "  " + "[" * 60 + "]" * 60, 2),
    "far too deep": ("a: " + "[" * 100_000, 1),
    "deep mappings": ("\n".join(" " * n + "a:" for n in range(100)), 41),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_not_taken_is_told_with_file_and_line(kind: str):
    text, line = BAD[kind]
    with pytest.raises(MalformedBody, match=NAME) as caught:
        read(text)
    assert str(line) in caught.value.detail.removeprefix(NAME)


def test_a_billion_laughs_are_not_laughed():
    laughs = ["a: &a [ha]"]
    laughs += [f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in pairwise("abcdefghi")]
    with pytest.raises(MalformedBody, match=r"mine\.yaml:1: anchors"):
        read("\n".join(laughs))


@pytest.mark.parametrize(
    "raw",
    [
        b"- a\n- b\n",
        b"just text",
        b"12",
        b"a: \xff\n",
        "a: б".encode("utf-16"),
        "a: б".encode("cp1251"),
        b"a: \x00\n",
        b"a: \x1b[31m\n",
        b"a: b\x08\n",
        b"\x00\x01\x02",
    ],
)
def test_what_is_no_bundle_is_told_with_its_file(raw: bytes):
    with pytest.raises(MalformedBody, match=NAME):
        read_yaml(raw, NAME)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_is_too_large_is_not_parsed(suffix: str):
    with pytest.raises(BodyTooLarge, match=r"mine\.yaml: larger than 20,000,000 bytes"):
        read_bytes(b"#" * (LARGEST + 1), NAME, suffix)


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(MalformedBody, match=r"none\.yaml: No such file"):
        read_file(tmp_path / "none.yaml")


@pytest.mark.parametrize("text", ['{"a": 1,}', '{"a": 1, "a": 2}', "[1]", '{"a": NaN}', '"x"'])
def test_a_json_bundle_that_is_none_is_told_with_its_file(tmp_path: Path, text: str):
    (tmp_path / "mine.json").write_text(text)
    with pytest.raises(MalformedBody, match=r"mine\.json"):
        read_file(tmp_path / "mine.json")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.text("a:-[]{}&*!|>'\"%@`? \n\t#,.~<0é", max_size=60))
def test_whatever_the_bytes_only_one_kind_of_error_comes(raw: bytes | str):
    raw = raw if isinstance(raw, bytes) else raw.encode()
    said, data = "", {}
    try:
        data = read_yaml(raw, NAME).data
    except MalformedBody as error:
        said = error.detail
    assert isinstance(data, dict)
    assert not said or NAME in said


SOURCES = "    sources: [{title: A page, confidence: stated}]\n"
CITY = f"cities:\n  c:\n    lang: en\n    name: Kharkiv\n{SOURCES}"


def faults(tmp_path: Path, *texts: str) -> list[tuple[str, str]]:
    """Return (place, detail) of all that is wrong with bundles one.yaml, two.yaml, …"""
    paths = []
    for number, text in zip(("one", "two", "three"), texts, strict=False):
        paths.append(tmp_path / f"{number}.yaml")
        paths[-1].write_text(text, encoding="utf-8")
    with pytest.raises(InvalidRecord) as caught:
        seeding.load(paths)
    return [
        (": ".join(p for p in (fault.place, fault.pointer) if p), fault.detail)
        for fault in caught.value.faults
    ]


def test_an_unknown_collection_is_told_with_the_nearest(tmp_path: Path):
    text = CITY + "workshop:\n  w:\n    lang: en\n"
    ((place, detail),) = faults(tmp_path, text)
    assert place == "one.yaml:6: /workshop"
    assert detail.endswith("Did you mean workshops?")


def test_an_unknown_field_is_told_with_the_nearest(tmp_path: Path):
    ((place, detail),) = faults(tmp_path, CITY + "    contry: UA\n")
    assert place == "one.yaml:6: /cities/c/contry"
    assert detail == "there is no such field. Did you mean country?"


def test_an_unknown_field_with_a_list_is_told_at_its_own_line(tmp_path: Path):
    ((place, _),) = faults(tmp_path, CITY + "    alias:\n      - Kharkov\n")
    assert place == "one.yaml:6: /cities/c/alias"


def test_a_value_deep_inside_is_told_at_its_line(tmp_path: Path):
    text = CITY + "    population:\n      - value: 5\n        year: 2020\n      - value: '6'\n"
    assert faults(tmp_path, text) == [
        ("one.yaml:9: /cities/c/population/1/value", "must be a whole number")
    ]


def test_a_number_in_place_of_text_is_told_to_be_quoted(tmp_path: Path):
    ((place, detail),) = faults(tmp_path, CITY.replace("Kharkiv", "2020"))
    assert place == "one.yaml:4: /cities/c/name"
    assert "in quotes" in detail


def test_a_missing_field_is_told_at_its_record(tmp_path: Path):
    ((place, detail),) = faults(tmp_path, CITY.replace("    name: Kharkiv\n", ""))
    assert place.startswith("one.yaml:")
    assert (place.rpartition(" ")[2], detail) == ("/cities/c/name", "is required")


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path):
    one = CITY.replace("lang: en", "lang: english") + "    country: ua\n    latitude: 95\n"
    two = CITY.replace("  c:", "  Bad Id:") + "findings: []\nnothing: {}\n"
    places = [place for place, _ in faults(tmp_path, one, two)]
    assert {place.partition(": ")[2] for place in places} == {
        "/cities/c/lang",
        "/cities/c/country",
        "/cities/c/latitude",
        "/cities/c/longitude",  # it is missing
        "/cities/Bad Id/id",
        "/findings",
        "/nothing",
    }
    assert sum(place.startswith("two.yaml:") for place in places) == 3


def test_an_id_with_a_slash_is_told_at_its_record(tmp_path: Path):
    text = CITY + f"  a/b:\n    lang: en\n    name: X\n{SOURCES}"
    ((place, _),) = faults(tmp_path, text)
    assert place.startswith(("one.yaml:6:", "one.yaml:7:"))


def test_one_id_in_two_files_is_told_with_both_places(tmp_path: Path):
    ((place, detail),) = faults(tmp_path, CITY, f"# again\n{CITY}")
    assert place.startswith("two.yaml:")
    assert "one.yaml:" in detail


@pytest.mark.parametrize(
    "text", ["cities:\n  c: null\n", "cities:\n  c: []\n", "cities:\n  c: {id: d}\n", "cities: 5\n"]
)
def test_what_is_no_record_is_told_with_its_place(tmp_path: Path, text: str):
    ((place, _), *_) = faults(tmp_path, text)
    assert place.startswith("one.yaml:")


def test_a_control_character_is_told_with_its_place(tmp_path: Path):
    ((place, detail),) = faults(tmp_path, CITY.replace("Kharkiv", '"Khar\\0kiv"'))
    assert place == "one.yaml:4: /cities/c/name"
    assert "control character" in detail


def test_many_faults_are_counted_and_the_first_hundred_shown(tmp_path: Path):
    records = "".join(f"  c-{n}:\n    lang: en\n    name: X\n" for n in range(150))
    path = tmp_path / "many.yaml"
    path.write_text(f"cities:\n{records}")
    with pytest.raises(InvalidRecord, match="150 faults") as caught:
        seeding.load([path])
    assert len(caught.value.faults) == 100


def test_the_records_come_in_an_order_in_which_each_names_only_those_before(tmp_path: Path):
    path = tmp_path / "one.yaml"
    workshop = f"workshops:\n  w:\n    lang: en\n    title: X\n    cities: [c]\n{SOURCES}"
    path.write_text(workshop + CITY)
    assert [item.key for item in seeding.load([path])] == [("cities", "c"), ("workshops", "w")]

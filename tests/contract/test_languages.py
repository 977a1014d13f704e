"""Records in the languages that are asked for, with an honest word about each text."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from api.services.collection import Collection
from tests.contract.conftest import Everything
from tests.contract.oracle import bounded, each, faults, get
from tests.contract.varied import LANGUAGES
from tests.factories import Record

TAGS = [*LANGUAGES, "en-GB", "uk-UA", "EN", "sr-Latn-RS", "sr", "sr-Cyrl", "de"]


def _language(asked: str, record: Record) -> str | None:
    """Return the language of a record that answers a tag: cut from the right until one fits."""
    there = {each.casefold(): each for each in (record["lang"], *record["translations"])}
    parts = asked.casefold().split("-")
    cuts = ["-".join(parts[:size]) for size in range(len(parts), 0, -1)]
    return next((there[cut] for cut in cuts if cut in there), None)


def _texts(record: Record, lang: str) -> Record:
    own: Record = record if lang == record["lang"] else record["translations"][lang]
    return own


def flat(collection: Collection, record: Record, asked: list[str]) -> Record:
    """Return what `lang=` makes of a record of `lang=*`."""
    chain = [found for tag in asked if (found := _language(tag, record))]
    first = _language(asked[0], record) if asked else record["lang"]
    rest = sorted(record["translations"])
    rest = [lang for lang in rest if lang == "en"] + [lang for lang in rest if lang != "en"]
    shown = {n: value for n, value in record.items() if n != "translations"}
    shown |= {"lang": [*chain, record["lang"]][0], "fallbacks": {}}
    for name in collection.translated:
        for lang in (*chain, record["lang"], *rest):
            if text := _texts(record, lang).get(name):
                shown[name] = text
                shown["fallbacks"] |= {} if lang == first else {name: lang}
                break
    return shown


@each
def test_without_lang_each_record_comes_in_its_own(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    plain = get(reader, collection.name, limit="200")["data"]
    for record, own in zip(everything[collection.name], plain, strict=True):
        assert own == flat(collection, record, [])
    assert len({record["lang"] for record in plain}) > 1


@each
@bounded
@given(asked=st.lists(st.sampled_from(TAGS), min_size=1, max_size=4))
def test_each_text_comes_in_the_first_language_that_has_it(
    reader: FlaskClient, everything: Everything, collection: Collection, asked: list[str]
) -> None:
    shown = get(reader, collection.name, lang=",".join(asked), limit="200")["data"]
    for record, found in zip(everything[collection.name], shown, strict=True):
        assert found == flat(collection, record, asked)


@each
def test_a_fallback_tells_the_language_of_the_text(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    whole = {record["id"]: record for record in everything[collection.name]}
    for record in get(reader, collection.name, lang="uk,ru", limit="200")["data"]:
        for name in collection.translated:
            if record[name]:
                lang = record["fallbacks"].get(name, "uk")
                assert record[name] == _texts(whole[record["id"]], lang)[name]


@each
def test_all_languages_have_no_fallbacks(everything: Everything, collection: Collection) -> None:
    for record in everything[collection.name]:
        assert "fallbacks" not in record
        assert record["lang"] not in record["translations"]


@each
def test_what_comes_along_is_in_the_same_language(
    reader: FlaskClient, collection: Collection
) -> None:
    for name in sorted(set(collection.references.values())):
        body = get(reader, collection.name, include=name, lang="uk,en", limit="9")
        for record in body["included"][name]:
            assert get(reader, f"{name}/{record['id']}", lang="uk,en")["data"] == record


@each
@pytest.mark.parametrize("header", ["uk", "ru;q=0.9, *;q=0.1", "not a language"])
def test_accept_language_is_not_looked_at(
    reader: FlaskClient, collection: Collection, header: str
) -> None:
    path = f"/api/v1/{collection.name}"
    asked = reader.get(path, headers={"Accept-Language": header})
    assert asked.data == reader.get(path).data
    assert asked.headers["ETag"] == reader.get(path).headers["ETag"]
    assert "Accept-Language" not in asked.headers["Vary"]


NO_TAGS = [
    "",
    ",",
    "en,",
    "en,,uk",
    "*,en",
    "**",
    "e",
    "english",
    "en_GB",
    "1",
    "é",
    "en-",
    "en uk",
]


@each
def test_what_is_no_language_tag_is_refused(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    one = everything[collection.name][0]["id"]
    for lang in (*NO_TAGS, ",".join(["en"] * 11)):
        assert "lang" in faults(reader, collection.name, lang=lang)
        assert "lang" in faults(reader, f"{collection.name}/{one}", lang=lang)

"""The benchmark asks fairly only if all contenders hold the same records, and ours are valid."""

from collections import Counter
from itertools import islice

import orjson
import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from api.services.items import load_fields
from api.services.records import BY_NAME
from bench.making import fill_peers, write_lines
from bench.peers.models import City, Document, Recommendation, Translation, Workshop, search
from bench.records import SIZES, countries, records
from bench.shapes import line, peer_rows
from bench.words import LANGUAGES, vocabulary


def test_a_size_gives_the_same_records_each_time():
    assert list(islice(records("S"), 300)) == list(islice(records("S"), 300))


def test_a_size_has_the_records_that_it_says():
    counts = Counter(type(each).__name__ for each in records("S"))
    assert tuple(counts.values()) == SIZES["S"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_language_differ(language):
    words = vocabulary(language)
    assert len(set(words)) == len(words) == 150


def test_every_line_is_valid_and_names_only_what_comes_before_it(tmp_path):
    write_lines("S", tmp_path / "records.ndjson")
    met = set()
    for text in (tmp_path / "records.ndjson").read_bytes().splitlines():
        entry = orjson.loads(text)
        collection = BY_NAME[entry["type"]]
        record, _ = load_fields(collection.schema(), entry["data"]["id"], entry["data"])
        met.add((collection.name, record["id"]))
        for field, target in collection.references.items():
            named = record[field] or []
            for each in named if isinstance(named, list) else [named]:
                found = each if isinstance(each, str) else each["workshop"]
                assert (target, found) in met


def test_the_peers_get_the_text_that_we_get():
    for record in islice(records("S"), 1_500, 2_516):
        ours = orjson.loads(line(record))["data"]
        (_, row), *others = peer_rows(record)
        assert (ours["id"], ours["text"]) == (row["slug"], row["text"])
        told = {each["language"]: {"text": each["text"]} for _, each in others}
        assert ours["translations"] == told


def test_the_peers_hold_all_records_and_find_them():
    engine = create_engine("sqlite://")
    fill_peers("S", engine)
    with Session(engine) as session:
        models = (City, Workshop, Document, Recommendation)
        found = [session.scalar(select(func.count()).select_from(each)) for each in models]
        assert tuple(found) == SIZES["S"]
        translated = sum(bool(getattr(each, "translation", None)) for each in records("S"))
        assert session.scalar(select(func.count()).select_from(Translation)) == translated > 100
        word = vocabulary("en")[9]
        hits, total = search(session, word, 5)
        assert total > len(hits) == 5
        assert all(word in each.texts.casefold() for each in hits)
    engine.dispose()


def test_every_country_has_cities():
    there = {each.country for each in islice(records("M"), SIZES["M"].cities)}
    assert there == set(countries("M"))

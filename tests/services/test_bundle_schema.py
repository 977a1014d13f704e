"""The published form of bundles: it takes ours, and finds mistakes as an import does."""

from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from api.contract import SCHEMA_PATH
from api.services.reading import read_file
from api.settings import ROOT
from tests.factories import city, source, workshop

SCHEMA = orjson.loads(SCHEMA_PATH.read_bytes())
VALIDATOR = Draft202012Validator(SCHEMA)
CITIES: dict[str, dict[str, Any]] = {
    "no source": {"sources": []},
    "a source without a name": {"sources": [{"confidence": "stated"}]},
    "no country": {"country": "XX"},
    "no time zone": {"timezone": "Nope/No"},
    "a name twice": {"aliases": ["A", "A"]},
    "no language": {"translations": {"ukrainian!": {"name": "A"}}},
    "no version": {"version": 0},
    "an unknown field": {"titel": "A"},
    "a number as text": {"latitude": "49"},
}


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", sorted((ROOT / "seed").glob("*.yaml")), ids=lambda p: p.name)
def test_it_takes_our_own_bundles(path: Any) -> None:
    assert list(VALIDATOR.iter_errors(read_file(path).data)) == []


def test_it_takes_what_an_import_takes() -> None:
    full = city(country="UA", timezone="Europe/Kyiv", aliases=["A", "B"], version=1)
    named = {"cities": {"c": full}, "workshops": {"w": workshop("w", sources=[source()])}}
    assert list(VALIDATOR.iter_errors(named)) == []


@pytest.mark.parametrize("mistake", CITIES)
def test_it_finds_a_mistake(mistake: str) -> None:
    bundle = {"cities": {"c": city("c", **CITIES[mistake])}}
    assert list(VALIDATOR.iter_errors(bundle))

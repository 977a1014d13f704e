"""Loading what is well the short way comes to what marshmallow's own way comes to."""

import copy
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from api.schemas.forms import Form
from api.services.records import BY_NAME
from tests.factories import Record, library

RECORDS = list(library())
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 3000),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.sampled_from([-1, 1000, "x" * 21_000, "x" * 210, ["x"] * 300]),
    st.sampled_from(["en", "uk", "2021", "2021-02-30", "pilot", "https://example.org/a", "UA"]),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.sampled_from(["en", "id", "name", "url", "lang"]), st.text(max_size=3)),
)


def both(form: Schema, given_: Any) -> tuple[Any, Any]:
    def told() -> Any:
        try:
            return form.load(copy.deepcopy(given_))
        except ValidationError as error:
            return error.normalized_messages()

    short = told()
    with patch.object(Form, "load", Schema.load):  # of the parts, too
        return short, told()


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return (container, key) of everything within."""
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        return [(value, key) for key in keys] + [p for key in keys for p in places(value[key])]
    return []


@pytest.mark.parametrize(("name", "record"), RECORDS, ids=lambda each: str(each)[:20])
def test_a_sound_record_is_loaded_alike(name: str, record: Record) -> None:
    short, long = both(BY_NAME[name].schema(), record)
    assert short == long
    assert list(short) == list(long)


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_a_spoilt_record_is_loaded_or_refused_alike(data: Any) -> None:
    name, record = data.draw(st.sampled_from(RECORDS))
    spoilt = copy.deepcopy(record)
    for _ in range(data.draw(st.integers(0, 2))):
        container, key = data.draw(st.sampled_from(places(spoilt)))
        container[key] = copy.deepcopy(data.draw(ODD))
    if data.draw(st.booleans()):
        spoilt[data.draw(st.sampled_from(["names", "version", "data", "translations"]))] = {}
    short, long = both(BY_NAME[name].schema(), spoilt)
    assert short == long

"""JSON in which a name stands twice is refused, however it is spelled."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import MalformedBody
from api.services.strict import strict_json

TEXTS = st.text(st.sampled_from(['"', ":", " ", "a", "é", "\\", "\n"]), max_size=4)
VALUES = st.recursive(
    TEXTS | st.integers(-9, 9) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
BLANKS = st.sampled_from(["", " ", "\t", "\n", "\r "])


def spelled(name: str, blank: str, value: Any) -> str:
    return f"{orjson.dumps(name).decode()}{blank}:{blank}{orjson.dumps(value).decode()}"


@given(st.dictionaries(TEXTS, VALUES, max_size=4), BLANKS)
def test_what_says_all_once_is_read_as_it_is(data: dict[str, Any], blank: str) -> None:
    inside = ",".join(spelled(name, blank, value) for name, value in data.items())
    assert strict_json(f"{{{inside}}}".encode()) == data


@pytest.mark.parametrize("blank", ["", " "])
def test_whole_numbers_of_any_size_stay_whole(blank: str) -> None:
    for number in (2**63, 2**64, -(2**64), 10**30):
        assert strict_json(f'{{"n"{blank}:{number}}}'.encode()) == {"n": number}
        assert isinstance(strict_json(f'{{"n"{blank}:{number}}}'.encode())["n"], int)


@given(TEXTS, VALUES, VALUES, BLANKS, st.lists(VALUES, max_size=2))
def test_a_name_that_stands_twice_is_refused(
    name: str, one: Any, other: Any, blank: str, around: list[Any]
) -> None:
    twice = f"{{{spelled(name, blank, one)},{spelled(name, blank, other)}}}"
    outer = ",".join([*(orjson.dumps(each).decode() for each in around), twice])
    with pytest.raises(MalformedBody, match="stands twice"):
        strict_json(f"[{outer}]".encode())

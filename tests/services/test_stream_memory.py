"""What is kept of a stream: each record is known again, and none that never came."""

from hypothesis import given, settings
from hypothesis import strategies as st

from api.services import stream_memory
from api.services.bundles import Bundle
from api.services.items import Item
from api.services.records import CITIES
from api.services.stream_memory import Met, _stands_in

BUNDLE = Bundle("x", {})


def city(number: int) -> Item:
    return Item(CITIES, {"id": f"city-{number}"}, BUNDLE)


def test_each_record_is_taken_once_and_known_again():
    met = Met()
    assert [met.take(city(number), "x:1") for number in range(3_000)] == [True] * 3_000
    assert [met.take(city(number), "x:1") for number in range(3_000)] == [False] * 3_000
    assert all(city(number).key in met for number in range(3_000))
    assert not any(city(number).key in met for number in range(3_000, 6_000))
    assert sum(map(len, met._buckets.values())) == 3_000 * stream_memory.REST


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text("ab", min_size=6, max_size=6), max_size=6), st.text("ab", min_size=6))
def test_what_stands_across_two_does_not_stand_there(held: list[str], sought: str):
    bucket, one = "".join(held).encode(), sought[:6].encode()
    assert _stands_in(bucket, one) == (one.decode() in held)

"""Filters, facets and totals of every collection, against a look at each record."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from api.services.collection import Collection, Filter, FilterKind, codes_of
from api.services.records import COLLECTIONS
from tests.contract.asking import known_values, queries
from tests.contract.conftest import Everything
from tests.contract.oracle import (
    bounded,
    each,
    faults,
    get,
    ids,
    matching,
    walk,
)

FILTERS = [(c, narrowed) for c in COLLECTIONS for narrowed in c.filters.values()]
each_filter = pytest.mark.parametrize(
    ("collection", "narrowed"), FILTERS, ids=[f"{c.name}-{found.name}" for c, found in FILTERS]
)
DAYS = (FilterKind.FROM, FilterKind.TO)


@each
def test_the_world_has_something_for_each_filter_to_part(
    everything: Everything, collection: Collection
) -> None:
    records = everything[collection.name]
    for name, narrowed in collection.filters.items():
        asked = [{name: value} for value in known_values(narrowed, records)]
        sizes = {len(matching(collection, records, query)) for query in asked}
        assert len(sizes) > 1
        assert max(sizes) > 1


@each_filter
def test_a_filter_gives_the_records_that_have_the_value(
    reader: FlaskClient, everything: Everything, collection: Collection, narrowed: Filter
) -> None:
    records = everything[collection.name]
    for value in known_values(narrowed, records)[:16]:
        query = {narrowed.name: value}
        wanted = ids(matching(collection, records, query))
        body = get(reader, collection.name, **query, fields="id", limit=200)
        assert sorted(ids(body["data"])) == sorted(wanted)
        assert body["page"]["total"] == len(wanted)


@each
def test_what_has_no_date_is_within_no_bound(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    for name, narrowed in collection.filters.items():
        if narrowed.kind in DAYS:
            dated = [r for r in everything[collection.name] if r[narrowed.field] is not None]
            bound = "1000" if narrowed.kind is FilterKind.FROM else "9999"
            assert sorted(walk(reader, collection.name, **{name: bound})) == sorted(ids(dated))


@each
@bounded
@given(data=st.data())
def test_filters_together_are_all_to_be_met(
    reader: FlaskClient, everything: Everything, collection: Collection, data: st.DataObject
) -> None:
    records = everything[collection.name]
    query = data.draw(queries(collection, records))
    body = get(reader, collection.name, **query, fields="id", limit=200)
    assert sorted(ids(body["data"])) == sorted(ids(matching(collection, records, query)))


@each
def test_what_nobody_has_finds_nothing(reader: FlaskClient, collection: Collection) -> None:
    asked = {"external_id": "legacy:none", "updated_since": "2099-01-01"}
    asked |= {n: "no-such" for n, f in collection.filters.items() if f.field in _named(collection)}
    for name, value in asked.items():
        assert get(reader, collection.name, **{name: value})["page"]["total"] == 0


def _named(collection: Collection) -> set[str]:
    return set(collection.references)


@each
def test_an_unknown_code_is_refused_with_the_nearest(
    reader: FlaskClient, collection: Collection
) -> None:
    for name, narrowed in collection.filters.items():
        codes = codes_of(narrowed.value) or []
        for code in codes:
            wrong = faults(reader, collection.name, **{name: f"{codes[0]},{code}x"})
            assert f"Did you mean {code}?" in wrong[name]


@each
def test_more_values_than_allowed_are_refused(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    for name, narrowed in collection.filters.items():
        if narrowed.kind in (FilterKind.COLUMN, FilterKind.LIST):
            value = known_values(narrowed, everything[collection.name])[0]
            get(reader, collection.name, **{name: ",".join([value] * 100)})
            wrong = faults(reader, collection.name, **{name: ",".join([value] * 101)})
            assert "100" in wrong[name]


NO_DATES = ["2020-13", "2021-02-30", "20", "2020-7", "0000", "2020,2021", "x", " 2020", "２０２０"]
NO_MOMENTS = ["yesterday", "2026", "2026-13-01", "2026-01-01T25:00Z", "1,2"]


@each
def test_what_is_no_date_or_moment_is_refused(reader: FlaskClient, collection: Collection) -> None:
    for name, narrowed in collection.filters.items():
        days = NO_DATES if narrowed.kind in DAYS else []
        for wrong in ["", *(NO_MOMENTS if narrowed.kind is FilterKind.SINCE else days)]:
            assert name in faults(reader, collection.name, **{name: wrong})


@pytest.mark.parametrize(
    "collection", [c for c in COLLECTIONS if "latitude" in c.fields], ids=lambda c: c.name
)
@bounded
@given(
    longitudes=st.tuples(st.integers(-18, 18), st.integers(-18, 18)),
    latitudes=st.tuples(st.integers(-9, 9), st.integers(-9, 9)).map(sorted),
)
def test_a_box_holds_what_lies_within(
    reader: FlaskClient,
    everything: Everything,
    collection: Collection,
    longitudes: tuple[int, int],
    latitudes: list[int],
) -> None:
    west, east = (10 * each for each in longitudes)
    south, north = (10 * each for each in latitudes)
    wanted = []
    for record in everything[collection.name]:
        lon, lat = record["longitude"], record["latitude"]
        if lon is not None and south <= lat <= north:
            inside = west <= lon <= east if west <= east else lon >= west or lon <= east
            wanted += [record["id"]] if inside else []
    assert sorted(walk(reader, collection.name, bbox=f"{west},{south},{east},{north}")) == sorted(
        wanted
    )


@each
@pytest.mark.parametrize(
    "box",
    ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "0,50,1,40", "-181,0,0,1", "0,0,nan,1", "0,0,inf,1"],
)
def test_what_is_no_box_is_refused(reader: FlaskClient, collection: Collection, box: str) -> None:
    assert "bbox" in faults(reader, collection.name, bbox=box)

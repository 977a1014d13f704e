"""Counts by value, against a look at each record."""

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from api.services.collection import Collection
from tests.contract.asking import queries
from tests.contract.conftest import Everything
from tests.contract.oracle import bounded, counts, each, faults, get, matching
from tests.factories import Record


def _shown(facet: list[Record]) -> dict[str | None, int]:
    return {entry["value"]: entry["count"] for entry in facet}


@each
def test_a_facet_counts_each_value_the_most_frequent_first(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    for name in collection.facets:
        facet = get(reader, collection.name, facets=name)["facets"][name]
        assert _shown(facet) == counts(collection.filters[name], everything[collection.name])
        assert len(facet) == len(_shown(facet))
        frequencies = [entry["count"] for entry in facet]
        assert frequencies == sorted(frequencies, reverse=True)


@each
def test_values_counted_alike_stand_in_the_order_of_their_bytes(
    reader: FlaskClient, collection: Collection
) -> None:
    for name in collection.facets:
        facet = get(reader, collection.name, facets=name)["facets"][name]
        places = [(-e["count"], e["value"] is None, (e["value"] or "").encode()) for e in facet]
        assert places == sorted(places)


@each
def test_a_count_is_what_the_filter_then_finds(reader: FlaskClient, collection: Collection) -> None:
    late = {"updated_since": "2026-01-03"}
    for name in collection.facets:
        facet = get(reader, collection.name, facets=name, **late)["facets"][name]
        for value, count in _shown(facet).items():
            if value is not None:
                body = get(reader, collection.name, **late, **{name: value})
                assert body["page"]["total"] == count


@each
@bounded
@given(data=st.data())
def test_facets_count_what_the_filters_leave(
    reader: FlaskClient, everything: Everything, collection: Collection, data: st.DataObject
) -> None:
    records = everything[collection.name]
    query = data.draw(queries(collection, records))
    left = matching(collection, records, query)
    asked = {"facets": ",".join(collection.facets)} if collection.facets else {}
    body = get(reader, collection.name, **query, **asked, limit=data.draw(st.sampled_from([1, 9])))
    assert body["page"]["total"] == len(left)
    for name in collection.facets:
        assert _shown(body["facets"][name]) == counts(collection.filters[name], left)


@each
def test_counts_alone_come_without_records(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    records = everything[collection.name]
    for name in collection.facets:
        body = get(reader, collection.name, facets=name, limit=0)
        assert body["data"] == []
        assert body["page"] == {"limit": 0, "total": len(records), "next_cursor": None}
        assert _shown(body["facets"][name]) == counts(collection.filters[name], records)


@each
def test_what_cannot_be_counted_is_refused(reader: FlaskClient, collection: Collection) -> None:
    for name in {"updated_since", "external_id", "id", "sources", ""} - set(collection.facets):
        assert "facets" in faults(reader, collection.name, facets=name)
    for name in collection.facets:
        assert (
            f"Did you mean {name}?" in faults(reader, collection.name, facets=f"{name}x")["facets"]
        )

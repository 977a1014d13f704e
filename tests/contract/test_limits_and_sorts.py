"""Sizes of a page and sort keys: what is taken, and what is refused."""

from flask.testing import FlaskClient

from api.services.collection import Collection
from tests.contract.oracle import (
    each,
    faults,
    get,
    sort_names,
)

NO_LIMITS = ["0", "201", "-1", "x", "", "1.5", "1e2", "+5", "٣", "9" * 400]


@each
def test_a_limit_that_is_none_is_refused(reader: FlaskClient, collection: Collection) -> None:
    for limit in NO_LIMITS:
        assert "limit" in faults(reader, collection.name, limit=limit)


@each
def test_the_largest_page_and_the_usual_one(reader: FlaskClient, collection: Collection) -> None:
    assert get(reader, collection.name, limit=200)["page"]["limit"] == 200
    assert get(reader, collection.name)["page"]["limit"] == 50


@each
def test_an_unknown_sort_is_refused_with_the_nearest(
    reader: FlaskClient, collection: Collection
) -> None:
    for name in sort_names(collection):
        assert f"Did you mean {name}?" in faults(reader, collection.name, sort=f"{name}x")["sort"]
    for wrong in ("", "--id", "+id", "id,updated_at", "sources"):
        assert "sort" in faults(reader, collection.name, sort=wrong)

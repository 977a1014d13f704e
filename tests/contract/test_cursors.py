"""Cursors: each serves its own query, and whatever else is sent breaks nothing."""

import json
from base64 import urlsafe_b64encode

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from api.services.collection import Collection
from api.web.cursors import unpack
from tests.contract.asking import known_values
from tests.contract.conftest import Everything
from tests.contract.oracle import (
    bounded,
    each,
    faults,
    get,
    sort_names,
)


@each
def test_a_cursor_serves_no_other_query(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    cursor = get(reader, collection.name, limit=2)["page"]["next_cursor"]
    filters = [
        {name: known_values(narrowed, everything[collection.name])[0]}
        for name, narrowed in collection.filters.items()
    ]
    for other in ({"sort": "-id"}, {"sort": "updated_at"}, {"q": "plan"}, *filters):
        assert "cursor" in faults(reader, collection.name, cursor=cursor, **other)
    for other in everything.keys() - {collection.name}:
        assert "cursor" in faults(reader, other, cursor=cursor)


@each
def test_a_cursor_serves_any_size_of_page_and_any_language_and_fields(
    reader: FlaskClient, collection: Collection
) -> None:
    cursor = get(reader, collection.name, limit=2)["page"]["next_cursor"]
    third = get(reader, collection.name, limit=3)["data"][2]["id"]
    for other in ({"limit": 9}, {"lang": "uk"}, {"fields": "id"}):
        body = get(reader, collection.name, cursor=cursor, **other)
        assert body["data"][0]["id"] == third


@each
@bounded
@given(data=st.data())
def test_a_damaged_cursor_is_refused_or_read_but_breaks_nothing(
    reader: FlaskClient, collection: Collection, data: st.DataObject
) -> None:
    cursor = get(reader, collection.name, limit=2)["page"]["next_cursor"]
    cut = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from("Aa0-_+/. é"))
    for wrong in (cursor[:cut], cursor + letter * 3, data.draw(st.text(max_size=60))):
        assert "cursor" in faults(reader, collection.name, cursor=wrong)
    changed = cursor[:cut] + letter + cursor[cut + 1 :]
    response = reader.get(f"/api/v1/{collection.name}", query_string={"cursor": changed})
    assert response.status_code in (200, 400)
    assert response.status_code == 200 or response.json["errors"][0]["parameter"] == "cursor"


ANYTHING = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["9" * 500, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026"]),
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats(), st.lists, max_leaves=3),
)


@each
@bounded
@given(data=st.data())
def test_a_forged_cursor_breaks_nothing(
    reader: FlaskClient, collection: Collection, data: st.DataObject
) -> None:
    query = {"sort": data.draw(st.sampled_from(sort_names(collection))), "limit": 2}
    query |= data.draw(st.sampled_from([{}, {"q": "plan", "sort": ""}]))
    query = {name: value for name, value in query.items() if value}
    cursor = get(reader, collection.name, **query)["page"]["next_cursor"]
    bound = unpack(cursor, 3)[0] if cursor else ""
    parts = [bound, *data.draw(st.tuples(ANYTHING, ANYTHING))]
    forged = urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    response = reader.get(f"/api/v1/{collection.name}", query_string=query | {"cursor": forged})
    assert response.status_code in (200, 400)

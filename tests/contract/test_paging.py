"""Lists in order, page by page: nothing is missed, and nothing comes twice."""

from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from api.schemas.dates import PartialDate
from api.services import catalog, stored
from api.services.collection import Collection
from api.services.database import writing
from api.services.doors import spelled
from tests.contract.asking import queries
from tests.contract.conftest import Everything
from tests.contract.oracle import (
    bounded,
    each,
    get,
    ids,
    matching,
    ordered,
    pages,
    sort_names,
    walk,
)
from tests.contract.varied import DATES, MOMENTS, TITLES
from tests.factories import DOOR, MAKE, load


@each
@bounded
@given(data=st.data())
def test_a_walk_gives_exactly_what_matches_in_the_order_of_the_contract(
    reader: FlaskClient, everything: Everything, collection: Collection, data: st.DataObject
) -> None:
    records = everything[collection.name]
    query = data.draw(queries(collection, records))
    sort = data.draw(st.sampled_from(sort_names(collection)))
    limit = data.draw(st.integers(1, 40))
    wanted = ordered(collection, matching(collection, records, query), sort)
    found, totals = [], set()
    for body in pages(reader, collection.name, **query, sort=sort, limit=limit, fields="id"):
        assert len(body["data"]) == limit or body["page"]["next_cursor"] is None
        totals.add(body["page"]["total"])
        found += ids(body["data"])
    assert found == ids(wanted)
    assert totals == {len(wanted)}


@each
def test_without_sort_a_list_is_by_id(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    wanted = ids(ordered(collection, everything[collection.name], "id"))
    assert walk(reader, collection.name, limit=7) == wanted


@each
def test_the_next_page_is_linked_in_body_and_header_alike(
    reader: FlaskClient, collection: Collection
) -> None:
    path, query = f"/api/v1/{collection.name}", {"limit": "10", "sort": "-id", "lang": "uk,en"}
    response = reader.get(path, query_string=query)
    while (following := response.json["links"]["next"]) is not None:
        assert response.headers["Link"] == f'<{following}>; rel="next"'
        before = response.json["data"]
        response = reader.get(following.removeprefix("http://127.0.0.1:8000"))
        assert response.json["links"]["self"] == following
        assert before[-1]["id"] > response.json["data"][0]["id"]
    assert response.json["page"]["next_cursor"] is None
    assert "Link" not in response.headers


def _clear(engine: Engine, collection: Collection) -> None:
    with writing(engine) as connection:
        for id_ in list(connection.execute(select(collection.table.c.id)).scalars()):
            catalog.remove(connection, collection, id_, DOOR)


def _write(engine: Engine, collection: Collection, key: str, *writes: tuple[str, Any]) -> None:
    """Give records a sort value, and other content than before; REMOVED takes one away."""
    with writing(engine) as connection:
        for id_, value in writes:
            present = stored.current(connection, collection, id_)
            if value is not REMOVED:
                _save(connection, collection, key, id_, value, present.version if present else 0)
            elif present:
                catalog.remove(connection, collection, id_, DOOR)


def _save(
    connection: Connection, collection: Collection, key: str, id_: str, value: Any, version: int
) -> None:
    own = {} if key in ("id", "updated_at") else {key: value}
    record = MAKE[collection.name](id_, **own, external_ids={"version": str(version)})
    moment = value if key == "updated_at" else MOMENTS[0]
    with patch.object(catalog, "now", lambda: moment):
        catalog.save(connection, collection, load(collection.name, record), DOOR)


REMOVED = object()
IDS = [f"r{'-' * (number % 2)}{number}" for number in range(12)]


def _sort_values(collection: Collection, key: str) -> list[Any]:
    if key in ("id", "updated_at"):
        return MOMENTS if key == "updated_at" else [None]
    return [*DATES, None] if isinstance(collection.fields[key], PartialDate) else TITLES


@each
@bounded
@given(data=st.data())
def test_what_keeps_its_place_comes_exactly_once_whatever_is_written_meanwhile(
    scratch: Engine, writer: FlaskClient, collection: Collection, data: st.DataObject
) -> None:
    _clear(scratch, collection)
    sort = data.draw(st.sampled_from(sort_names(collection)))
    key = sort.lstrip("-")
    value = st.sampled_from(_sort_values(collection, key))
    steady = {id_: data.draw(value) for id_ in IDS[: data.draw(st.integers(3, 8))]}
    _write(scratch, collection, key, *steady.items())
    writes = st.tuples(st.sampled_from(IDS), st.one_of(st.just(REMOVED), value))
    found: list[str] = []
    for number, body in enumerate(pages(writer, collection.name, sort=sort, limit=2)):
        found += [record["id"] for record in body["data"]]
        now = data.draw(st.lists(writes, max_size=3)) if number < 6 else []
        _write(scratch, collection, key, *now)
        steady = {
            id_: its for id_, its in steady.items() if all(to == its for i, to in now if i == id_)
        }
    wanted = [{"id": id_, key: _shown(key, id_, its)} for id_, its in steady.items()]
    assert [id_ for id_ in found if id_ in steady] == ids(ordered(collection, wanted, sort))


def _shown(key: str, id_: str, value: Any) -> str | None:
    if key == "updated_at":
        return spelled(value)
    return id_ if key == "id" else value


def _words(everything: Everything, collection: Collection) -> str:
    """Return a word that several records of a collection have in their names."""
    names = [record[collection.label].split()[0] for record in everything[collection.name]]
    return max(names, key=names.count)


@each
def test_hits_with_a_sort_are_the_hits_of_best_first(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    q = _words(everything, collection)
    best = walk(reader, collection.name, q=q, limit=3)
    assert len(best) == len(set(best)) > 1
    hits = [record for record in everything[collection.name] if record["id"] in best]
    assert get(reader, collection.name, q=q)["page"]["total"] == len(best)
    for sort in sort_names(collection):
        wanted = ids(ordered(collection, hits, sort))
        assert walk(reader, collection.name, q=q, sort=sort, limit=9) == wanted


@each
def test_hits_are_narrowed_by_filters(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    q = _words(everything, collection)
    hits = set(walk(reader, collection.name, q=q))
    for since in ("2026-01-02", "2026-01-03"):
        late = matching(collection, everything[collection.name], {"updated_since": f"{since}T00Z"})
        found = walk(reader, collection.name, q=q, updated_since=since, limit=2)
        assert set(found) == hits & set(ids(late))


@each
def test_a_best_first_walk_ends_when_the_collection_changes(
    scratch: Engine, writer: FlaskClient, collection: Collection
) -> None:
    _clear(scratch, collection)
    _write(scratch, collection, "id", *((id_, None) for id_ in IDS[:4]))
    query = {"q": collection.singular, "limit": 2}
    cursor = get(writer, collection.name, **query)["page"]["next_cursor"]
    assert len(get(writer, collection.name, **query, cursor=cursor)["data"]) == 2
    _write(scratch, collection, "id", (IDS[4], None))
    gone = writer.get(f"/api/v1/{collection.name}", query_string=query | {"cursor": cursor})
    assert (gone.status_code, gone.json["code"]) == (400, "cursor_expired")

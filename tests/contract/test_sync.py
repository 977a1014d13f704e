"""The feed, the state and the snapshot, as a mirror meets them."""

import gzip
import hashlib
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from api.services import catalog
from api.services.database import writing
from api.services.records import BY_NAME, COLLECTIONS
from tests.conftest import client_of
from tests.contract.oracle import get
from tests.factories import DOOR, city, project, store, workshop
from tests.stores import damage

Copy = dict[tuple[str, str], dict[str, Any]]
NAMES = [each.name for each in COLLECTIONS]


@pytest.fixture
def client(engine: Engine) -> FlaskClient:
    """A client of an empty store."""
    return client_of(engine)


def remove(engine: Engine, name: str, record_id: str) -> None:
    with writing(engine) as connection:
        catalog.remove(connection, BY_NAME[name], record_id, DOOR)


def walk(client: FlaskClient, cursor: str | None = None, **query: str) -> tuple[list[Any], str]:
    """Follow the feed to its end, and return the entries and the cursor there."""
    found: list[Any] = []
    while True:
        page = get(client, "changes", **query, **({"cursor": cursor} if cursor else {}))
        found += page["data"]
        cursor = page["page"]["next_cursor"]
        if not page["page"]["has_more"]:
            return found, str(cursor)


def applied(copy: Copy, entries: list[Any]) -> Copy:
    """Return a copy after the entries of a feed."""
    for each in entries:
        copy.pop((each["type"], each["id"]), None)
        if each["op"] == "upsert":
            copy[each["type"], each["id"]] = each["data"]
    return copy


def everything_of(client: FlaskClient) -> Copy:
    return {
        (name, each["id"]): each
        for name in NAMES
        for each in get(client, name, lang="*", limit="200")["data"]
    }


def digest(copy: Copy, name: str) -> str:
    """Return the digest as the documentation tells to make it."""
    versions = sorted((id_, each["version"]) for (kind, id_), each in copy.items() if kind == name)
    lines = "".join(f"{id_} {version}\n" for id_, version in versions)
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


@pytest.mark.parametrize("limit", ["1", "7", "200"])
def test_the_feed_from_its_beginning_is_everything(reader: FlaskClient, limit: str) -> None:
    entries, _ = walk(reader, limit=limit)
    assert [each["seq"] for each in entries] == sorted({each["seq"] for each in entries})
    assert applied({}, entries) == everything_of(reader)


def test_the_snapshot_is_everything_and_the_feed_goes_on_from_it(
    client: FlaskClient, engine: Engine
) -> None:
    store(engine, ("cities", city()), ("projects", project()))
    first, *lines = map(orjson.loads, client.get("/api/v1/snapshot").data.splitlines())
    copy = {(each["type"], each["data"]["id"]): each["data"] for each in lines}
    assert (copy, len(lines)) == (everything_of(client), first["count"])
    store(engine, ("cities", city(name="Changed")), ("workshops", workshop()))
    remove(engine, "projects", "project-1")
    entries, _ = walk(client, first["cursor"])
    assert [each["op"] for each in entries] == ["upsert", "upsert", "delete"]
    assert applied(copy, entries) == everything_of(client)


def test_each_record_is_told_once_with_its_latest_version(
    client: FlaskClient, engine: Engine
) -> None:
    for number in range(5):
        store(engine, ("cities", city(name=f"Name {number}")))
    (entry,), _ = walk(client)
    assert (entry["version"], entry["seq"], entry["data"]["name"]) == (5, 5, "Name 4")


def test_a_deletion_stays_in_the_feed_and_names_what_took_the_place(
    client: FlaskClient, engine: Engine
) -> None:
    store(engine, ("cities", city()), ("cities", city("city-2")))
    with writing(engine) as connection:
        catalog.remove(connection, BY_NAME["cities"], "city-1", DOOR, replaced_by="city-2")
    entry = walk(client)[0][-1]
    assert (entry["op"], entry["version"], entry["replaced_by"]) == ("delete", 2, "city-2")
    assert "data" not in entry


def test_the_state_is_the_digest_of_a_copy(reader: FlaskClient) -> None:
    entries, cursor = walk(reader)
    copy, state = applied({}, entries), get(reader, "state")["data"]
    assert state["cursor"] == cursor
    for name in NAMES:
        count = sum(kind == name for kind, _ in copy)
        assert state["types"][name] == {"count": count, "digest": digest(copy, name)}


def test_the_state_follows_every_write(client: FlaskClient, engine: Engine) -> None:
    empty = get(client, "state")["data"]["types"]["cities"]
    store(engine, ("cities", city()))
    one = get(client, "state")["data"]["types"]["cities"]
    assert (empty["count"], one["count"], one["digest"] != empty["digest"]) == (0, 1, True)
    remove(engine, "cities", "city-1")
    assert get(client, "state")["data"]["types"]["cities"] == empty


def test_types_narrow_the_feed_the_state_and_the_snapshot(reader: FlaskClient) -> None:
    entries, cursor = walk(reader, types="workshops,cities", bodies="false")
    assert {each["type"] for each in entries} == {"workshops", "cities"}
    assert all("data" not in each for each in entries)
    assert get(reader, "state", types="workshops")["data"]["types"].keys() == {"workshops"}
    lines = reader.get("/api/v1/snapshot?types=cities").data.splitlines()[1:]
    assert {orjson.loads(each)["type"] for each in lines} == {"cities"}
    assert reader.get(f"/api/v1/changes?cursor={cursor}").status_code == 400


def test_a_poll_that_finds_nothing_is_a_304_and_names_the_same_cursor(
    client: FlaskClient, engine: Engine
) -> None:
    store(engine, ("cities", city()))
    _, cursor = walk(client, types="cities")
    answer = client.get(f"/api/v1/changes?types=cities&cursor={cursor}")
    assert "max-age=10" in answer.headers["Cache-Control"]
    assert (answer.json["data"], answer.json["page"]["next_cursor"]) == ([], cursor)
    store(engine, ("projects", project()))
    held = {"If-None-Match": answer.headers["ETag"]}
    address = f"/api/v1/changes?types=cities&cursor={cursor}"
    assert client.get(address, headers=held).status_code == 304
    store(engine, ("cities", city(name="Changed")))
    assert client.get(address, headers=held).status_code == 200


@pytest.mark.parametrize(
    "how",
    [
        "UPDATE store SET epoch = 'another'",
        "DELETE FROM change WHERE seq > 1; UPDATE store SET seq = 1",
        "UPDATE change SET record_id = 'other' WHERE seq = 2",
    ],
    ids=["made anew", "an older backup", "an older backup, then other writes"],
)
def test_a_cursor_of_another_history_is_gone(client: FlaskClient, engine: Engine, how: str) -> None:
    store(engine, ("cities", city()), ("cities", city("city-2")))
    _, cursor = walk(client)
    damage(engine, *how.split("; "))
    answer = client.get(f"/api/v1/changes?cursor={cursor}")
    assert (answer.status_code, answer.json["code"]) == (410, "history_changed")
    assert answer.json["snapshot"].endswith("/api/v1/snapshot")


def test_the_snapshot_comes_packed_when_it_is_asked_for(reader: FlaskClient) -> None:
    plain = reader.get("/api/v1/snapshot")
    packed = reader.get("/api/v1/snapshot", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert gzip.decompress(packed.data).splitlines()[1:] == plain.data.splitlines()[1:]


def test_a_snapshot_is_of_one_state_whatever_is_written_meanwhile(
    client: FlaskClient, engine: Engine
) -> None:
    store(engine, *(("projects", project(f"p-{number:04}")) for number in range(600)))
    before, _ = walk(client)
    parts = client.get("/api/v1/snapshot", buffered=False).response
    begun = [next(iter(parts)) for _ in range(2)]
    store(engine, ("projects", project("p-0599", title="Changed")), ("cities", city()))
    remove(engine, "projects", "p-0598")
    lines = b"".join([*begun, *parts]).splitlines()[1:]
    assert [orjson.loads(each)["data"] for each in lines] == [each["data"] for each in before]


@pytest.mark.parametrize("cursor", ["x", "", "e30", "WzEsMiwzLDRd", "a" * 5_000])
def test_a_made_up_cursor_is_refused(reader: FlaskClient, cursor: str) -> None:
    assert reader.get(f"/api/v1/changes?cursor={cursor}").status_code == 400

"""Records cut from their snapshots are those that are computed, to the byte."""

from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest
from sqlalchemy import Engine, select

from api.models import Change
from api.services.collection import Collection
from api.services.doors import spelled
from api.services.projection import View, project
from api.services.records import BY_NAME, COLLECTIONS
from api.services.snapshots import Snapshots, as_shown
from tests.factories import MAKE
from tests.services.helpers import put

VIEW = View("https://example.org/api/v1")


def texts(engine: Engine) -> list[tuple[Collection, str, str]]:
    columns = (Change.collection, Change.record_id, Change.snapshot)
    with engine.connect() as connection:
        rows = connection.execute(select(*columns).where(Change.snapshot.is_not(None)))
        return [(BY_NAME[row[0]], row[1], row[2]) for row in rows]


def cut_from(collection: Collection, record_id: str, text: str) -> bytes | None:
    [found] = as_shown(collection, Snapshots([(record_id, text)]), VIEW.base)
    return found


def computed(collection: Collection, text: str) -> bytes:
    return orjson.dumps(project(collection, orjson.loads(text), VIEW))


def test_a_record_that_is_cut_is_the_one_that_is_computed(seeded: Engine):
    cut = 0
    for collection, record_id, text in texts(seeded):
        found = cut_from(collection, record_id, text)
        if found is not None:
            cut += 1
            assert found == computed(collection, text)
    assert cut > 50


def test_a_record_that_lacks_no_text_is_cut_whatever_its_translations(engine: Engine):
    uk = {"name": "Місто", "summary": 'it says ,"translations":{} itself'}
    put(engine, "cities", "c", summary=',"translations":{', translations={"uk": uk})
    [(collection, record_id, text)] = texts(engine)
    found = cut_from(collection, record_id, text)
    assert found is not None
    assert found == computed(collection, text)


def test_a_record_for_which_a_translation_stands_in_is_not_cut(engine: Engine):
    put(engine, "cities", "c", summary=None, translations={"uk": {"summary": "Місто"}})
    [(collection, record_id, text)] = texts(engine)
    assert cut_from(collection, record_id, text) is None


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda each: each.name)
def test_a_snapshot_from_before_a_field_came_is_not_cut(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    record = {"id": "a", **MAKE[collection.name]("a"), "translations": {}}
    text = orjson.dumps(record).decode()
    assert cut_from(collection, "a", text) is not None
    monkeypatch.setattr("api.services.snapshots._is_of_first_release", lambda _: False)
    assert cut_from(collection, "a", text) is None


def test_snapshots_are_read_when_they_are_looked_into():
    some = Snapshots([("a", '{"id":"a"}'), ("b", "no JSON")])
    assert (len(some), some.ids, some[0], some[0:1]) == (2, ["a", "b"], {"id": "a"}, [{"id": "a"}])
    with pytest.raises(orjson.JSONDecodeError):
        some[1]


def test_a_moment_is_spelled_in_utc_whatever_zone_it_came_in():
    at = datetime(2026, 1, 1, 10, tzinfo=timezone(timedelta(hours=2)))
    assert [spelled(at), spelled(at.astimezone(UTC))] == ["2026-01-01T08:00:00Z"] * 2

"""Counts that the writer keeps are those of the tables, whatever was written."""

from io import BytesIO

import orjson
import pytest
from sqlalchemy import Engine, select, update

from api.models import Tally
from api.services import finding, stream_lines, tallies
from api.services.checking import rebuild
from api.services.collection import Collection
from api.services.database import as_catalog, reading, writing
from api.services.migrating import migrate, unmigrate
from api.services.query import Query
from api.services.records import CITIES, COLLECTIONS, WORKSHOPS
from api.services.streaming import stream
from tests.factories import DOOR, city, workshop
from tests.services.helpers import put, remove
from tests.stores import disagreements


def counted(engine: Engine, *filters: tuple[str, tuple[str, ...]]) -> int:
    with reading(engine) as connection:
        return finding.total(connection, WORKSHOPS, Query(filters=filters))


def facet(engine: Engine, name: str) -> list[tuple[str | None, int]]:
    with reading(engine) as connection:
        return finding.facet(connection, WORKSHOPS, Query(), name)


def test_counts_follow_what_is_written_changed_and_deleted(engine: Engine):
    for name in "abc":
        put(engine, "cities", name)
    put(engine, "workshops", "w1", cities=["a"], mode="online")
    put(engine, "workshops", "w2", cities=["a", "b"], mode=None)
    put(engine, "workshops", "w1", cities=["c", "b"], mode=None)
    assert facet(engine, "city") == [("b", 2), ("a", 1), ("c", 1)]
    assert facet(engine, "mode") == [(None, 2)]
    remove(engine, "workshops", "w2")
    assert facet(engine, "city") == [("b", 1), ("c", 1)]
    assert (counted(engine), counted(engine, ("city", ("a",)))) == (1, 0)
    assert disagreements(engine) == []


@pytest.mark.parametrize("many", [0, tallies.MANY])
def test_a_stream_counts_right_however_often_it_writes_its_counts(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, many: int
):
    monkeypatch.setattr(tallies, "MANY", many)
    monkeypatch.setattr(stream_lines, "AT_ONCE", 2)
    meetings = [("workshops", workshop(f"w{n}", cities=["a"], mode="online")) for n in range(5)]
    for records in ([("cities", city("a")), *meetings], [("workshops", workshop("w1", cities=[]))]):
        said = b"".join(orjson.dumps({"type": t, "data": data}) + b"\n" for t, data in records)
        with writing(engine) as connection:
            stream(connection, BytesIO(said), "x", DOOR)
    assert (counted(engine), facet(engine, "city"), disagreements(engine)) == (5, [("a", 4)], [])


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda each: each.name)
def test_kept_counts_are_those_that_counting_gives(
    seeded: Engine, collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    def all_counts() -> list[object]:
        with reading(seeded) as connection:
            found = [finding.facet(connection, collection, Query(), f) for f in collection.facets]
            return [finding.total(connection, collection, Query()), *found]

    kept = all_counts()
    monkeypatch.setattr(tallies, "total", lambda *_: None)
    monkeypatch.setattr(tallies, "facet", lambda *_: None)
    assert kept == all_counts()


def test_a_filter_by_one_value_of_a_facet_is_not_counted(seeded: Engine):
    several = Query(filters=(("country", ("UA", "AL")),))
    with reading(seeded) as connection:
        assert tallies.total(connection, CITIES, Query(filters=(("country", ("AL",)),))) == 1
        assert tallies.total(connection, CITIES, several) is None
        assert finding.total(connection, CITIES, several) > 1


def test_a_wrong_count_is_told_and_a_rebuild_mends_it(seeded: Engine):
    with writing(seeded) as connection, as_catalog(connection):
        wrong = update(Tally).where(Tally.collection == "cities", Tally.facet == "country")
        connection.execute(wrong.values(count=Tally.count + 1))
    assert any("the tally says 2" in told for told in disagreements(seeded))
    with writing(seeded) as connection:
        rebuild(connection)
    assert disagreements(seeded) == []


def test_the_migration_counts_what_is_there(seeded: Engine):
    unmigrate(seeded, "0004")
    migrate(seeded)
    assert disagreements(seeded) == []
    with reading(seeded) as connection:
        everything = select(Tally.count).where(Tally.facet == "", Tally.collection == "workshops")
        assert connection.execute(everything).scalar_one() == counted(seeded) > 0

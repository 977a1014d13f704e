"""Saves and deletions: outcomes, versions, rows, references, and no way around."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from api.errors import Conflict, InvalidRecord, NotFound, StillReferenced, WriteOutsideCatalog
from api.models import Base, Change, City, Project, SearchEntry, Store
from api.services import catalog, stored
from api.services.catalog import Outcome, Saved
from api.services.database import JOURNALLED, migrating, reading, writing
from api.services.records import BY_NAME, COLLECTIONS
from api.services.references import existing
from tests.factories import DOOR, MAKE, city, load, project, store, workshop
from tests.services.helpers import found, put, remove, rows, snapshot
from tests.stores import disagreements, journal


def links(engine: Engine, name: str) -> list[tuple[str, str, int]]:
    table = Base.metadata.tables[name]
    return sorted(rows(engine, select(table.c.owner_id, table.c.value, table.c.position)))


def seq(engine: Engine) -> int:
    return rows(engine, select(Store.seq))[0][0]


@pytest.mark.parametrize("name", [each.name for each in COLLECTIONS])
def test_a_record_is_created_updated_and_left_alone(engine: Engine, name: str):
    label = BY_NAME[name].label
    assert put(engine, name, "one") == Saved(Outcome.CREATED, 1)
    assert put(engine, name, "one") == Saved(Outcome.UNCHANGED, 1)
    assert put(engine, name, "one", **{label: "Another"}) == Saved(Outcome.UPDATED, 2)
    assert snapshot(engine, name, "one")[label] == "Another"
    assert rows(engine, select(BY_NAME[name].table.c.version)) == [(2,)]


def test_the_same_content_again_leaves_the_journal_alone(engine: Engine):
    record = city(population=[{"value": 3, "year": 2020}], latitude=1, longitude=-0.0)
    store(engine, ("cities", record))
    store(engine, ("cities", record), ("cities", record))
    assert [row.version for row in journal(engine)] == [1]
    assert seq(engine) == 1


def test_one_changed_value_deep_inside_is_a_new_version(engine: Engine):
    put(engine, "cities", "one", coverage={"actions": {"status": "collected"}})
    saved = put(engine, "cities", "one", coverage={"actions": {"status": "none_found"}})
    assert saved == Saved(Outcome.UPDATED, 2)


def test_the_order_of_a_list_is_content(engine: Engine):
    put(engine, "workshops", "one", objectives=["First", "Second"])
    saved = put(engine, "workshops", "one", objectives=["Second", "First"])
    assert saved.outcome is Outcome.UPDATED
    assert snapshot(engine, "workshops", "one")["objectives"] == ["Second", "First"]


def test_created_at_stays_while_updated_at_moves(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    put(engine, "cities", "one")
    before = snapshot(engine, "cities", "one")
    monkeypatch.setattr(catalog, "now", lambda: datetime(2031, 5, 1, 12, 30, tzinfo=UTC))
    put(engine, "cities", "one", name="Other")
    after = snapshot(engine, "cities", "one")
    assert after["created_at"] == before["created_at"] == before["updated_at"]
    assert after["updated_at"] == "2031-05-01T12:30:00Z"
    row = rows(engine, select(City.created_at, City.updated_at))[0]
    assert [at.isoformat() for at in row][1] == "2031-05-01T12:30:00+00:00"
    assert disagreements(engine) == []


def test_a_deletion_is_a_version_and_a_new_record_counts_on(engine: Engine):
    put(engine, "cities", "one")
    assert remove(engine, "cities", "one") == Saved(Outcome.DELETED, 2)
    assert snapshot(engine, "cities", "one") is None
    assert put(engine, "cities", "one") == Saved(Outcome.CREATED, 3)
    assert [(row.version, row.op) for row in journal(engine)] == [
        (1, "upsert"),
        (2, "delete"),
        (3, "upsert"),
    ]


def test_an_id_counts_in_each_collection_apart(engine: Engine):
    for name in MAKE:
        put(engine, name, "same")
    assert remove(engine, "projects", "same").version == 2
    assert put(engine, "cities", "same", name="Other").version == 2
    assert put(engine, "actions", "same").outcome is Outcome.UNCHANGED
    assert snapshot(engine, "workshops", "same")["version"] == 1


def test_association_rows_follow_the_lists(engine: Engine):
    store(engine, *(("cities", city(each)) for each in ("a", "b", "c")))
    put(engine, "workshops", "one", cities=["c", "a"], languages=["ru", "en"])
    assert links(engine, "workshop_cities") == [("one", "a", 1), ("one", "c", 0)]
    put(engine, "workshops", "one", cities=["b", "c"], languages=[])
    assert links(engine, "workshop_cities") == [("one", "b", 0), ("one", "c", 1)]
    assert links(engine, "workshop_languages") == []
    remove(engine, "workshops", "one")
    assert links(engine, "workshop_cities") == []


def test_a_record_and_its_files_are_looked_up_by_their_external_ids(engine: Engine):
    files = [
        {"id": "en", "lang": "en", "external_ids": {"file": "1"}},
        {"id": "ru", "lang": "en", "external_ids": {"file": "2", "node": "9"}},
    ]
    put(engine, "documents", "one", external_ids={"node": "9"}, files=files)
    values = [value for _, value, _ in links(engine, "document_external_ids")]
    assert values == ["file:1", "file:2", "node:9"]
    assert [value for _, value, _ in links(engine, "document_languages")] == ["en"]
    assert disagreements(engine) == []


def test_a_workshop_that_validated_twice_is_linked_once(engine: Engine):
    put(engine, "workshops", "w")
    twice = [{"workshop": "w", "outcome": "kept"}, {"workshop": "w", "outcome": "changed"}]
    put(engine, "recommendations", "one", validations=twice)
    assert links(engine, "recommendation_validations") == [("one", "w", 0)]
    assert disagreements(engine) == []


def test_search_rows_follow_the_record(engine: Engine):
    put(engine, "workshops", "one", title="Harbour", summary="about trams")
    put(engine, "workshops", "one", title="Market", summary="about buses")
    assert found(engine, "workshops", "harbour") == found(engine, "workshops", "trams") == []
    assert found(engine, "workshops", "market buses") == ["one"]
    remove(engine, "workshops", "one")
    assert found(engine, "workshops", "market") == []
    assert rows(engine, select(func.count()).select_from(SearchEntry)) == [(0,)]


def test_every_dangling_reference_is_named_and_nothing_is_written(engine: Engine):
    put(engine, "cities", "real")
    with pytest.raises(InvalidRecord) as caught:
        put(
            engine,
            "workshops",
            "one",
            cities=["gone-b", "real", "gone-a"],
            projects=["gone-c"],
            part_of="gone-d",
        )
    assert {(fault.pointer, fault.detail) for fault in caught.value.faults} == {
        ("/cities/2", "there is no city gone-a"),
        ("/cities/0", "there is no city gone-b"),
        ("/projects/0", "there is no project gone-c"),
        ("/part_of", "there is no workshop gone-d"),
    }
    assert (seq(engine), snapshot(engine, "workshops", "one")) == (1, None)


def test_a_dangling_validation_is_named(engine: Engine):
    with pytest.raises(InvalidRecord, match="there is no workshop gone"):
        put(engine, "recommendations", "one", validations=[{"workshop": "gone"}])


def test_a_record_of_another_collection_is_no_target(engine: Engine):
    put(engine, "projects", "one")
    with pytest.raises(InvalidRecord, match="there is no city one"):
        put(engine, "workshops", "two", cities=["one"])


def test_what_the_caller_vouches_for_is_checked_by_the_database(engine: Engine):
    record = load("workshops", workshop("one", part_of="never"))
    known = frozenset({("workshops", "never")})
    with pytest.raises(IntegrityError), writing(engine) as connection:
        catalog.save(connection, BY_NAME["workshops"], record, DOOR, known=known)
    assert (seq(engine), journal(engine)) == (0, [])


def test_a_workshop_may_name_one_that_is_saved_after_it(engine: Engine):
    known = frozenset({("workshops", "whole")})
    with writing(engine) as connection:
        for record in (workshop("part", part_of="whole"), workshop("whole")):
            loaded = load("workshops", record)
            catalog.save(connection, BY_NAME["workshops"], loaded, DOOR, known=known)
    assert snapshot(engine, "workshops", "part")["part_of"] == "whole"
    assert disagreements(engine) == []


def test_what_is_pointed_to_stays_and_says_how_many_point(engine: Engine):
    store(engine, ("cities", city("c")), ("cities", city("other")))
    store(engine, *(("workshops", workshop(f"w-{n:02}", cities=["c"])) for n in range(23)))
    put(engine, "findings", "f", cities=["other", "c"])
    with pytest.raises(StillReferenced) as caught:
        remove(engine, "cities", "c")
    assert caught.value.extra["references"] == {
        "workshops": {"count": 23, "ids": [f"w-{n:02}" for n in range(20)]},
        "findings": {"count": 1, "ids": ["f"]},
    }
    assert "24" in caught.value.detail
    assert (snapshot(engine, "cities", "c")["version"], seq(engine)) == (1, 26)


def test_a_part_and_a_validation_hold_a_workshop(engine: Engine):
    put(engine, "workshops", "whole")
    put(engine, "workshops", "part", part_of="whole")
    put(engine, "recommendations", "r", validations=[{"workshop": "whole"}])
    with pytest.raises(StillReferenced) as caught:
        remove(engine, "workshops", "whole")
    assert set(caught.value.extra["references"]) == {"workshops", "recommendations"}


@pytest.mark.parametrize("around", [["a"], ["b", "a"], ["c", "b", "a"]])
def test_no_record_lies_in_itself_however_far_around(engine: Engine, around: list[str]):
    put(engine, "workshops", "a")
    put(engine, "workshops", "b", part_of="a")
    put(engine, "workshops", "c", part_of="b")
    with pytest.raises(InvalidRecord, match="leads around to a again"):
        put(engine, "workshops", "a", part_of=around[0])
    assert disagreements(engine) == []


def test_texts_without_words_leave_the_index_in_agreement(engine: Engine):
    put(engine, "cities", "c")
    put(engine, "workshops", "w", cities=["c"], title="!", aliases=["one", "—", "two"])
    assert disagreements(engine) == []


def test_once_nothing_points_to_it_a_record_can_go(engine: Engine):
    put(engine, "cities", "c")
    put(engine, "workshops", "w", cities=["c"])
    put(engine, "workshops", "w", cities=[])
    assert remove(engine, "cities", "c").version == 2


def test_what_is_not_there_cannot_be_deleted(engine: Engine):
    put(engine, "cities", "c")
    remove(engine, "cities", "c")
    for name, record_id in (("cities", "c"), ("cities", "never"), ("projects", "c")):
        with pytest.raises(NotFound):
            remove(engine, name, record_id)
    assert seq(engine) == 2


def test_a_deletion_says_why_and_by_what_it_is_replaced(engine: Engine):
    put(engine, "cities", "old")
    put(engine, "cities", "new")
    remove(engine, "cities", "old", reason="A duplicate", replaced_by="new")
    last = journal(engine)[-1]
    assert (last.reason, last.replaced_by) == ("A duplicate", "new")


@pytest.mark.parametrize("replacement", ["never", "a-project", "one"])
def test_a_replacement_is_another_record_of_the_collection(engine: Engine, replacement: str):
    put(engine, "projects", "a-project")
    put(engine, "cities", "one")
    with pytest.raises(Conflict):
        remove(engine, "cities", "one", replaced_by=replacement)
    assert snapshot(engine, "cities", "one")["version"] == 1


def fail_after_writing(engine: Engine) -> None:
    with writing(engine) as connection:
        for record in (city("c", name="After"), city("d", name="After")):
            catalog.save(connection, BY_NAME["cities"], load("cities", record), DOOR)
        catalog.remove(connection, BY_NAME["cities"], "c", DOOR)
        raise ZeroDivisionError


def test_a_failed_transaction_leaves_no_trace(engine: Engine):
    put(engine, "cities", "c", name="Before")
    before = (seq(engine), journal(engine))
    with pytest.raises(ZeroDivisionError):
        fail_after_writing(engine)
    assert (seq(engine), journal(engine)) == before
    assert (found(engine, "cities", "before"), found(engine, "cities", "after")) == (["c"], [])
    assert disagreements(engine) == []


def test_one_refused_record_undoes_the_others_of_its_transaction(engine: Engine):
    with pytest.raises(InvalidRecord):
        store(
            engine,
            *(("projects", project(f"p-{number}")) for number in range(5)),
            ("workshops", workshop("w", projects=["p-4", "p-5"])),
        )
    assert (seq(engine), journal(engine), disagreements(engine)) == (0, [], [])


GUARDED = sorted(JOURNALLED)


def test_every_table_of_records_is_guarded():
    for collection in COLLECTIONS:
        tables = {collection.table.name, *(link.name for link in collection.links.values())}
        assert tables <= JOURNALLED
    assert "change" in JOURNALLED


@pytest.mark.parametrize("verb", [insert, update, delete])
def test_no_statement_goes_round_the_catalog(library: Engine, verb: type):
    for name in GUARDED:
        statement = verb(Base.metadata.tables[name])
        statement = statement if verb is delete else statement.values({})
        with (
            pytest.raises(WriteOutsideCatalog, match=name),
            migrating(library) as connection,
        ):
            connection.execute(statement)


def test_an_alias_does_not_go_round_the_catalog(engine: Engine):
    put(engine, "projects", "one")
    statement = update(aliased(Project)).values(title="Forged")
    with pytest.raises(WriteOutsideCatalog), migrating(engine) as connection:
        connection.execute(statement)
    assert disagreements(engine) == []


def test_no_session_goes_round_the_catalog(engine: Engine):
    put(engine, "projects", "one")
    with migrating(engine) as connection, Session(connection) as session:
        session.get(Project, "one").title = "Forged"
        with pytest.raises(WriteOutsideCatalog):
            session.flush()
        session.rollback()
    assert disagreements(engine) == []


def test_no_session_adds_or_deletes_round_the_catalog(engine: Engine):
    put(engine, "projects", "one")
    with migrating(engine) as connection, Session(connection) as session:
        session.add(Change(seq=2, collection="projects", record_id="x", version=1, op="delete"))
        with pytest.raises(WriteOutsideCatalog):
            session.flush()
    with migrating(engine) as connection, Session(connection) as session:
        session.delete(session.get(Project, "one"))
        with pytest.raises(WriteOutsideCatalog):
            session.flush()


def test_the_catalog_shuts_its_door_behind_it(engine: Engine):
    with writing(engine) as connection:
        catalog.save(connection, BY_NAME["cities"], load("cities", city()), DOOR)
        with pytest.raises(WriteOutsideCatalog):
            connection.execute(update(City).values(name="Forged"))


def test_the_door_is_shut_after_a_failed_write_too(engine: Engine):
    broken = load("cities", city()) | {"name": None}
    with writing(engine) as connection:
        refused = engine.dialect.loaded_dbapi.IntegrityError
        with pytest.raises(refused), connection.begin_nested():
            catalog.save(connection, BY_NAME["cities"], broken, DOOR)
        with pytest.raises(WriteOutsideCatalog):
            connection.execute(delete(City))


@pytest.mark.parametrize("odd", ["city-1\0", "city-1\0x", "\0", "\udcff", "city-1\udcff"])
def test_an_id_that_no_store_can_hold_is_not_there(engine: Engine, odd: str):
    put(engine, "cities", "city-1")
    with reading(engine) as connection:
        assert stored.current(connection, BY_NAME["cities"], odd) is None
        assert existing(connection, BY_NAME["cities"], ["city-1", odd]) == {"city-1"}

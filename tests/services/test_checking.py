"""The check tells each kind of damage, and rebuilding mends the index."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.services import checking
from api.services.database import open_engine, reading, writing
from api.services.migrating import migrate
from tests.factories import library as records
from tests.factories import store
from tests.services.helpers import found, put, remove
from tests.stores import damage, disagreements

RECORDS = list(records())


@pytest.fixture
def small(engine: Engine) -> Engine:
    """Three versions of a workshop, and what is around it."""
    put(engine, "projects", "p", title="Rebuild", external_ids={"node": "1"})
    put(engine, "cities", "c", name="Kharkiv", projects=["p"], latitude=50, longitude=36)
    for title in ("First", "Second", "Third"):
        put(engine, "workshops", "w", title=title, cities=["c"], starts_on="2020-07")
    put(engine, "documents", "d", title="Agenda", summary="about the harbour", workshops=["w"])
    put(engine, "findings", "f")
    remove(engine, "findings", "f")
    return engine


def test_all_is_well_in_the_library(library: Engine):
    assert disagreements(library) == []


def test_all_is_well_in_a_new_store_and_after_deletions(engine: Engine, small: Engine):
    assert disagreements(small) == []


DAMAGE = {
    "a text": ("UPDATE workshop SET title = 'Forged'", "workshops/w", "title"),
    "a version": ("UPDATE workshop SET version = 7", "workshops/w", "version"),
    "a day": ("UPDATE workshop SET starts_on_last = '2020-07-30'", "workshops/w", "starts_on_last"),
    "a number": ("UPDATE city SET latitude = 51", "cities/c", "latitude"),
    "a null": ("UPDATE document SET summary = NULL", "documents/d", "summary"),
    "a moment": ("UPDATE city SET updated_at = '2001-01-01 00:00:00'", "cities/c", "updated_at"),
    "a list": ("UPDATE project SET aliases = '[\"X\"]'", "projects/p", "aliases"),
    "an id": ("UPDATE document SET id = 'e'", "documents/e", "id"),
    "a lost row": ("DELETE FROM document", "documents/d", "table"),
    "an older entry": ("UPDATE workshop SET seq = 3", "workshops/w", "entry"),
    "a snapshot": (
        "UPDATE change SET snapshot = replace(snapshot, 'Third', 'Forged') WHERE seq = 5",
        "workshops/w",
        "title",
    ),
    "an unreadable snapshot": (
        "UPDATE change SET snapshot = '{' WHERE seq = 5",
        "workshops/w",
        "snapshot",
    ),
    "a lost old version": ("DELETE FROM change WHERE seq = 4", "workshops/w", "versions"),
    "a lost present version": ("DELETE FROM change WHERE seq = 5", "workshops/w", "entry"),
    "a lost history": (
        "DELETE FROM change WHERE collection = 'documents'",
        "documents/d",
        "journal",
    ),
    "a lost deletion": ("DELETE FROM change WHERE op = 'delete'", "findings/f", "entry"),
    "a lost number": ("UPDATE store SET seq = 9", "journal", "9"),
    "a lost link": ("DELETE FROM workshop_cities", "workshops/w", "workshop_cities"),
    "a moved link": ("UPDATE workshop_cities SET position = 3", "workshops/w", "workshop_cities"),
    "a lost value": ("DELETE FROM project_external_ids", "projects/p", "project_external_ids"),
    "a new link": (
        "INSERT INTO document_cities (owner_id, value, position) VALUES ('d', 'c', 0)",
        "documents/d",
        "document_cities",
    ),
    "index words": (
        "UPDATE search_entry SET prose = 'forged' WHERE record_id = 'd'",
        "documents/d",
        "index",
    ),
    "a lost index row": ("DELETE FROM search_entry WHERE record_id = 'd'", "documents/d", "index"),
    "an index row too many": (
        "INSERT INTO search_entry (id, collection, record_id, seq, names, prose)"
        " SELECT max(id) + 1, 'findings', 'f', 7, 'finding', '' FROM search_entry",
        "findings",
        "index",
    ),
    "an index row of an older version": (
        "UPDATE search_entry SET seq = 3 WHERE record_id = 'w'",
        "workshops/w",
        "index",
    ),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_told(small: Engine, kind: str):
    statement, where, what = DAMAGE[kind]
    damage(small, statement)
    told = disagreements(small)
    assert any(where in sentence and what in sentence for sentence in told), told


MATCHER = {
    "sqlite": {
        "emptied": "INSERT INTO search_fts (search_fts) VALUES ('delete-all')",
        "without prose": "INSERT INTO search_fts (search_fts, rowid, names, prose)"
        " SELECT 'delete', id, '', prose FROM search_entry WHERE record_id = 'd'",
    },
    "postgresql": {
        "emptied": "UPDATE search_entry SET vector = NULL",
        "without prose": "UPDATE search_entry SET vector = '''agenda'':1A' WHERE record_id = 'd'",
    },
}


@pytest.mark.parametrize("kind", ["emptied", "without prose"])
def test_a_matcher_that_has_lost_words_is_told_and_mended(small: Engine, kind: str):
    damage(small, MATCHER[small.dialect.name][kind])
    assert found(small, "documents", "harbour") == []
    told = disagreements(small)
    rebuild(small)
    assert found(small, "documents", "harbour") == ["d"]
    assert any("documents/d" in sentence for sentence in told), told


def test_an_entry_out_of_the_range_of_its_collection_is_told(tmp_path: Path):
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    migrate(engine)
    put(engine, "cities", "c")
    damage(engine, "UPDATE search_entry SET id = id + 1")
    damage(engine, "INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
    assert any("cities/c" in sentence for sentence in disagreements(engine))
    engine.dispose()


def rebuild(engine: Engine) -> list[int]:
    steps: list[int] = []
    with writing(engine) as connection:
        steps.append(checking.rebuild(connection, steps.append))
    return steps


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE search_entry SET prose = 'forged', names = 'forged'",
        "DELETE FROM search_entry",
        "UPDATE search_entry SET seq = 3",
    ],
)
def test_rebuilding_mends_the_index(small: Engine, statement: str):
    damage(small, statement)
    assert rebuild(small)[-1] == 4
    assert disagreements(small) == []
    assert found(small, "workshops", "third") == ["w"]
    assert found(small, "workshops", "forged") == []


def test_rebuilding_tells_how_far_it_is_and_changes_no_record(engine: Engine):
    store(engine, *RECORDS)
    with reading(engine) as connection:
        before = connection.exec_driver_sql("SELECT * FROM change ORDER BY seq").all()
    steps = rebuild(engine)
    assert (steps[-1], steps) == (len(RECORDS), sorted(steps))
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT * FROM change ORDER BY seq").all() == before
    assert disagreements(engine) == []


def test_a_check_changes_nothing(library: Engine):
    with reading(library) as connection:
        before = connection.exec_driver_sql("SELECT * FROM search_entry ORDER BY id").all()
        list(checking.check(connection))
    with reading(library) as connection:
        assert connection.exec_driver_sql("SELECT * FROM search_entry ORDER BY id").all() == before

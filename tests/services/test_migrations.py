"""Migrations: from nothing up, down to nothing, and up again, alike on both databases."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import (
    CheckConstraint,
    Engine,
    ForeignKeyConstraint,
    UniqueConstraint,
    inspect,
    select,
    text,
)

from api.models import Base, Store
from api.services.database import open_engine, reading
from api.services.migrating import (
    configuration,
    migrate,
    present_revision,
    unmigrate,
    wanted_revision,
)
from tests.postgres import Cluster
from tests.services.helpers import found, put
from tests.stores import damage, disagreements

NUMBER = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database in which nothing is."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        name = f"empty_{next(NUMBER)}"
        cluster.create_database(name)
        url = cluster.url(name)
    opened = open_engine(url)
    yield opened
    opened.dispose()


def tables(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(inspect(connection).get_table_names())


def test_up_down_and_up_again(empty: Engine):
    assert present_revision(empty) is None
    migrate(empty)
    assert present_revision(empty) == wanted_revision()
    assert tables(empty) >= set(Base.metadata.tables)
    unmigrate(empty)
    assert tables(empty) == {"alembic_version"}
    migrate(empty)
    put(empty, "cities", "one", name="Kharkiv")
    assert disagreements(empty) == []


def test_going_down_leaves_no_view_sequence_or_type(empty: Engine):
    migrate(empty)
    unmigrate(empty)
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE name NOT LIKE '%alembic_version%'",
        "postgresql": "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname = 'public' AND relname NOT LIKE 'alembic_version%'",
    }[empty.dialect.name]
    with reading(empty) as connection:
        assert connection.execute(text(query)).all() == []


def test_a_store_with_records_goes_down_and_up(empty: Engine):
    migrate(empty)
    put(empty, "projects", "p")
    put(empty, "cities", "c", projects=["p"], external_ids={"node": "1"})
    put(empty, "workshops", "w", cities=["c"], projects=["p"], part_of=None)
    unmigrate(empty)
    assert tables(empty) == {"alembic_version"}
    migrate(empty)
    with reading(empty) as connection:
        assert connection.execute(select(Store.seq)).scalars().all() == [0]


def test_entries_numbered_as_they_came_are_found_after_they_are_numbered_by_collection(
    empty: Engine,
):
    migrate(empty)
    put(empty, "cities", "c", name="Harbour")
    put(empty, "findings", "f", text="A harbour")
    unmigrate(empty, "0005")
    if empty.dialect.name == "sqlite":
        damage(empty, "UPDATE search_entry SET id = 100 - seq")
        damage(empty, "INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
    migrate(empty)
    assert disagreements(empty) == []
    assert found(empty, "findings", "harbour") == ["f"]


def test_lists_from_before_they_led_to_snapshots_lead_there(empty: Engine):
    migrate(empty)
    put(empty, "projects", "p")
    put(empty, "cities", "c", projects=["p"], external_ids={"node": "1"})
    put(empty, "findings", "f", cities=["c"], projects=["p"])
    put(empty, "cities", "c", projects=["p"], external_ids={"node": "2"})
    unmigrate(empty, "0006")
    migrate(empty)
    assert disagreements(empty) == []


def test_migrating_twice_changes_nothing(empty: Engine):
    migrate(empty)
    put(empty, "cities", "one")
    with reading(empty) as connection:
        before = connection.execute(select(Store.epoch, Store.seq)).all()
    migrate(empty)
    with reading(empty) as connection:
        assert connection.execute(select(Store.epoch, Store.seq)).all() == before


def test_the_models_are_what_the_migrations_make(library: Engine):
    command.check(configuration(library))


def test_two_stores_have_two_epochs(tmp_path: Path):
    epochs = set()
    for name in ("one", "two"):
        engine = open_engine(f"sqlite:///{tmp_path / name}.db")
        migrate(engine)
        with reading(engine) as connection:
            epochs.add(connection.execute(select(Store.epoch)).scalar_one())
        engine.dispose()
    assert sorted(map(len, epochs)) == [32, 32]


def wanted(table: str) -> dict[str, set[str]]:
    """Return the names that the models give a table's parts."""
    found = Base.metadata.tables[table]
    kinds = {
        "check": CheckConstraint,
        "unique": UniqueConstraint,
        "foreign": ForeignKeyConstraint,
    }
    constraints = {
        name: {str(each.name) for each in found.constraints if isinstance(each, kind)}
        for name, kind in kinds.items()
    }
    columns = {column.name for column in found.columns}
    indexes = {str(index.name) for index in found.indexes}
    return {**constraints, "columns": columns, "indexes": indexes}


def there(inspector: Any, table: str) -> dict[str, set[str]]:
    """Return the names of a table's parts in the database."""
    parts = {
        "check": inspector.get_check_constraints(table),
        "unique": inspector.get_unique_constraints(table),
        "foreign": inspector.get_foreign_keys(table),
        "columns": inspector.get_columns(table),
        "indexes": [i for i in inspector.get_indexes(table) if "duplicates_constraint" not in i],
    }
    found = {kind: {each["name"] for each in listed} for kind, listed in parts.items()}
    found["indexes"] -= {"ix_search_entry_vector", "ix_page_text_vector"}
    return found


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_a_table_has_the_same_parts_on_both_databases(library: Engine, table: str):
    with reading(library) as connection:
        assert there(inspect(connection), table) == wanted(table)


def test_there_is_no_table_but_those_of_the_models(library: Engine):
    shadows = {name for name in tables(library) if name.startswith("search_fts")}
    assert tables(library) - shadows == {*Base.metadata.tables, "alembic_version"}
    assert bool(shadows) == (library.dialect.name == "sqlite")

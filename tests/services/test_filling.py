"""An empty PostgreSQL store is filled without indexes and foreign keys; at the end it has them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from api.services import catalog
from api.services.database import migrating, open_engine, writing
from api.services.filling import filling
from api.services.records import BY_NAME
from api.settings import ROOT
from tests.factories import DOOR, city, document, load, workshop
from tests.stores import damage, disagreements, journal

MADE = {
    "sqlite": "SELECT name, sql FROM sqlite_master ORDER BY name",
    "postgresql": """
        SELECT indexname AS name, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT conname, conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
        ORDER BY name, indexdef
    """,
}
PLACES = [("cities", city(f"city-{number}")) for number in range(30)]


def schema(connection: Connection) -> list[tuple[str, str]]:
    """Return all indexes and constraints of a store, with what they are."""
    found = connection.execute(text(MADE[connection.dialect.name]))
    return [(row[0], row[1]) for row in found]


@contextmanager
def filled(engine: Engine) -> Iterator[tuple[Connection, bool]]:
    """Fill a store; yield the connection, and whether anything is set aside."""
    with writing(engine) as connection:
        before = schema(connection)
        with filling(connection):
            yield connection, schema(connection) != before
        assert schema(connection) == before


def put(connection: Connection) -> None:
    some = [(BY_NAME[name], load(name, record)) for name, record in PLACES]
    catalog.save_all(connection, some, DOOR)


def test_an_empty_store_has_everything_again_when_it_is_full(engine: Engine) -> None:
    with filled(engine) as (connection, is_set_aside):
        assert is_set_aside == (engine.dialect.name == "postgresql")
        put(connection)
    assert (len(journal(engine)), disagreements(engine)) == (len(PLACES), [])


def test_a_store_that_has_held_a_record_keeps_everything(engine: Engine) -> None:
    with writing(engine) as connection:
        put(connection)
    with filled(engine) as (_, is_set_aside):
        assert not is_set_aside


def test_what_somebody_reads_keeps_everything(engine: Engine) -> None:
    with engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM city")).all()
        with filled(engine) as (connection, is_set_aside):
            assert not is_set_aside
            put(connection)
    assert (len(journal(engine)), disagreements(engine)) == (len(PLACES), [])


@contextmanager
def as_clerk(engine: Engine, *statements: str) -> Iterator[Engine]:
    """Open a store as one who owns none of its tables (on SQLite: as ever)."""
    if engine.dialect.name == "postgresql":
        with migrating(engine) as connection:
            if not connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = 'clerk'")).all():
                connection.execute(text("CREATE ROLE clerk LOGIN"))
            for kind in ("TABLES", "SEQUENCES"):
                connection.execute(text(f"GRANT ALL ON ALL {kind} IN SCHEMA public TO clerk"))
            for each in statements:
                connection.execute(text(each))
        url = engine.url.set(username="clerk")
    else:
        url = engine.url
    clerk = open_engine(url.render_as_string(hide_password=False))
    yield clerk
    clerk.dispose()


def test_who_owns_no_table_fills_it_as_it_is(engine: Engine) -> None:
    with as_clerk(engine) as clerk, filled(clerk) as (connection, is_set_aside):
        assert not is_set_aside
        put(connection)
    assert (len(journal(engine)), disagreements(engine)) == (len(PLACES), [])


OWN = {
    "an index of rows": "CREATE INDEX \"my%sown\" ON city (id) WHERE name LIKE 'A%'",
    "an exclusion": "ALTER TABLE city ADD CONSTRAINT own EXCLUDE USING btree (name WITH =)",
}


@pytest.mark.parametrize("kind", OWN)
def test_what_the_operator_added_stays(engine: Engine, kind: str) -> None:
    if engine.dialect.name == "postgresql":
        damage(engine, OWN[kind])
    with filled(engine) as (connection, is_set_aside):
        assert is_set_aside == (engine.dialect.name == "postgresql")
        put(connection)
    assert (len(journal(engine)), disagreements(engine)) == (len(PLACES), [])


def test_who_may_not_lock_a_table_fills_it_as_it_is(engine: Engine) -> None:
    mine = as_clerk(engine, "ALTER TABLE city OWNER TO clerk", "REVOKE ALL ON change FROM clerk")
    with mine as clerk, filled(clerk) as (_, is_set_aside):
        assert not is_set_aside


def test_a_record_that_names_none_is_refused_at_the_end_and_nothing_is_kept(
    engine: Engine,
) -> None:
    with writing(engine) as connection:
        before = schema(connection)
    vouched = {("cities", "nowhere")}
    driver: Any = engine.dialect.loaded_dbapi
    meeting = load("workshops", workshop(cities=["nowhere"]))
    with (
        pytest.raises((IntegrityError, driver.IntegrityError)),
        writing(engine) as connection,
        filling(connection),
    ):
        catalog.save(connection, BY_NAME["workshops"], meeting, DOOR, known=vouched)
    with writing(engine) as connection:
        assert schema(connection) == before
    assert journal(engine) == []


def test_the_command_fills_a_store_with_all_cores(engine: Engine, tmp_path: Path) -> None:
    path, summary = tmp_path / "many.ndjson", "Ще не все. " * 60
    with path.open("wb") as lines:
        for name, record in PLACES:
            lines.write(orjson.dumps({"type": name, "data": record}) + b"\n")
        for number in range(900):
            data = document(f"document-{number}", cities=[f"city-{number % 30}"], summary=summary)
            lines.write(orjson.dumps({"type": "documents", "data": data}) + b"\n")
    with engine.connect() as connection:
        before = schema(connection)
    settings = {"DATABASE_URL": engine.url.render_as_string(), "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", "from api.cli import main; main()", "seed", "apply", str(path)]
    done = subprocess.run(command, check=True, cwd=ROOT, env=os.environ | settings, stderr=PIPE)
    assert (b"Indexing" in done.stderr) == (engine.dialect.name == "postgresql")
    with engine.connect() as connection:
        statistics = {"sqlite_stat1", "sqlite_stat4"}
        assert [row for row in schema(connection) if row[0] not in statistics] == before
    assert (len(journal(engine)), disagreements(engine)) == (930, [])

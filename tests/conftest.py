"""Stores on real databases: every test that asks for one runs on SQLite and on PostgreSQL."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from api.app import create_app
from api.models import Base
from api.services import seeding
from api.services.catalog import Door
from api.services.database import open_engine, writing
from api.services.migrating import migrate
from api.settings import ROOT, Settings
from tests.factories import fill
from tests.postgres import Cluster, temporary_cluster
from tests.stores import damage

SETTINGS = Settings(log_level="error", cache_milliseconds=0)
FreshStore = Callable[[], Engine]
EmptyStore = Callable[[], Engine]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server, started by the first test that needs it."""
    with temporary_cluster() as running:
        yield running


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def fresh_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FreshStore]:
    """A function that opens an empty, migrated store; all are closed at the end."""
    opened: list[Engine] = []
    folder = tmp_path_factory.mktemp("stores")
    make = _on_sqlite(folder) if request.param == "sqlite" else _on_postgresql(request)

    def fresh() -> Engine:
        opened.append(open_engine(make(), seconds=30))
        return opened[-1]

    yield fresh
    for engine in opened:
        engine.dispose()


def _on_sqlite(folder: Path) -> Callable[[], str]:
    template, number = folder / "template.db", itertools.count()
    engine = open_engine(f"sqlite:///{template}")
    migrate(engine)
    engine.dispose()

    def make() -> str:
        path = folder / f"{next(number)}.db"
        shutil.copy(template, path)
        return f"sqlite:///{path}"

    return make


def _on_postgresql(request: pytest.FixtureRequest) -> Callable[[], str]:
    cluster: Cluster = request.getfixturevalue("cluster")
    number = itertools.count()
    create_linguistic_database(cluster, "template_store")
    engine = open_engine(cluster.url("template_store"))
    migrate(engine)
    engine.dispose()

    def make() -> str:
        name = f"store_{next(number)}"
        cluster.create_database(name, template="template_store")
        return cluster.url(name)

    return make


def create_linguistic_database(cluster: Cluster, name: str) -> None:
    """Create a database that sorts by language, so that a forgotten byte order shows.

    PostgreSQL without ICU can only sort by byte here; then the database does.
    """
    icu = "template template0 locale_provider icu icu_locale 'en' locale 'C.UTF-8'"
    with cluster.connect() as connection:
        try:
            connection.execute(f"create database {name} {icu}".encode())
        except psycopg.errors.Error:
            cluster.create_database(name)


@pytest.fixture(scope="session")
def empty_store(fresh_store: FreshStore) -> Iterator[EmptyStore]:
    """A function that gives an empty store; the one that it gave before is then gone.

    PostgreSQL's is one database, emptied each time: a database of its own for each test costs
    some 10 MB and 0.1 s, and PostgreSQL then takes half a minute to shut down.
    """
    given: list[Engine] = []

    def empty() -> Engine:
        if given and given[-1].dialect.name == "postgresql":
            tables = [each.name for each in Base.metadata.tables.values() if each.name != "store"]
            deletions = "; ".join(f'DELETE FROM "{name}"' for name in tables)
            damage(given[-1], deletions, "UPDATE store SET seq = 0, seeded_at = NULL")
            return given[-1]
        for engine in given:
            engine.dispose()
        given[:] = [fresh_store()]
        return given[-1]

    yield empty
    for engine in given:
        engine.dispose()


@pytest.fixture
def engine(fresh_store: FreshStore) -> Iterator[Engine]:
    """An empty store of the test's own; PostgreSQL has not connections enough to keep them all."""
    opened = fresh_store()
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def library(fresh_store: FreshStore) -> Engine:
    """The store of `factories.library`, for tests that only read."""
    engine = fresh_store()
    fill(engine)
    return engine


@pytest.fixture(scope="session")
def seeded(fresh_store: FreshStore) -> Engine:
    """A store with the project's own seeds, for tests that only read."""
    engine = fresh_store()
    with writing(engine) as connection:
        items = seeding.load(seeding.bundle_files([], ROOT / "seed"))
        seeding.apply(connection, items, Door("seed"))
    return engine


def client_of(engine: Engine, **settings: object) -> FlaskClient:
    """Return a client of the application on a store; errors are raised, not answered as 500."""
    return _app_of(engine, replace(SETTINGS, **settings)).test_client()


@cache
def _app_of(engine: Engine, settings: Settings) -> Flask:
    app = create_app(settings, engine)
    app.testing = True
    return app


@pytest.fixture(scope="session")
def client(library: Engine) -> FlaskClient:
    """A client on the library."""
    return client_of(library)


@pytest.fixture(scope="session")
def seeded_client(seeded: Engine) -> FlaskClient:
    """A client on the project's own seeds."""
    return client_of(seeded)

"""Stores that tests may write to, and a client with a token on them.

PostgreSQL's store is one database, emptied each time, as a database of its own for each test
takes 0.1 s and 10 MB. The application is made once, and given the store of each test.
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from api.app import create_app
from api.models import Base
from api.services import seeding
from api.services.database import writing
from api.services.doors import Door
from api.services.tokens import Scope
from api.settings import ROOT
from api.web.db import use_engine
from tests.conftest import SETTINGS, FreshStore
from tests.factories import fill
from tests.writes.acting import Writer, damage, issue

EmptyStore = Callable[[], Engine]
NAMED = [each.name for each in Base.metadata.tables.values() if each.name != "store"]
EMPTY = [f'DELETE FROM "{name}"' for name in NAMED]
RESET = "UPDATE store SET seq = 0, seeded_at = NULL"


@pytest.fixture(scope="session")
def empty_store(fresh_store: FreshStore) -> Iterator[EmptyStore]:
    """A function that gives an empty store; the one that it gave before is then gone."""
    given: list[Engine] = []

    def empty() -> Engine:
        if given and given[-1].dialect.name == "postgresql":
            damage(given[-1], "; ".join([*EMPTY, RESET]))
            return given[-1]
        for engine in given:
            engine.dispose()
        given[:] = [fresh_store()]
        return given[-1]

    yield empty
    for engine in given:
        engine.dispose()


@pytest.fixture
def engine(empty_store: EmptyStore) -> Engine:
    """An empty store of the test's own."""
    return empty_store()


@pytest.fixture(scope="session")
def app(fresh_store: FreshStore) -> Flask:
    """The application; errors are raised, not answered as 500."""
    made = create_app(SETTINGS, fresh_store())
    made.testing = True
    return made


@pytest.fixture
def writer(app: Flask, engine: Engine) -> Writer:
    """A client with a token on an empty store."""
    use_engine(app, engine)
    return Writer(app.test_client(), engine, issue(engine))


@pytest.fixture
def anyone(writer: Writer) -> Writer:
    """A client without a token on the same store."""
    return Writer(writer.client, writer.engine, None)


@pytest.fixture
def admin(writer: Writer) -> Writer:
    """A client with an administrator's token on the same store."""
    return Writer(writer.client, writer.engine, issue(writer.engine, Scope.ADMIN))


@pytest.fixture
def filled(writer: Writer) -> Writer:
    """A client with a token on the library of the factories."""
    fill(writer.engine)
    return writer


@pytest.fixture(scope="session")
def kept_store(fresh_store: FreshStore) -> Engine:
    """A store of the project's own seeds, for tests that leave it as it was."""
    made = fresh_store()
    with writing(made) as connection:
        items = seeding.load(seeding.bundle_files([], ROOT / "seed"))
        seeding.apply(connection, items, Door("seed"))
    return made


@pytest.fixture(scope="session")
def seeded_token(kept_store: Engine) -> str:
    """A token of that store."""
    return issue(kept_store)


@pytest.fixture
def seeded_writer(app: Flask, kept_store: Engine, seeded_token: str) -> Writer:
    """A client with a token on the project's own seeds."""
    use_engine(app, kept_store)
    return Writer(app.test_client(), kept_store, seeded_token)

"""Stores that tests may write to, and a client with a token on them.

The application is made once, and given the store of each test.
"""

import pytest
from flask import Flask
from sqlalchemy import Engine

from api.app import create_app, use_store
from api.services import seeding
from api.services.database import writing
from api.services.doors import Door
from api.services.tokens import Scope
from api.settings import ROOT
from tests.conftest import SETTINGS, EmptyStore, FreshStore
from tests.factories import fill
from tests.writes.acting import Writer, issue


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
    use_store(app, engine, SETTINGS)
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
    use_store(app, kept_store, SETTINGS)
    return Writer(app.test_client(), kept_store, seeded_token)

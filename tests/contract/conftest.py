"""The world: a store with something to tell apart in every filter, sort key and language."""

import itertools
from unittest.mock import patch

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from api.services import catalog
from api.services.records import COLLECTIONS
from tests.conftest import FreshStore, client_of
from tests.contract.varied import MOMENTS, written
from tests.factories import Record, store

Everything = dict[str, list[Record]]


@pytest.fixture(scope="session")
def world(fresh_store: FreshStore) -> Engine:
    """The library and the varied records, written at a few different moments; only read it."""
    engine = fresh_store()
    with patch.object(catalog, "now", side_effect=itertools.cycle(MOMENTS)):
        for name, records in written().items():
            store(engine, *((name, record) for record in records.values()))
    return engine


@pytest.fixture(scope="session")
def reader(world: Engine) -> FlaskClient:
    """A client on the world."""
    return client_of(world)


@pytest.fixture(scope="session")
def computing(world: Engine) -> FlaskClient:
    """A client on the world that gets nothing from the cache."""
    return client_of(world, cache_bytes=0)


@pytest.fixture(scope="session")
def everything(reader: FlaskClient) -> Everything:
    """Collection → all its records of the world as `lang=*` shows them: what oracles judge by."""
    query = {"lang": "*", "limit": "200"}
    return {
        each.name: reader.get(f"/api/v1/{each.name}", query_string=query).json["data"]
        for each in COLLECTIONS
    }


@pytest.fixture(scope="session")
def scratch(fresh_store: FreshStore) -> Engine:
    """A store for tests that write; each uses records of its own."""
    return fresh_store()


@pytest.fixture(scope="session")
def writer(scratch: Engine) -> FlaskClient:
    """A client on the store for tests that write."""
    return client_of(scratch)

"""Stores for the services' tests, which are many: PostgreSQL's is one database, emptied each time.

A database of its own for each test costs some 10 MB and 0.1 s, and PostgreSQL then takes half a
minute to shut down.
"""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from api.models import Base
from tests.conftest import FreshStore
from tests.services.helpers import damage

EmptyStore = Callable[[], Engine]


@pytest.fixture(scope="session")
def empty_store(fresh_store: FreshStore) -> Iterator[EmptyStore]:
    """A function that gives an empty store; the one that it gave before is then gone."""
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
def engine(empty_store: EmptyStore) -> Engine:
    """An empty store of the test's own."""
    return empty_store()

"""Stores for the services' tests, which are many."""

import pytest
from sqlalchemy import Engine

from tests.conftest import EmptyStore


@pytest.fixture
def engine(empty_store: EmptyStore) -> Engine:
    """An empty store of the test's own."""
    return empty_store()

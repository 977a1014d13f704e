"""Places for a store, on both databases, where nothing was made yet."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.server import Server, serving
from tests.postgres import Cluster

_numbers = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return empty_database(request.getfixturevalue("cluster"))


def empty_database(cluster: Cluster) -> str:
    """Create a database, and return its URL."""
    name = f"fault_{next(_numbers)}"
    cluster.create_database(name)
    return cluster.url(name)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the project's own seeds, for tests that leave it as it was."""
    folder = tmp_path_factory.mktemp("server")
    limits = {"max_body_bytes": 10_000, "max_import_bytes": 10_000}
    with serving(folder / "log", data_dir=folder, threads=2, **limits) as running:
        yield running

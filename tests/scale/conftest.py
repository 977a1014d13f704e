"""Two stores by one generator, a large and a small one, each built once a session."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.services.database import open_engine
from api.services.migrating import migrate
from tests.conftest import create_linguistic_database
from tests.postgres import Cluster
from tests.scale.store import LARGE, SMALL, Size, analyse, build

Made = Callable[[Size, str], Engine]


# The marks keep all tests of one store on one worker, under `pytest --dist loadgroup`.
@pytest.fixture(
    scope="session",
    params=[
        pytest.param(name, marks=pytest.mark.xdist_group(f"scale on {name}"))
        for name in ("sqlite", "postgresql")
    ],
)
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Made]:
    """A function that builds a store of a size."""
    opened: list[Engine] = []
    folder = tmp_path_factory.mktemp("scale")

    def make(size: Size, name: str) -> Engine:
        url = f"sqlite:///{folder / name}.db"
        if request.param == "postgresql":
            url = _database(request.getfixturevalue("cluster"), name)
        engine = open_engine(url, seconds=60)
        opened.append(engine)
        migrate(engine)
        build(engine, size)
        analyse(engine)
        return engine

    yield make
    for engine in opened:
        engine.dispose()
    for path in Path(folder).iterdir():
        path.unlink()  # pytest would keep 400 MB of each of its last three runs


def _database(cluster: Cluster, name: str) -> str:
    create_linguistic_database(cluster, f"scale_{name}")
    return cluster.url(f"scale_{name}")


@pytest.fixture(scope="session")
def large(made: Made) -> Engine:
    """20,000 workshops, 150,000 recommendations."""
    return made(LARGE, "large")


@pytest.fixture(scope="session")
def small(made: Made) -> Engine:
    """Ten of each."""
    return made(SMALL, "small")

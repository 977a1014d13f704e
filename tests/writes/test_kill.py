"""kill -9 of the server while it writes: what was acknowledged is there, and nothing by halves."""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import Engine

from api.services.database import open_engine
from api.services.migrating import migrate
from tests.factories import Record, city, project, store, workshop
from tests.faults.server import serving
from tests.postgres import Cluster
from tests.stores import disagreements, journal
from tests.writes.acting import bundle, contents, issue

ENOUGH = (3, 12, 25, 7, 18, 1, 9, 30, 5, 15, 2, 21)
"""How many writes are acknowledged before each kill."""
BATCH = 15


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    cluster.create_database("killed")
    return cluster.url("killed")


@pytest.fixture
def killed(url: str) -> Iterator[Engine]:
    """The store whose servers are killed."""
    engine = open_engine(url)
    migrate(engine)
    store(engine, ("cities", city()))
    yield engine
    engine.dispose()


class Client:
    """Writes to a server until it dies, and remembers what was acknowledged."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.acknowledged: list[Record] = []
        self.sent: list[Record] = []

    def ask(self, method: str, path: str, body: Any, **headers: str) -> Any:
        """Send JSON, and return what came back."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers |= {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            connection.request(method, f"/api/v1{path}", json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read()
            assert response.status in (200, 201), text
            return json.loads(text)["data"]
        finally:
            connection.close()

    def create(self, number: int, kill: int) -> list[Record]:
        """Create a record."""
        record = workshop(f"w-{kill}-{number}", cities=["city-1"])
        self.sent.append(record)
        self.ask("POST", "/workshops", record)
        return [record]

    def replace(self, number: int, kill: int) -> list[Record]:
        """Change a record for the numbered time."""
        record = project(f"changed-{kill}", summary=f"Number {number}")
        how = {"If-Match": "*"} if number else {"If-None-Match": "*"}
        self.ask("PUT", f"/projects/{record['id']}", record, **how)
        return [record]

    def bring(self, number: int, kill: int) -> list[Record]:
        """Import a bundle."""
        records = [project(f"b-{kill}-{number}-{n}") for n in range(BATCH)]
        made = bundle(*(("projects", each) for each in records))
        self.sent.append({"id": f"b-{kill}-{number}"})
        digest = self.ask("POST", "/imports", made)["digest"]
        self.ask("POST", f"/imports?apply={digest}", made)
        return records


def stream(client: Client, step: Callable[..., list[Record]], kill: int, enough: Event) -> None:
    """Take a step again and again until the server is gone."""
    number = 0
    try:
        while True:
            client.acknowledged += step(number, kill)
            number += 1
            if number >= ENOUGH[kill]:
                enough.set()
    except (OSError, HTTPException):
        enough.set()


def test_a_killed_server_loses_nothing_and_leaves_nothing_by_halves(
    killed: Engine, url: str, tmp_path: Path
) -> None:
    token, clients = issue(killed), []
    for kill in range(len(ENOUGH)):
        with serving(tmp_path / "log", database_url=url, threads=4) as server:
            client, enough = Client(server.port, token), Event()
            clients.append(client)
            steps = (client.create, client.replace, client.bring)
            threads = [Thread(target=stream, args=(client, s, kill, enough)) for s in steps]
            for each in threads:
                each.start()
            assert enough.wait(60)
            server.kill()
            for each in threads:
                each.join()
        assert disagreements(killed) == []
    judge(killed, clients)


def judge(engine: Engine, clients: list[Client]) -> None:
    """Every acknowledged write is there, and every import wholly or not at all."""
    there = {id_: record for (_, id_), record in contents(engine).items()}
    changed = [row for row in journal(engine) if row.record_id.startswith("changed-")]
    for client in clients:
        assert client.acknowledged
        for record in client.acknowledged:
            assert record["id"] in there
            if record["id"].startswith("changed-"):
                assert any(
                    json.loads(row.snapshot)["summary"] == record["summary"] for row in changed
                )
        for sent in client.sent:
            if sent["id"].startswith("b-"):
                came = sum(id_.startswith(sent["id"] + "-") for id_ in there)
                assert came in (0, BATCH), sent["id"]

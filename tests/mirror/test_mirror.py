"""examples/mirror.py, as a partner runs it: killed, restarted, and right in the end."""

import random
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, make_url

from api.errors import Conflict, InvalidRecord, NotFound
from api.services import catalog
from api.services.database import open_engine, writing
from api.services.records import BY_NAME, COLLECTIONS
from api.settings import ROOT
from tests.factories import DOOR, MAKE, load
from tests.faults.server import Server, serving
from tests.postgres import Cluster

NAMES = ("projects", "cities", "workshops", "documents")
Copy = dict[tuple[str, str], Any]


@contextmanager
def mirroring(
    port: int, path: Path, largest_file: tuple[int, int] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run the example against a server, and kill it at the end."""
    api = f"http://127.0.0.1:{port}/api/v1"
    command = [sys.executable, str(ROOT / "examples" / "mirror.py"), api, str(path), "0.05"]

    def limit() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, largest_file)

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=limit) as process:  # noqa: PLW1509  nothing but a limit is set
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)


def until_exact(process: subprocess.Popen[str], cursor: str) -> None:
    """Wait until a mirror says that it is exact at a cursor."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.split() == ["exact", cursor]:
            return
    raise AssertionError("the mirror has ended")


def copied(path: Path) -> Copy:
    """Return what a mirror holds."""
    with sqlite3.connect(path) as db:
        rows = db.execute("select type, id, data from record").fetchall()
    return {(kind, id_): orjson.loads(data) for kind, id_, data in rows}


def served(server: Server) -> Copy:
    """Return what a server holds, by its lists."""
    found: Copy = {}
    for each in COLLECTIONS:
        path: str | None = f"/api/v1/{each.name}?lang=*&limit=200"
        while path:
            page = server.get(path).json
            found |= {(each.name, record["id"]): record for record in page["data"]}
            path = (page["links"]["next"] or "").partition(f":{server.port}")[2] or None
    return found


def agree(server: Server, path: Path) -> None:
    """A mirror comes to rest, and is then exactly what the server holds."""
    with mirroring(server.port, path) as process:
        until_exact(process, server.get("/api/v1/state").json["data"]["cursor"])
    assert copied(path) == served(server)


def write_at_random(engine: Engine, seed: int, enough: Event) -> None:
    """Save and delete records until it is enough."""
    drawn, number = random.Random(seed), 0
    while not enough.is_set():
        number += 1
        name, id_ = drawn.choice(NAMES), f"m-{drawn.randrange(30)}"
        with (
            suppress(Conflict, NotFound, InvalidRecord),
            writing(engine) as connection,
        ):
            if drawn.random() < 0.3:
                catalog.remove(connection, BY_NAME[name], id_, DOOR)
            else:
                record = MAKE[name](id_, summary=f"{seed} {number}")
                catalog.save(connection, BY_NAME[name], load(name, record), DOOR)


def test_a_mirror_that_is_killed_again_and_again_is_exact_in_the_end(
    place: str, tmp_path: Path
) -> None:
    copy, enough = tmp_path / "copy.db", Event()
    with serving(tmp_path / "log", database_url=place) as server:
        engine = open_engine(place, seconds=30)
        writers = [Thread(target=write_at_random, args=(engine, n, enough)) for n in range(3)]
        for each in writers:
            each.start()
        for kill in range(12):
            with mirroring(server.port, copy) as process:
                assert process.stdout is not None
                for _ in range(kill % 4):
                    process.stdout.readline()
        enough.set()
        for each in writers:
            each.join()
        agree(server, copy)
        engine.dispose()


def change(url: str, *names: str) -> None:
    engine = open_engine(url, seconds=30)
    with writing(engine) as connection:
        for name in names:
            catalog.save(
                connection, BY_NAME["projects"], load("projects", MAKE["projects"](name)), DOOR
            )
    engine.dispose()


@pytest.mark.parametrize("later", [0, 1, 5], ids=["older", "as long", "longer"])
def test_a_mirror_of_a_store_that_was_restored_notices_and_recovers(
    place: str, tmp_path: Path, request: pytest.FixtureRequest, later: int
) -> None:
    copy = tmp_path / "copy.db"
    with serving(tmp_path / "log", database_url=place) as server:
        server.stop()
    keep, restore = backup(place, tmp_path, request)
    keep()
    change(place, "lost")
    with serving(tmp_path / "log", database_url=place) as server:
        agree(server, copy)
        server.stop()
    restore()
    change(place, *(f"other-{number}" for number in range(later)))
    with serving(tmp_path / "log", database_url=place) as server:
        agree(server, copy)
    assert ("projects", "lost") not in copied(copy)


def backup(place: str, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    """Return a function that keeps the store as it is, and one that brings it back."""
    url = make_url(place)
    name = url.database or ""
    if url.drivername == "sqlite":
        kept = tmp_path / "kept.db"

        def copy_to(target: Path, origin: Path) -> None:
            for path in target.parent.glob(f"{target.name}*"):
                path.unlink()
            with sqlite3.connect(origin) as old, sqlite3.connect(target) as new:
                old.backup(new)

        return lambda: copy_to(kept, Path(name)), lambda: copy_to(Path(name), kept)
    cluster: Cluster = request.getfixturevalue("cluster")

    def bring_back() -> None:
        with cluster.connect() as connection:
            connection.execute(f"drop database {name}".encode())
        cluster.create_database(name, template=f"{name}_kept")

    return lambda: cluster.create_database(f"{name}_kept", template=name), bring_back


@contextmanager
def passing_on(server: Server, broken: dict[str, list[bytes]]) -> Iterator[int]:
    """Pass on what a server answers, but what is `broken` first; yield the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = server.get(self.path)
            name = self.path.split("?")[0].rsplit("/", 1)[-1]
            self.send_response(answer.status)
            self.end_headers()
            self.wfile.write(broken[name].pop(0) if broken.get(name) else answer.body)

        def log_message(self, *_: Any) -> None:
            """Keep silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as between:
        thread = Thread(target=between.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield between.server_port
        finally:
            between.shutdown()
            thread.join()


def broken_answers(lines: list[bytes]) -> dict[str, list[bytes]]:
    """Return downloads that end early, and pages of whoever else sits on the line."""
    strange = [b"", b"<p>Log in first</p>", b"[]", b'{"data": 7}', b'{"data": [{}], "page": {}}']
    whole = b"".join(lines)
    cut = [b"".join(lines[:-1]), lines[0], whole[:-20], whole[: len(whole) // 2]]
    return {"snapshot": [*cut, *strange], "changes": strange}


@pytest.mark.parametrize("name", ["snapshot", "changes"])
def test_an_answer_that_is_broken_or_not_ours_changes_nothing(tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy.db"
    with serving(tmp_path / "log", data_dir=tmp_path) as server:
        before: Copy = {}
        if name == "changes":
            agree(server, copy)
            before = copied(copy)
        faults = broken_answers(server.get("/api/v1/snapshot").body.splitlines(keepends=True))[name]
        with (
            passing_on(server, {name: list(faults)}) as port,
            mirroring(port, copy) as process,
        ):
            for _ in faults:
                assert process.stdout.readline().split()[0] not in ("exact", "behind")
                assert copied(copy) == before
            until_exact(process, server.get("/api/v1/state").json["data"]["cursor"])
        assert copied(copy) == served(server)


def test_a_mirror_outlives_a_full_disk(tmp_path: Path) -> None:
    copy, full = tmp_path / "copy.db", (100_000, resource.RLIM_INFINITY)
    with serving(tmp_path / "log", data_dir=tmp_path) as server:
        with mirroring(server.port, copy, largest_file=full) as process:
            assert "OperationalError" in process.stdout.readline()
            assert copied(copy) == {}
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
            until_exact(process, server.get("/api/v1/state").json["data"]["cursor"])
        assert copied(copy) == served(server)

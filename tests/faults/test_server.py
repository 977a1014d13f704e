"""What happens to the server, and what it does to others then."""

import signal
import socket
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest
import yaml
from sqlalchemy import Engine, make_url

from api.errors import StoreUnavailable
from api.services import catalog
from api.services.checking import check
from api.services.database import open_engine, reading, writing
from api.services.migrating import present_revision, wanted_revision
from api.services.records import CITIES
from tests.factories import DOOR, workshop
from tests.faults.conftest import empty_database
from tests.faults.server import (
    Answer,
    Server,
    attempts,
    read_answer,
    run,
    serving,
    started,
    until_lives,
)
from tests.postgres import Cluster

HEAD = b"Host: 127.0.0.1\r\nConnection: close\r\n"
MANY_SEEDS = 1_500
MANY = 8
"""More connections than the servers of these tests have threads."""


def request(method: str, target: bytes, headers: bytes = b"", body: bytes = b"") -> bytes:
    return method.encode() + b" " + target + b" HTTP/1.1\r\n" + HEAD + headers + b"\r\n" + body


# Requests that stall or weigh too much.


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /api/v1/cities HTTP/1.1\r\nHost: 127",
        request("POST", b"/api/v1/cities", b"Content-Length: 1000\r\n", b'{"id": "half'),
        request("POST", b"/api/v1/cities", b"Transfer-Encoding: chunked\r\n", b"20\r\nhalf"),
    ],
    ids=["headers", "body", "chunk"],
)
def test_stalled_requests_do_not_stop_others(server: Server, begun: bytes) -> None:
    with ExitStack() as stalled:
        for _ in range(MANY):
            stalled.enter_context(server.connect()).sendall(begun)
        for _ in range(MANY):
            assert server.get("/api/v1/cities?limit=1").status == 200


@pytest.mark.parametrize("path", [b"/api/v1/cities", b"/api/v1/search", b"/nothing/here"])
def test_a_body_over_the_limit_is_refused_by_its_length(server: Server, path: bytes) -> None:
    answer = server.send(request("POST", path, b"Content-Length: 10001\r\n", b"a" * 10_001))
    assert (answer.status, answer.is_problem) == (413, True)


@pytest.mark.parametrize("expects", [b"", b"Expect: 100-continue\r\n"])
def test_a_large_body_without_a_token_is_refused_before_it_comes(
    tmp_path: Path, expects: bytes
) -> None:
    with serving(tmp_path / "log", data_dir=tmp_path) as server:
        path = b"/api/v1/documents/a/files/b/content"
        answer = server.send(request("PUT", path, expects + b"Content-Length: 9000000\r\n", b""))
        assert (answer.status, answer.is_problem) == (401, True)
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        endless = b"10001\r\n" + b"a" * 65_537 + b"\r\n"
        sent = request("PUT", path, b"Transfer-Encoding: chunked\r\n", endless)
        assert server.send(sent).status == 413


@pytest.mark.parametrize("path", [b"/api/v1/cities", b"/api/v1/search", b"/nothing/here"])
def test_a_chunked_body_over_the_limit_is_refused_and_never_cut_short(
    server: Server, path: bytes
) -> None:
    body = b"1000\r\n" + b"a" * 4096 + b"\r\n"
    sent = request("POST", path, b"Transfer-Encoding: chunked\r\n", 4 * body + b"0\r\n\r\n")
    answer = server.send(sent)
    assert (answer.status, answer.is_problem) == (413, True)


@pytest.mark.parametrize(
    "body", [b"Content-Length: 9000\r\n\r\n" + b"a" * 9000, b"Content-Length: 0\r\n\r\n"]
)
def test_a_body_within_the_limit_reaches_the_application(server: Server, body: bytes) -> None:
    answer = server.send(b"POST /api/v1/search HTTP/1.1\r\n" + HEAD + body)
    assert (answer.status, answer.is_problem) == (405, True)
    assert "GET" in answer.headers["allow"]


def test_a_chunked_record_over_its_own_limit_is_refused_where_imports_may_be_larger(
    tmp_path: Path,
) -> None:
    with serving(tmp_path / "log", data_dir=tmp_path, max_body_bytes=10_000) as server:
        issued = run("token", "issue", "--name", "a", "--scope", "admin", data_dir=tmp_path)
        token = b"Authorization: Bearer " + issued.stdout.split()[-1].encode() + b"\r\n"
        headers = token + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
        record = b'{"id": "a", "lang": "en", "name": "A", "summary": "' + b"a" * 20_000 + b'"}'
        chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(record), record)
        answer = server.send(request("POST", b"/api/v1/cities", headers, chunks))
        assert (answer.status, answer.is_problem) == (413, True)


# Requests that no client should send.

BROKEN = {
    "no request line": (b"GARBAGE\r\n\r\n", 400),
    "no such version": (b"GET / HTTP/x\r\n" + HEAD + b"\r\n", 400),
    "control characters in the path": (b"GET /\x01\x02 HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "length and chunks": (
        request(
            "POST",
            b"/api/v1/cities",
            b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            b"0\r\n\r\n",
        ),
        400,
    ),
    "two lengths": (
        request("POST", b"/api/v1/cities", b"Content-Length: 2\r\nContent-Length: 3\r\n", b"{} "),
        400,
    ),
    "a length that is no number": (
        request("POST", b"/api/v1/cities", b"Content-Length: many\r\n"),
        400,
    ),
    "a negative length": (request("POST", b"/api/v1/cities", b"Content-Length: -1\r\n"), 400),
    "a chunk of no size": (
        request("POST", b"/api/v1/cities", b"Transfer-Encoding: chunked\r\n", b"zz\r\n{}\r\n"),
        400,
    ),
    "a space before the colon": (request("GET", b"/api/v1/cities", b"Accept : text/csv\r\n"), 400),
    "a bare line feed in a header": (request("GET", b"/api/v1/cities", b"A: b\nC: d\r\n"), 400),
    "bytes in the path": (request("GET", b"/api/v1/cit\xc3\xa9s"), 400),
    "bytes in the query": (request("GET", b"/api/v1/cities?q=\xd0\xa5"), 400),
    "bytes that are no UTF-8": (request("GET", b"/api/v1/cities?q=\xff\xfe"), 400),
    "40 KB of headers": (request("GET", b"/api/v1/cities", b"A: " + b"b" * 40_000 + b"\r\n"), 431),
}


@pytest.mark.parametrize(("sent", "status"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_request_is_refused_in_words_and_the_server_stays_up(
    server: Server, sent: bytes, status: int
) -> None:
    answer = server.send(sent)
    assert (answer.status, answer.headers.get("content-type")) == (
        status,
        "application/problem+json",
    )
    assert answer.is_problem
    assert server.get("/api/v1/cities?limit=1").status == 200


def test_a_broken_request_does_not_become_two(server: Server) -> None:
    inner = b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
    both = b"Host: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    with server.connect() as connection:
        connection.sendall(b"POST /api/v1/cities HTTP/1.1\r\n" + both + inner)
        connection.shutdown(socket.SHUT_WR)
        sent = b"".join(iter(lambda: connection.recv(4096), b""))
    assert sent.count(b"HTTP/1.") == 1


def test_an_answer_without_a_body_keeps_its_connection(server: Server) -> None:
    path = "/api/v1/cities?limit=1"
    held = {"If-None-Match": server.get(path).headers["etag"]}
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    for _ in range(2):
        connection.request("GET", path, headers=held)
        response = connection.getresponse()
        assert (response.status, response.getheader("connection")) == (304, None)
        response.read()
        kept = connection.sock
    assert kept is connection.sock is not None
    connection.close()


# The end of a server, and its next life.


def test_on_sigterm_the_server_ends_with_status_0_and_frees_its_port(tmp_path: Path) -> None:
    with serving(tmp_path / "log", data_dir=tmp_path) as server:
        assert server.stop() == 0
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", server.port))
    assert "Traceback" not in server.log


def test_on_sigterm_a_request_under_way_is_answered(cluster: Cluster, tmp_path: Path) -> None:
    url = empty_database(cluster)
    name = make_url(url).database or ""
    waiting = "select count(*) from pg_stat_activity where datname = %s and wait_event_type='Lock'"
    with (
        serving(tmp_path / "log", database_url=url, threads=2) as server,
        server.connect() as client,
    ):
        with cluster.connect(name) as lock, lock.transaction(), cluster.connect() as watcher:
            lock.execute("lock table city in access exclusive mode")
            client.sendall(request("GET", b"/api/v1/cities?limit=1"))
            assert any(watcher.execute(waiting, [name]).fetchone() == (1,) for _ in attempts())
            server.process.send_signal(signal.SIGTERM)
            assert any(not server.lives(timeout=0.5) for _ in attempts())  # it has heard
        assert read_answer(client).status == 200
        assert server.wait() == 0


def test_a_restart_neither_seeds_again_nor_undoes_what_was_changed(
    place: str, tmp_path: Path
) -> None:
    with serving(tmp_path / "log", database_url=place) as server:
        before = server.get("/api/v1/cities/kharkiv?lang=*").json["data"]
        server.stop()
    engine = open_engine(place)
    changed = {name: before[name] for name in CITIES.empty} | {"website": "https://example.org/"}
    with writing(engine) as connection:
        record = CITIES.schema().load(changed)
        assert catalog.save(connection, CITIES, record, DOOR).version == 2
    engine.dispose()
    with serving(tmp_path / "log", database_url=place) as server:
        after = server.get("/api/v1/cities/kharkiv?lang=*").json["data"]
        assert (after["version"], after["website"]) == (2, "https://example.org/")
        assert "seeded" not in server.log


def test_two_servers_started_at_once_on_one_fresh_store_seed_it_once(
    place: str, tmp_path: Path
) -> None:
    with (
        started(tmp_path / "one", database_url=place) as one,
        started(tmp_path / "two", database_url=place) as two,
    ):
        for server in (one, two):
            until_lives(server)
            assert server.get("/api/v1/cities/kharkiv").json["data"]["version"] == 1
            assert server.stop() == 0
    assert (one.log + two.log).count('"seeded"') == 1
    assert run("check", database_url=place).returncode == 0


def test_a_server_killed_while_it_seeds_leaves_a_store_that_the_next_one_seeds(
    place: str, tmp_path: Path
) -> None:
    seeds = _bundle(tmp_path / "seeds", MANY_SEEDS)
    with started(tmp_path / "log", database_url=place, seed_dir=seeds) as server:
        _until_seeding(place, server)
        server.kill()
        server.wait()
    assert "seeded" not in server.log
    with serving(tmp_path / "log", database_url=place, seed_dir=seeds) as server:
        assert server.get("/api/v1/workshops").json["page"]["total"] == MANY_SEEDS
        server.stop()
    assert run("check", database_url=place).returncode == 0


def _bundle(folder: Path, size: int) -> Path:
    """Write a seed folder with so many workshops that seeding them takes a while."""
    folder.mkdir()
    records = {f"workshop-{number}": workshop(f"workshop-{number}") for number in range(size)}
    (folder / "bundle.yaml").write_text(yaml.safe_dump({"workshops": records}))
    return folder


def _until_seeding(url: str, server: Server) -> None:
    """Wait until somebody holds the lock of a store whose schema is there already."""
    for _ in attempts():
        assert server.process.poll() is None, server.log
        engine = open_engine(url, seconds=0.02)
        try:
            if _has_schema(engine) and _is_locked(engine):
                return
        finally:
            engine.dispose()
    raise AssertionError(f"Nothing was seeded:\n{server.log}")


def _has_schema(engine: Engine) -> bool:
    try:
        with reading(engine):
            return present_revision(engine) == wanted_revision()
    except StoreUnavailable:
        return False


def _is_locked(engine: Engine) -> bool:
    try:
        with writing(engine):
            return False
    except StoreUnavailable:
        return True


# Stores that cannot be opened.


def _refused(tmp_path: Path, **settings: object) -> str:
    """Start a server that cannot run, and return what it says on its way out."""
    with started(tmp_path / "refused.log", **settings) as server:
        assert server.wait() == 1
        return server.log


def test_a_data_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    with serving(tmp_path / "log", data_dir=tmp_path / "deep" / "down") as server:
        assert server.get("/health/ready").status == 200
    assert (tmp_path / "deep" / "down" / "pilotcities.db").exists()


@pytest.mark.parametrize("folder", ["{tmp_path}/a-file/below", "/proc/cannot-be-made"])
def test_a_data_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path, folder: str) -> None:
    (tmp_path / "a-file").touch()
    data = folder.format(tmp_path=tmp_path)
    said = _refused(tmp_path, data_dir=data)
    assert "Traceback" not in said
    assert data in said


def test_a_store_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    # A folder where the file should be: root may write whatever its mode says.
    (tmp_path / "pilotcities.db").mkdir()
    said = _refused(tmp_path, data_dir=tmp_path)
    assert "Traceback" not in said
    assert "pilotcities.db" in said


def test_a_corrupt_store_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "pilotcities.db").write_bytes(b"no database at all " * 1_000)
    said = _refused(tmp_path, data_dir=tmp_path)
    assert "Traceback" not in said
    assert "pilotcities.db" in said


def test_a_store_that_goes_bad_while_it_is_served_is_a_503(tmp_path: Path) -> None:
    with serving(tmp_path / "log", data_dir=tmp_path) as server:
        server.stop()
    with serving(tmp_path / "log", data_dir=tmp_path) as server:
        path = tmp_path / "pilotcities.db"
        with path.open("r+b") as file:
            file.write(b"x" * path.stat().st_size)
        _is_unavailable(server.get("/api/v1/workshops"))
        assert server.lives()


def test_a_postgresql_that_is_not_there_is_told_in_words_without_its_password(
    tmp_path: Path,
) -> None:
    url = f"postgresql+psycopg://someone:secret-word@/nothing?host={quote(str(tmp_path))}"
    said = _refused(tmp_path, database_url=url)
    assert "Traceback" not in said
    assert "database" in said
    assert "secret-word" not in said


@pytest.mark.parametrize("url", ["nonsense", "mysql://a@b/c", "postgresql+psycopg://a@b:x/c"])
def test_an_address_that_is_none_is_told_in_words(tmp_path: Path, url: str) -> None:
    said = _refused(tmp_path, database_url=url)
    assert "Traceback" not in said
    assert "DATABASE_URL" in said


def test_a_port_in_use_is_told_in_words(server: Server, tmp_path: Path) -> None:
    said = run("serve", "--port", str(server.port), data_dir=tmp_path)
    assert said.returncode == 1
    assert "Traceback" not in said.stderr
    assert str(server.port) in said.stderr


# A database that goes away while it is asked.


def _is_unavailable(answer: Answer) -> None:
    assert (answer.status, answer.is_problem) == (503, True)
    assert answer.json["code"] == "store_unavailable"
    assert int(answer.headers["retry-after"]) > 0
    assert b"Traceback" not in answer.body


def test_a_database_that_goes_away_is_a_503_until_it_is_back(
    cluster: Cluster, tmp_path: Path
) -> None:
    url = make_url(empty_database(cluster))
    # The server reaches PostgreSQL by a link: without it, it finds none.
    socket_path, link = cluster.folder / ".s.PGSQL.5432", tmp_path / ".s.PGSQL.5432"
    link.symlink_to(socket_path)
    told = url.set(query={"host": str(tmp_path)}).render_as_string()
    with serving(tmp_path / "log", database_url=told) as server:
        assert server.get("/api/v1/cities?limit=1").status == 200
        link.unlink()
        _end_connections(cluster, url.database or "")
        for path in ("/api/v1/cities", "/api/v1/cities/kharkiv", "/api/v1/search?q=a"):
            _is_unavailable(server.get(path))
        _is_unavailable(server.get("/health/ready"))
        assert server.get("/health/live").status == 200
        link.symlink_to(socket_path)
        assert any(server.get("/health/ready").status == 200 for _ in attempts())
        assert server.get("/api/v1/cities?limit=1").status == 200


def _end_connections(cluster: Cluster, database: str) -> None:
    with cluster.connect() as connection:
        ended = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
        connection.execute(ended, [database])


def test_a_connection_that_breaks_once_is_not_seen_by_clients(
    cluster: Cluster, tmp_path: Path
) -> None:
    url = empty_database(cluster)
    with serving(tmp_path / "log", database_url=url) as server:
        assert server.get("/api/v1/cities?limit=1").status == 200
        _end_connections(cluster, make_url(url).database or "")
        assert server.get("/api/v1/cities?limit=1").status == 200


def test_a_statement_that_takes_too_long_is_a_503(cluster: Cluster, tmp_path: Path) -> None:
    url = empty_database(cluster)
    with serving(tmp_path / "log", database_url=url, statement_seconds=0.5) as server:
        with cluster.connect(make_url(url).database or "") as lock, lock.transaction():
            lock.execute("lock table city in access exclusive mode")
            _is_unavailable(server.get("/api/v1/cities"))
        assert server.get("/api/v1/cities?limit=1").status == 200


def test_more_waiting_requests_than_connections_do_not_stop_the_health_page(
    cluster: Cluster, tmp_path: Path
) -> None:
    url = empty_database(cluster)
    found: list[int] = []
    with serving(tmp_path / "log", database_url=url, threads=4, statement_seconds=5) as server:
        with cluster.connect(make_url(url).database or "") as lock, lock.transaction():
            lock.execute("lock table city in access exclusive mode")
            asking = [
                Thread(target=lambda: found.append(server.get("/api/v1/cities").status))
                for _ in range(3)
            ]
            for each in asking:
                each.start()
            assert server.get("/health/live").status == 200
        for each in asking:
            each.join()
    assert found == [200, 200, 200]


def test_a_store_is_whole_after_all_this(server: Server) -> None:
    engine = open_engine(f"sqlite:///{server.log_path.parent / 'pilotcities.db'}")
    with reading(engine) as connection:
        assert list(check(connection)) == []
    engine.dispose()

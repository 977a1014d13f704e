"""What the server does around the application: kept answers, processes, slow clients."""

import json
import os
import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import IO

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.faults.server import Answer, Server, attempts, read_answer, run, serving, until_lives

LIST = "/api/v1/workshops?limit=5"
SAME = (
    "etag",
    "content-type",
    "content-length",
    "content-encoding",
    "link",
    "vary",
    "cache-control",
)


def issued(folder: Path) -> str:
    """Return a new token for the store in a folder."""
    told = run("token", "issue", "--name", "a", "--scope", "admin", data_dir=folder)
    return told.stdout.split()[-1]


def outcome(answer: Answer) -> str:
    return answer.headers["cache-status"].removeprefix("pilotcities; ")


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("one")
    with serving(folder / "log", data_dir=folder, processes=1) as server:
        yield server
        assert server.stop() == 0
    assert "Traceback" not in server.log


@pytest.fixture(scope="module")
def key(one: Server) -> str:
    """A token for `one`."""
    return issued(one.log_path.parent)


# Kept answers, which leave without a thread.


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_a_kept_answer_is_the_one_that_the_application_made(
    one: Server, method: str, coding: str
) -> None:
    path = f"{LIST}&fields=id,title,summary"
    one.ask("GET", path, Accept_Encoding=coding)  # an answer to HEAD is not kept, one to GET is
    made, _, kept = [one.ask(method, path, Accept_Encoding=coding) for _ in range(3)]
    assert outcome(kept) == "hit"
    assert kept.body == made.body
    assert {n: kept.headers.get(n) for n in SAME} == {n: made.headers.get(n) for n in SAME}


def test_a_kept_answer_is_not_sent_to_who_holds_it(one: Server) -> None:
    tag = one.get(LIST).headers["etag"]
    held = one.ask("GET", LIST, If_None_Match=tag)
    assert (held.status, held.body, held.headers["etag"]) == (304, b"", tag)
    assert outcome(held) == "hit"


def test_requests_that_come_at_once_on_one_connection_are_answered_in_their_order(
    one: Server,
) -> None:
    one.get(LIST)
    paths = [LIST, "/api/v1/cities/kharkiv", LIST, "/health/live", LIST]
    sent = b"".join(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % each.encode() for each in paths)
    with one.connect() as connection:
        connection.sendall(sent)
        reading = connection.makefile("rb")
        found = [_next_answer(reading) for _ in paths]
    wanted = [one.get(each).body for each in paths]
    assert found == wanted


# Requests that come again in the same bytes, which are not parsed again.
SAME_BYTES = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % LIST.encode()


def test_what_comes_again_in_the_same_bytes_is_answered_alike_until_a_write(
    one: Server, key: str
) -> None:
    path, patch = "/api/v1/cities/tirana", {"Authorization": f"Bearer {key}", "If_Match": "*"}
    patch["Content_Type"] = "application/merge-patch+json"
    asked = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path.encode()
    with one.connect() as connection:
        reading = connection.makefile("rb")
        for number in range(3):
            body = b'{"website": "https://example.org/%d"}' % number
            assert one.ask("PATCH", path, body, **patch).status == 200
            found = []
            for _ in range(4):
                connection.sendall(asked)
                found.append(_next_answer(reading))
            assert set(found) == {one.get(path).body}
            assert b"https://example.org/%d" % number in found[0]


def test_bytes_that_end_a_request_are_not_taken_for_one_that_came_before(one: Server) -> None:
    head = b"POST /api/v1/cities HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
    with one.connect() as connection:
        reading = connection.makefile("rb")
        for part, status in ((SAME_BYTES, b"200"), (SAME_BYTES, b"200")):
            connection.sendall(part)
            _next_answer(reading, status)
        connection.sendall(head % len(SAME_BYTES))
        connection.sendall(SAME_BYTES)  # the body
        assert b"unauthorized" in _next_answer(reading, b"401")
        connection.sendall(b"GET /api/v1/cities?q=")
        connection.sendall(SAME_BYTES)  # no line of a request
        assert b"400" in reading.readline()


def test_the_same_bytes_in_one_packet_are_as_many_requests(one: Server) -> None:
    with one.connect() as connection:
        reading = connection.makefile("rb")
        for times in (1, 1, 3, 1, 2):
            connection.sendall(SAME_BYTES * times)
            assert len({_next_answer(reading) for _ in range(times)}) == 1


def test_each_answer_to_the_same_bytes_has_an_id_of_its_own(one: Server) -> None:
    with one.connect() as connection:
        found = set()
        for _ in range(5):
            connection.sendall(SAME_BYTES)
            found.add(read_answer(connection).headers["x-request-id"])
        named = SAME_BYTES.replace(b"Host", b"X-Request-Id: mine-and-sane\r\nHost")
        connection.sendall(named)
        assert read_answer(connection).headers["x-request-id"] == "mine-and-sane"
    assert len(found) == 5


def _next_answer(reading: IO[bytes], status: bytes = b"200") -> bytes:
    """Read the next answer of a connection, which tells its length."""
    length = 0
    assert reading.readline().split()[1] == status
    while (line := reading.readline()) != b"\r\n":
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return reading.read(length)


# As Java's client sends it with each request on a new connection.
OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
OFFERING = {
    "with a length": (b"Content-Length: 7\r\n", b"[1,2,3]"),
    "in pieces": (b"Transfer-Encoding: chunked\r\n", b"3\r\n[1,\r\n4\r\n2,3]\r\n0\r\n\r\n"),
}


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize(("frame", "body"), OFFERING.values(), ids=list(OFFERING))
def test_who_offers_another_protocol_is_answered_in_this_one(
    one: Server, frame: bytes, body: bytes, at_once: bool
) -> None:
    head = b"Host: a\r\nContent-Type: application/json\r\n" + frame
    post = b"POST /api/v1/cities HTTP/1.1\r\n" + head + OFFER + b"\r\n"
    get = b"GET /health/live HTTP/1.1\r\nHost: a\r\n" + OFFER + b"\r\n"
    parts = [post, body, get, get]
    with one.connect() as connection:
        reading = connection.makefile("rb")
        for part in [b"".join(parts)] if at_once else parts:
            connection.sendall(part)
        found = [_next_answer(reading, status) for status in (b"401", b"200", b"200")]
    assert b"unauthorized" in found[0]
    assert found[1:] == [one.get("/health/live").body] * 2


def test_who_offers_another_protocol_and_closes_sees_the_end(one: Server) -> None:
    closing = OFFER.replace(b"Upgrade,", b"close, Upgrade,")
    for _ in range(2):
        with one.connect() as connection:
            connection.sendall(b"GET " + LIST.encode() + b" HTTP/1.1\r\n" + closing + b"\r\n")
            assert read_answer(connection).status == 200
            assert connection.recv(1) == b""


def test_a_connection_goes_on_after_an_answer_without_content(tmp_path: Path) -> None:
    path = "/api/v1/workshops/albania-2020-06-18-housing-finance"
    with ExitStack() as stack:
        server = stack.enter_context(serving(tmp_path / "log", data_dir=tmp_path))
        headers = {"Authorization": f"Bearer {issued(tmp_path)}", "If-Match": "*"}
        connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
        stack.callback(connection.close)
        connection.request("DELETE", path, headers=headers | {"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Encoding"]) == (204, None)
        assert answer.read() == b""
        same = connection.sock
        connection.request("GET", "/health/live")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b'{"status":"ok"}\n')
        assert connection.sock is same is not None


def test_a_client_of_http_1_0_sees_the_end_of_its_answer(one: Server) -> None:
    one.get(LIST)
    with one.connect() as connection:
        connection.sendall(b"GET " + LIST.encode() + b" HTTP/1.0\r\n\r\n")
        answer = read_answer(connection)
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert connection.recv(1) == b""


@pytest.mark.parametrize("size", [0, 1_000_000])
@pytest.mark.parametrize("coding", ["gzip", "br", "identity"])
def test_the_end_of_each_answer_is_told(tmp_path: Path, coding: str, size: int) -> None:
    paths = ["/api/v1/cities?limit=3", "/api/v1/cities/tirana", "/api/v1/documents?kynd=1&foo=2"]
    head = f"Host: a\r\nAccept-Encoding: {coding}\r\n\r\n"
    with (
        serving(tmp_path / "log", data_dir=tmp_path, processes=1, cache_bytes=size) as server,
        server.connect() as connection,
    ):
        for path in paths * 2:
            connection.sendall(f"GET {path} HTTP/1.1\r\n{head}".encode())
            answer = HTTPResponse(connection)
            answer.begin()
            assert answer.status == (400 if "kynd" in path else 200)
            assert answer.read() != b""
            assert answer.headers["Content-Length"] or answer.chunked


def test_what_goes_wrong_in_a_plain_read_is_a_problem_and_logged(tmp_path: Path) -> None:
    with serving(tmp_path / "log", data_dir=tmp_path, processes=1, cache_bytes=0) as server:
        with sqlite3.connect(tmp_path / "pilotcities.db") as store:
            store.execute("UPDATE change SET snapshot = 'no JSON' WHERE record_id = 'tirana'")
        for path in ("/api/v1/cities/tirana", "/api/v1/cities?fields=id"):
            answer = server.get(path)
            assert (answer.status, answer.is_problem) == (500, True)
        assert "JSONDecodeError" in server.log


@pytest.mark.parametrize("pieces", [1, 4, 50])
def test_a_head_weighs_the_same_in_however_many_pieces(one: Server, pieces: int) -> None:
    filler = "".join(f"X-Filler-{number}: {'x' * 480}\r\n" for number in range(60))
    sent = f"GET {LIST} HTTP/1.1\r\nHost: a\r\n{filler}\r\n".encode()
    with one.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        size = -(-len(sent) // pieces)
        for start in range(0, len(sent), size):
            connection.sendall(sent[start : start + size])
        assert read_answer(connection).status == 200


# Slow and broken clients.


def test_a_body_that_breaks_off_is_not_taken_for_a_whole_one(one: Server, key: str) -> None:
    head = "POST /api/v1/imports?apply=true HTTP/1.1\r\nHost: a\r\n"
    head += f"Authorization: Bearer {key}\r\nContent-Type: application/yaml\r\n"
    before = one.get("/api/v1/state").json
    for frame in ("Content-Length: 100", "Transfer-Encoding: chunked"):
        with one.connect() as connection:
            connection.sendall(f"{head}{frame}\r\n\r\n".encode() + b"3\r\n{}\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            assert b"200 OK" not in connection.recv(1000)
    assert one.get("/api/v1/state").json == before


def test_readers_that_stop_reading_hold_no_thread(tmp_path: Path) -> None:
    with (
        serving(tmp_path / "log", data_dir=tmp_path, processes=1, threads=2) as server,
        ExitStack() as slow,
    ):
        for _ in range(6):
            connection = slow.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(b"GET /api/v1/snapshot HTTP/1.1\r\nHost: a\r\n\r\n")
        for _ in range(6):
            assert server.get("/api/v1/cities/kharkiv?fields=id").status == 200


# Many processes.


def test_counts_are_those_of_all_processes(tmp_path: Path) -> None:
    with serving(tmp_path / "log", data_dir=tmp_path, processes=3) as server:
        for _ in range(40):
            assert server.get("/api/v1/cities/kharkiv").status == 200
        for _ in attempts():
            hits, made = _counted(server)
            if hits + made == 40:
                break
        assert (hits + made, 1 <= made <= 3) == (40, True)


def _counted(server: Server) -> tuple[float, float]:
    """Return how many answers came from caches, and how many cities were made."""
    samples = [
        each
        for family in text_string_to_metric_families(server.get("/metrics").body.decode())
        for each in family.samples
    ]
    hits = [each.value for each in samples if each.labels.get("outcome") == "hit"]
    made = [
        each.value
        for each in samples
        if each.name == "pilotcities_requests_total"
        and each.labels["route"] == "/api/v1/cities/<id>"
    ]
    return sum(hits), sum(made)


def test_no_process_gives_an_answer_that_is_older_than_a_write(tmp_path: Path) -> None:
    with serving(tmp_path / "log", data_dir=tmp_path, processes=2) as server:
        headers = {
            "Authorization": f"Bearer {issued(tmp_path)}",
            "Content_Type": "application/merge-patch+json",
            "If_Match": "*",
        }
        path = "/api/v1/cities/kharkiv"
        for number in range(25):
            website = f"https://example.org/{number}"
            body = json.dumps({"website": website}).encode()
            assert server.ask("PATCH", path, body, **headers).status == 200
            assert {server.get(path).json["data"]["website"] for _ in range(6)} == {website}


def test_no_reader_sees_less_than_was_acknowledged_while_many_write(tmp_path: Path) -> None:
    path, seen, done = "/api/v1/cities/kharkiv", [1], threading.Event()
    behind: list[tuple[int, int]] = []

    def read(port: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        while not done.is_set():
            known = seen[-1]
            connection.request("GET", path)
            shown = json.loads(connection.getresponse().read())["data"]["version"]
            if shown < known:
                behind.append((shown, known))
        connection.close()

    with serving(tmp_path / "log", data_dir=tmp_path, processes=2) as server, ExitStack() as ending:
        patch = {"Authorization": f"Bearer {issued(tmp_path)}", "If_Match": "*"}
        patch["Content_Type"] = "application/merge-patch+json"
        readers = [threading.Thread(target=read, args=(server.port,)) for _ in range(6)]
        for each in readers:
            each.start()
            ending.callback(each.join)
        ending.callback(done.set)
        for number in range(60):
            body = json.dumps({"website": f"https://example.org/{number}"}).encode()
            answer = server.ask("PATCH", path, body, **patch)
            seen.append(answer.json["data"]["version"])
    assert (behind, len(seen)) == ([], 61)


def test_a_process_that_ends_by_itself_is_started_again(tmp_path: Path) -> None:
    with serving(tmp_path / "log", data_dir=tmp_path, processes=2) as server:
        for child in psutil.Process(server.process.pid).children():
            os.kill(child.pid, signal.SIGKILL)
        assert any("process ended" in server.log for _ in attempts())
        until_lives(server)
        assert server.stop() == 0


def test_when_the_first_process_is_killed_the_others_end(tmp_path: Path) -> None:
    with serving(tmp_path / "log", data_dir=tmp_path, processes=2) as server:
        children = psutil.Process(server.process.pid).children()
        os.kill(server.process.pid, signal.SIGKILL)
        server.wait()
        assert psutil.wait_procs(children, timeout=20)[1] == []


def test_a_connection_that_is_kept_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with serving(tmp_path / "log", data_dir=tmp_path) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", LIST)
        connection.getresponse().read()
        assert server.stop() == 0
        connection.close()

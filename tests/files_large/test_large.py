"""Files through the real server: as large as they may be, slow, broken off, and hostile."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.faults.server import Answer, Server, attempts, run, serving
from tests.pdfs import HOSTILE, READABLE, pdf

DOCUMENT = "/api/v1/documents/kharkiv-doc-2021-agenda-concept-note"
AT = f"{DOCUMENT}/files/en/content"
PART = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4_096
"""About a megabyte."""
MANY = 190
SIZE = MANY * len(PART)
MB = 1_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """A server on the project's own seeds."""
    with serving(folder / "log", data_dir=folder, threads=2) as running:
        yield running


@pytest.fixture
def token(server: Server, folder: Path) -> str:
    return issued(folder)


def issued(folder: Path) -> str:
    made = run("token", "issue", "--name", "a", "--scope", "content:write", data_dir=folder)
    return made.stdout.split()[-1]


def send(server: Server, token: str, parts: Iterable[bytes], size: int, **more: str) -> Answer:
    """Send a content bit by bit."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
    headers = {"Authorization": f"Bearer {token}", "Content-Length": str(size)}
    headers |= {"Content-Type": "image/png"} | (
        {} if "If_Match" in more else {"If-None-Match": "*"}
    )
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    try:
        connection.request("PUT", AT, body=iter(parts), headers=headers)
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


def memory(server: Server, what: str) -> int:
    """Return how many bytes of memory a server has (`VmRSS`), or had at most (`VmHWM`)."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(rf"{what}:\s+(\d+) kB", status)
    assert found
    return int(found.group(1)) * 1024


def read_digest(server: Server) -> tuple[str, int]:
    """Download the content bit by bit; return its digest and its size."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
    connection.request("GET", AT)
    response, size, made = connection.getresponse(), 0, hashlib.sha256()
    while chunk := response.read(1 << 20):
        size += len(chunk)
        made.update(chunk)
    connection.close()
    return made.hexdigest(), size


def test_200_mb_go_up_and_come_down_in_bounded_memory(server: Server, token: str):
    assert SIZE > 199 * MB
    before = memory(server, "VmRSS")
    answer = send(server, token, (PART for _ in range(MANY)), SIZE)
    assert answer.status == 201, answer.body
    digest = hashlib.sha256(PART * MANY).hexdigest()
    assert answer.json["data"].items() >= {"size": SIZE, "sha256": digest}.items()
    assert read_digest(server) == (digest, SIZE)
    grown = memory(server, "VmHWM") - before
    assert grown < 60 * MB, grown
    part = server.send(f"GET {AT} HTTP/1.1\r\nHost: a\r\nRange: bytes={SIZE - 5}-\r\n\r\n".encode())
    assert (part.status, part.body) == (206, PART[-5:])


def test_a_content_over_the_limit_is_refused_before_it_has_come(folder: Path):
    with serving(folder / "log", data_dir=folder, max_file_bytes=5 * MB) as server:
        token = issued(folder)
        answer = send(server, token, [b"a"], 6 * MB)
        assert (answer.status, answer.json["code"]) == (413, "body_too_large")
        chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
        head = f"PUT {AT} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        assert server.send(head + chunk * 6 + b"0\r\n\r\n").status == 413


def test_other_bodies_are_as_small_as_ever(folder: Path):
    limits = {"max_body_bytes": 10_000, "max_import_bytes": 10_000}
    with serving(folder / "log", data_dir=folder, **limits) as server:
        for path in (DOCUMENT, f"{AT}/more", "/api/v1/imports"):
            head = f"PUT {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 10001\r\n\r\n".encode()
            assert server.send(head + b"a" * 10_001).status == 413


def begun(token: str) -> bytes:
    """Return the head of an upload that may be made, and the first of its many parts."""
    fields = f"Host: a\r\nAuthorization: Bearer {token}\r\nContent-Length: {SIZE}\r\n"
    return f"PUT {AT} HTTP/1.1\r\n{fields}\r\n".encode() + PART


def test_uploads_that_stall_stop_nobody(server: Server, token: str):
    with ExitStack() as stalled:
        for _ in range(8):
            stalled.enter_context(server.connect()).sendall(begun(token))
        assert send(server, token, [PART], len(PART)).status == 201
        assert server.get(AT).body == PART


def test_downloads_that_stall_stop_nobody(server: Server, token: str):
    assert send(server, token, [PART] * 40, 40 * len(PART)).status == 201
    with ExitStack() as stalled:
        for _ in range(8):
            slow = stalled.enter_context(server.connect())
            slow.sendall(f"GET {AT} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            assert slow.recv(100).startswith(b"HTTP/1.1 200")
        assert server.get("/api/v1/cities?limit=1").status == 200


def arriving(folder: Path) -> list[Path]:
    return list((folder / "files" / "incoming").glob("arriving-*"))


@pytest.mark.parametrize("when", ["while it comes", "while it is written"])
def test_a_server_that_is_killed_shows_a_whole_content_or_none(folder: Path, when: str):
    with serving(folder / "log", data_dir=folder) as server:
        token = issued(folder)
        if when == "while it comes":
            with server.connect() as client:
                client.sendall(begun(token) + PART * 20)
                server.kill()
        else:
            sender = Thread(target=_send_and_lose, args=(server, token))
            sender.start()
            assert any(arriving(folder) for _ in attempts())
            server.kill()
            sender.join()
    with serving(folder / "log", data_dir=folder) as again:
        assert again.get(AT).status == 404
        assert again.get(DOCUMENT).json["data"]["version"] == 1
        assert send(again, token, [PART], len(PART)).status == 201
        assert again.get(AT).body == PART
    assert run("files", "check", data_dir=folder).returncode == 0
    assert run("check", data_dir=folder).returncode == 0
    run("files", "prune", "--yes", "--grace", "0", data_dir=folder)
    assert arriving(folder) == []


def _send_and_lose(server: Server, token: str) -> None:
    with suppress(OSError, HTTPException):
        send(server, token, (PART for _ in range(MANY)), SIZE)


def status_of(server: Server) -> Any:
    """Return the text status of the file, once it is no longer pending."""
    for _ in attempts():
        files = server.get(DOCUMENT).json["data"]["files"]
        status = next(each["text_status"] for each in files if each["id"] == "en")
        if status != "pending":
            return status
    raise AssertionError("It was not read.")


def test_hostile_pdfs_are_stored_and_do_no_harm(server: Server, token: str):
    wanted = dict.fromkeys(HOSTILE, "unreadable") | dict.fromkeys(READABLE, "read")
    found, tag = {}, {"If-None-Match": "*"}
    for name, make in (HOSTILE | READABLE).items():
        body = make()
        answer = send(server, token, [body], len(body), Content_Type="application/pdf", **tag)
        assert answer.status in (200, 201), answer.body
        tag = {"If_Match": "*"}
        found[name] = status_of(server)
        assert server.get(AT).body == body
    assert found == wanted
    assert memory(server, "VmHWM") < 250 * MB


def test_a_pdf_that_waited_is_read_by_the_next_server(folder: Path):
    with serving(folder / "log", data_dir=folder) as server:
        token = issued(folder)
        body = pdf("The quay and the tram")
        send(server, token, [body], len(body), Content_Type="application/pdf")
        server.kill()
    with serving(folder / "log", data_dir=folder) as again:
        assert status_of(again) == "read"
        (hit,) = again.get("/api/v1/search?q=quay+tram").json["data"]
        assert hit["found_in"] == {"file": "en", "page": 1}

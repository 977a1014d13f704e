"""The real server as a subprocess, and what a client of its port sees."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import Any

from api.settings import ROOT, Settings

WAIT = 30
PROBLEM = "application/problem+json"
COMMAND = [sys.executable, "-c", "from api.cli import main; main()"]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)

    @property
    def is_problem(self) -> bool:
        """Whether it is a problem document whose members say what the status line says."""
        if self.headers.get("content-type") != PROBLEM:
            return False
        found = self.json
        told = {"type", "title", "status", "code", "detail", "request_id"}
        return bool(told <= found.keys() and found["status"] == self.status)


@dataclass(frozen=True)
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    log_path: Path

    @property
    def log(self) -> str:
        """All that it has written."""
        return self.log_path.read_text()

    def connect(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=WAIT)

    def get(self, path: str, timeout: float = WAIT) -> Answer:
        """Ask for a path."""
        return self.ask("GET", path, timeout=timeout)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        timeout: float = WAIT,
        **headers: str,
    ) -> Answer:
        """Send a request on a connection of its own; underscores in headers stand for hyphens."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, named)
            return _answer(connection.getresponse())
        finally:
            connection.close()

    def send(self, request: bytes) -> Answer:
        """Send bytes, and read what comes back."""
        with self.connect() as connection:
            # The answer may come before all is sent.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(request)
            return read_answer(connection)

    def lives(self, timeout: float = WAIT) -> bool:
        """Tell whether it answers."""
        try:
            return self.get("/health/live", timeout).status == 200
        except (OSError, HTTPException):
            return False

    def wait(self) -> int:
        """Return its exit status, once it has ended."""
        return self.process.wait(WAIT)

    def kill(self) -> None:
        """End it and all its processes, wherever they are."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()


def read_answer(connection: socket.socket) -> Answer:
    """Read an answer from a connection."""
    response = HTTPResponse(connection)
    response.begin()
    return _answer(response)


def _answer(response: HTTPResponse) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())


def environment(**settings: object) -> dict[str, str]:
    """Return an environment with these settings and no others."""
    ours = {each.name.upper() for each in fields(Settings)}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {name.upper(): str(value) for name, value in settings.items()}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(log_path: Path, port: int = 0, **settings: object) -> Iterator[Server]:
    """Start a server and hand it over at once, ready or not; kill it if it is left running."""
    port = port or free_port()
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port)],
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env=environment(**settings),
            start_new_session=True,
        )
    server = Server(process, port, log_path)
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def serving(log_path: Path, port: int = 0, **settings: object) -> Iterator[Server]:
    """Start a server, and hand it over when it answers."""
    with started(log_path, port, **settings) as server:
        until_lives(server)
        yield server


def until_lives(server: Server) -> None:
    """Wait until a server answers."""
    for _ in attempts():
        if server.process.poll() is not None:
            raise RuntimeError(f"The server ended by itself:\n{server.log}")
        if server.lives():
            return
    raise RuntimeError(f"The server does not answer:\n{server.log}")


def attempts() -> Iterator[int]:
    """Yield while there is time to try again, with a breath between."""
    until, number = time.monotonic() + WAIT, 0
    while time.monotonic() < until:
        yield number
        number += 1
        time.sleep(0.01)


def run(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command of the command line to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=WAIT,
        cwd=ROOT,
        env=environment(**settings),
    )

"""The contenders: how each is started, on a free port of the loopback address.

Ours is started in one place, `our_command`; the constant bytes are served by the same server with
the same settings.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from api.settings import ROOT

BIN = Path(sys.executable).parent
HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 10
OURS = "pilotcities"
SERVERS = (OURS, "granian", "gunicorn")
NGINX = """{user}daemon off; worker_processes 2;
pid {tmp}/nginx.pid; error_log {tmp}/nginx.log warn;
events {{ }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  types {{ application/json json; }}
  client_body_temp_path {tmp}/body; proxy_temp_path {tmp}/proxy; fastcgi_temp_path {tmp}/fastcgi;
  uwsgi_temp_path {tmp}/uwsgi; scgi_temp_path {tmp}/scgi;
  server {{ listen {host}:{port}; root {root}; }}
}}
"""


@dataclass(frozen=True)
class Contender:
    """What is started: a command that listens on a port, and what its environment holds."""

    name: str
    port: int
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    """A contender that answers."""

    name: str
    base: str
    pid: int


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
        return port


def our_command(server: str, port: int) -> list[str]:
    """Return how our application is started; `pilotcities` is the product's own way."""
    if server == OURS:
        return [str(BIN / "pilotcities"), "serve", "--host", HOST, "--port", str(port)]
    return _wsgi_command(server, "bench.ours:application", port)


def _wsgi_command(server: str, application: str, port: int) -> list[str]:
    where = ["--host", HOST, "--port", str(port)]
    if server == "granian":
        sizes = ["--interface", "wsgi", "--workers", "3", "--blocking-threads", "1"]
        return [str(BIN / "granian"), *where, *sizes, "--log-level", "error", application]
    if server == "gunicorn":
        return [*_GUNICORN, "--bind", f"{HOST}:{port}", application]
    raise ValueError(f"{server} runs no WSGI application")


_GUNICORN = [str(BIN / "gunicorn"), "-k", "gthread", "--workers", "2", "--threads", "4"]
_GUNICORN += ["--log-level", "warning", "--no-control-socket"]
_UVICORN = [str(BIN / "uvicorn"), "--workers", "2", "--log-level", "warning", "--no-access-log"]


def ours(name: str, server: str, environment: dict[str, str]) -> Contender:
    """Return our application on a server; the settings stand in the environment."""
    port = free_port()
    settings = {"LOG_LEVEL": "warning", **environment, "PUBLIC_URL": f"http://{HOST}:{port}"}
    return Contender(name, port, our_command(server, port), settings)


def constant(name: str, server: str, bodies: Path) -> Contender:
    """Return the constant bytes on the server that ours runs on."""
    port = free_port()
    command = (
        _wsgi_command(server, "bench.constant:application", port)
        if server != OURS
        else ([*_UVICORN, "--host", HOST, "--port", str(port), "bench.constant:on_uvicorn"])
    )
    return Contender(name, port, command, {"CONSTANT_FOLDER": str(bodies)})


def fastapi(url: str) -> Contender:
    """Return the FastAPI peer on a database."""
    port = free_port()
    command = [*_UVICORN, "--host", HOST, "--port", str(port), "bench.peers.fastapi_app:app"]
    return Contender("fastapi", port, command, {"PEERS_DATABASE_URL": url})


def naive(url: str) -> Contender:
    """Return the naive peer on a database."""
    port = free_port()
    command = _wsgi_command("gunicorn", "bench.peers.smorest_app:app", port)
    return Contender("naive", port, command, {"PEERS_DATABASE_URL": url})


def nginx(bodies: Path, folder: Path) -> Contender | None:
    """Return nginx with the constant bytes as files; None where it is not installed."""
    binary = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if binary is None:
        return None
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / "nginx.conf"
    user = "user root; " if os.geteuid() == 0 else ""  # else it could not read the folder
    told = NGINX.format(tmp=folder, host=HOST, port=port, root=bodies, user=user)
    written.write_text(told)
    return Contender("nginx", port, [binary, "-c", str(written), "-e", str(folder / "nginx.log")])


@contextmanager
def running(contender: Contender, logs: Path) -> Iterator[Running]:
    """Start a contender, hand it over when it answers, and end it with all that it started."""
    logs.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | contender.environment
    with (logs / f"{contender.name}.log").open("wb") as log:
        process = subprocess.Popen(
            contender.command,
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_for(contender, process, logs)
        yield Running(contender.name, f"http://{HOST}:{contender.port}", process.pid)
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):  # it may have ended by itself
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for(contender: Contender, process: "subprocess.Popen[bytes]", logs: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection((HOST, contender.port), 0.2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{contender.name} did not start: see {logs / contender.name}.log")

"""The production server: uvicorn in as many processes as there are cores.

The first process makes the application and holds the sockets, then others branch off from it: they
share its memory until they write to it. It starts anew what ends by itself; when it ends, in
whatever way, so do they.
"""

import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from multiprocessing import connection, get_context, parent_process
from multiprocessing.context import ForkProcess
from typing import Any, Protocol

import structlog
import uvicorn
from flask import Flask

from ..services.garbage import look_seldom
from ..settings import Settings
from .gateway import IDLE_SECONDS, Gateway
from .limits import Limits
from .metrics import Process, metrics
from .protocol import Protocol as Connection

log = structlog.get_logger("pilotcities")
FINISH_SECONDS = 30
"""How long requests under way may take when the server is told to end."""
PAUSE_SECONDS = 1.0
"""Before a process that ended by itself is started again."""
BACKLOG = 2_048
ENDING = (signal.SIGTERM, signal.SIGINT)


class Work(Protocol):
    """What goes on in a thread of its own between `start` and `stop`."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """Break off, and wait for the end."""


def serve(app: Flask, settings: Settings, beside: Sequence[Work] = ()) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first.

    `beside`: what else goes on, in one of the processes: another one would cost as much memory.
    Nothing of the application may be connected or running in threads yet. An address that cannot
    be listened on is an OSError that names it.
    """
    count = _count(settings)
    sockets = _listening(settings.host, settings.port, count)
    log.info(
        "serving",
        address=f"http://{settings.host}:{settings.port}",
        url=settings.public_url,
        processes=count,
    )
    works = [
        _Answering(app, settings, sockets, number, () if number else beside)
        for number in range(count)
    ]
    gc.collect()
    gc.freeze()  # what all processes share is never looked at again, and so stays shared
    _supervise(works, sockets)


class _Answering:
    """A process that answers what comes to one of the sockets."""

    def __init__(
        self,
        app: Flask,
        settings: Settings,
        sockets: Sequence[socket.socket],
        number: int,
        beside: Sequence[Work],
    ) -> None:
        self.app, self.settings, self.sockets, self.number = app, settings, sockets, number
        self.beside = beside

    def __call__(self) -> None:
        server = _Server(_config(self.app, self.settings), self.app)
        # What comes before uvicorn listens counts, and uvicorn raises it again at its end.
        _hear(lambda *_: setattr(server, "should_exit", True))
        Process.name = f"process-{self.number}"
        for number, listening in enumerate(self.sockets):
            if number != self.number:
                listening.close()
        look_seldom()
        for each in self.beside:
            each.start()
        server.run([self.sockets[self.number]])
        for each in self.beside:
            each.stop()


class _Server(uvicorn.Server):
    """Tells the others what it counts, and ends with the process that started it, too."""

    def __init__(self, config: uvicorn.Config, app: Flask) -> None:
        super().__init__(config)
        self.app = app

    async def on_tick(self, counter: int) -> bool:
        """Look around, ten times a second; tell whether to end."""
        if counter % 10 == 0:
            metrics(self.app)
        parent = parent_process()
        orphaned = parent is not None and not parent.is_alive()
        return await super().on_tick(counter) or orphaned


def _config(app: Flask, settings: Settings) -> uvicorn.Config:
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # our own log tells of each request
    largest = max(settings.max_body_bytes, settings.max_import_bytes)
    limits = Limits(largest, settings.max_file_bytes)
    cores = max(1, len(os.sched_getaffinity(0)) // _count(settings))
    cache: Any = app.wsgi_app
    return uvicorn.Config(
        Gateway(cache, limits, settings.threads, settings.public_url, cores),
        http=Connection,
        loop="uvloop",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=FINISH_SECONDS,
        backlog=BACKLOG,
    )


def _count(settings: Settings) -> int:
    """Return how many processes answer."""
    return settings.processes or len(os.sched_getaffinity(0))


def _listening(host: str, port: int, count: int) -> list[socket.socket]:
    """Return so many sockets on one address: the kernel deals connections out to them."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:  # with SO_REUSEPORT, two servers could share it
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
        found = []
        for _ in range(count):
            each = socket.socket(family, kind)
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            each.bind(address)
            each.listen(BACKLOG)
            found.append(each)
    except OSError as error:
        raise OSError(f"Cannot listen on {host}:{port}: {error.strerror or error}") from error
    return found


def _supervise(works: Sequence[Callable[[], None]], sockets: Sequence[socket.socket]) -> None:
    stopping = threading.Event()
    for signalled in ENDING:
        signal.signal(signalled, lambda *_: stopping.set())
    running = [_started(each) for each in works]
    while not stopping.is_set():
        connection.wait([each.sentinel for each in running], timeout=0.1)
        _revive(running, works, stopping)
    for listening in sockets:
        listening.close()
    for process in running:
        process.terminate()
    for process in running:
        process.join(FINISH_SECONDS + PAUSE_SECONDS)
        process.kill()


def _revive(
    running: list[ForkProcess], works: Sequence[Callable[[], None]], stopping: threading.Event
) -> None:
    for number, process in enumerate(running):
        if not process.is_alive() and not stopping.is_set():
            log.error("process ended", pid=process.pid, status=process.exitcode)
            if not stopping.wait(PAUSE_SECONDS):
                running[number] = _started(works[number])


def _started(work: Callable[[], None]) -> ForkProcess:
    """Start a process; what tells it to end waits until it can hear it (see `_hear`)."""
    process = get_context("fork").Process(target=work, daemon=False)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    process.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    return process


def _hear(handler: Any) -> None:
    for each in ENDING:
        signal.signal(each, handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

"""The production server: uvicorn in as many processes as there are cores.

The first process makes the application and holds the sockets, then others branch off from it: they
share its memory until they write to it. It starts anew what ends by itself; when it ends, in
whatever way, so do they.
"""

import gc
import logging
import os
import socket
import sys
from collections.abc import Sequence
from multiprocessing import parent_process
from typing import Any, Protocol

import structlog
import uvicorn
from flask import Flask

from ..services.garbage import look_seldom
from ..settings import Settings
from .gateway import IDLE_SECONDS, Gateway
from .limits import Limits
from .metrics import Process, metrics
from .processes import BACKLOG, FINISH_SECONDS, hear, listening, supervise
from .protocol import Protocol as Http

log = structlog.get_logger("pilotcities")
TURN_SECONDS = 0.000_5
"""How long a thread that works may let the event loop wait, which has answers ready."""
AT_LEAST = 2
"""Searches that a process works on at once, so that a long one does not hold up all others."""


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
    sockets = listening(settings.host, settings.port, count)
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
    supervise(works, sockets)


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
        hear(lambda *_: setattr(server, "should_exit", True))
        Process.name = f"process-{self.number}"
        for number, other in enumerate(self.sockets):
            if number != self.number:
                other.close()
        look_seldom()
        sys.setswitchinterval(TURN_SECONDS)
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
    cores = max(AT_LEAST, len(os.sched_getaffinity(0)) // _count(settings))
    cache: Any = app.wsgi_app
    return uvicorn.Config(
        Gateway(cache, limits, settings.threads, settings.public_url, cores),
        http=Http,
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

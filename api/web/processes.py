"""Processes that branch off from this one, share its sockets, and are started anew if they end."""

import signal
import socket
import threading
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from typing import Any

import structlog

log = structlog.get_logger("pilotcities")
FINISH_SECONDS = 30
"""How long requests under way may take when the server is told to end."""
PAUSE_SECONDS = 1.0
"""Before a process that ended by itself is started again."""
BACKLOG = 2_048
ENDING = (signal.SIGTERM, signal.SIGINT)


def listening(host: str, port: int, count: int) -> list[socket.socket]:
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


def supervise(works: Sequence[Callable[[], None]], sockets: Sequence[socket.socket]) -> None:
    """Run each work in a process, and anew when it ends by itself, until told to end."""
    stopping = threading.Event()
    for signalled in ENDING:
        signal.signal(signalled, lambda *_: stopping.set())
    running = [_started(each) for each in works]
    while not stopping.is_set():
        wait([each.sentinel for each in running], timeout=0.1)
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


def hear(handler: Any) -> None:
    """Let a process that has branched off hear that it shall end; until then that waits."""
    for each in ENDING:
        signal.signal(each, handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

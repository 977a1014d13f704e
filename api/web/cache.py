"""The cache in front of the application: finished answers, exact by the store's sequence.

An answer is good as long as the epoch and the latest sequence number of every collection that it
shows are those that were read before it was made; a write elsewhere leaves it alone. So no reader
gets an answer that is older than the last acknowledged write (on PostgreSQL: than the milliseconds
of the setting). Streams, errors and whatever carries Authorization go past it. When the database
does not answer, it goes on with what it has. `Cache-Status` (RFC 9211) says which was the case.
"""

import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import structlog

from ..errors import StoreUnavailable
from ..services.freshness import Marks, Watch
from .kept import Answer, Answers, Header, Variant
from .packing import close, send_packed
from .request_ids import request_id_of

Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]
SHOWS = "pilotcities.shows"
"""Where the application says in the environment which collections an answer shows."""
HURRIED = "pilotcities.hurried"
"""In the environment of a request that nobody may wait for: it is answered by the event loop."""
LONGEST_KEY = 4_000
WAIT_SECONDS = 10.0
"""How long a request waits for another that is making the same answer."""
STALE = "hit; detail=stale"
HITS_A_LINE = 1_000
"""Of so many answers that come from here, one is logged, with their number; metrics count all."""
log = structlog.get_logger("pilotcities")


class Cache:
    """WSGI middleware. With `size` 0 it keeps nothing, and only packs."""

    def __init__(self, app: App, watch: Watch, size: int) -> None:
        self.behind = app
        self._watch = watch
        self.answers = Answers(size)
        self._making: dict[Any, threading.Event] = {}
        self._mutex = threading.Lock()
        self.counts = {"hit": 0, STALE: 0, "fwd=miss": 0, "fwd=bypass": 0}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer from the cache, or by the application."""
        key = self.key(environ)
        if key is None:
            try:
                return self._passed(environ, start, "fwd=bypass")
            finally:
                if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
                    self._watch.forget()
        answer = self.answers.get(key)
        try:
            marks = self._watch.present()
        except StoreUnavailable:
            if answer is None:
                return self._passed(environ, start, "fwd=miss")
            return self._sent(answer, environ, start, STALE)
        if answer is not None and answer.is_good(marks):
            return self._sent(answer, environ, start, "hit")
        return self._made(key, marks, environ, start)

    def key(self, environ: Environ) -> Any:
        """Return under which key the answer to a request is kept; None when it never is."""
        return _key(environ) if self.answers.size else None

    def at_once(self, environ: Environ, key: Any) -> Variant | None:
        """Return the kept answer to a GET or HEAD if that needs no waiting: no lock, no packing, no
        question to another machine. It must be sent, as it is counted.
        """
        answer = self.answers.get(key) if key is not None else None
        marks = self._watch.known() if answer is not None else None
        if answer is None or marks is None or not answer.is_good(marks):
            return None
        found = answer.ready(environ)
        if found is not None:
            self._count_hit(environ, "hit")
        return found

    def _made(self, key: Any, marks: Marks, environ: Environ, start: Start) -> Iterable[bytes]:
        """Make an answer and keep it; of those who ask for it meanwhile, one makes it."""
        with self._mutex:
            other = self._making.get(key)
            if other is None:
                self._making[key] = threading.Event()
        if other is not None and HURRIED not in environ:
            other.wait(WAIT_SECONDS)
        try:
            answer = self.answers.get(key)  # who made it may just have ended
            if answer is not None and answer.is_good(marks):
                return self._sent(answer, environ, start, "hit")
            return self._passed(environ, start, "fwd=miss", key, marks)
        finally:
            if other is None:
                self._making.pop(key).set()

    def _passed(
        self,
        environ: Environ,
        start: Start,
        how: str,
        key: Any = None,
        marks: Marks | None = None,
    ) -> Iterable[bytes]:
        """Let the application answer, and keep what it answers under the key."""
        head: list[Any] = []
        parts = self.behind(environ, lambda *given: head.extend(given[:2]))
        status, headers = head
        if status.startswith("503") and (kept := self.answers.get(key)):
            close(parts)
            return self._sent(kept, environ, start, STALE)
        self.counts[how] += 1
        shows, whole = environ.get(SHOWS), any(n.lower() == "content-length" for n, _ in headers)
        lasting = status == "200 OK" and whole
        if marks is None or shows is None or not lasting or environ["REQUEST_METHOD"] == "HEAD":
            return send_packed(environ, start, status, [*headers, _told(how)], parts)
        body = b"".join(parts)
        close(parts)
        answer = Answer(body, headers, shows, marks)
        stored = "; stored" if self.answers.put(key, answer) else ""
        told = [_told(how + stored), ("X-Request-Id", request_id_of(environ))]
        return answer.send(environ, start, told)

    def _sent(self, answer: Answer, environ: Environ, start: Start, how: str) -> Iterable[bytes]:
        self._count_hit(environ, how)
        told = [_TOLD[how], ("X-Request-Id", request_id_of(environ))]
        return answer.send(environ, start, told)

    def _count_hit(self, environ: Environ, how: str) -> None:
        self.counts[how] += 1
        if self.counts[how] % HITS_A_LINE == 0:
            log.info("cache", path=environ["PATH_INFO"], outcome=how, count=self.counts[how])


def _told(how: str) -> Header:
    return "Cache-Status", f"pilotcities; {how}"


_TOLD = {how: _told(how) for how in ("hit", STALE)}
TOLD_HIT = _TOLD["hit"]


def _key(environ: Environ) -> Any:
    """Return under which key an answer is kept; None for what is never kept."""
    if (
        environ["REQUEST_METHOD"] not in ("GET", "HEAD")
        or "HTTP_AUTHORIZATION" in environ
        or "HTTP_RANGE" in environ
        or environ.get("CONTENT_LENGTH", "0") not in ("", "0")
        or "HTTP_TRANSFER_ENCODING" in environ
    ):
        return None
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    accepted = environ.get("HTTP_ACCEPT", "*/*")
    if len(path) + len(query) + len(accepted) > LONGEST_KEY:
        return None
    return path, _normalised(query) if query else "", accepted


@lru_cache(maxsize=8192)
def _normalised(query: str) -> Any:
    """Return the parameters in one order and one spelling; in what is kept, each stands once."""
    return tuple(sorted(parse_qsl(query, keep_blank_values=True)))

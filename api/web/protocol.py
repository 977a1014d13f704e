"""One connection: what is ready or quickly made leaves at once, all else goes to the gateway.

An answer that the cache has ready leaves from here, without a task or a thread, and if the request
came before in the same bytes, without being parsed.
"""

from types import SimpleNamespace
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from .begun import Begun
from .bounded import Bounded
from .cache import TOLD_HIT, Cache
from .environs import ENVIRON, Environ, environ_of
from .kept import Variant
from .pace import Pace
from .repeats import Repeat
from .request_ids import new_request_id, request_id_of

HIT = f"{': '.join(TOLD_HIT)}\r\n".encode()
CLOSE = b"Connection: close\r\n"
LINE = b"\r\n"
_ANSWERED: Any = SimpleNamespace(
    response_complete=True, message_event=SimpleNamespace(set=lambda: None)
)
"""Stands for a request that was answered without uvicorn's."""


Kept = tuple[Any, Environ]


class Protocol(Bounded):
    """HTTP/1.1 of one connection."""

    between = True
    """Whether the next byte begins a request."""
    begun = 0
    """How many requests began in what came last."""
    kept: Kept | None = None
    """Key and environment of the last among them that the cache has answered."""
    answered_at = 0.0
    """When the cache last answered bytes that were not parsed."""

    def data_received(self, data: bytes) -> None:
        """Answer what came before and is kept, or parse it and remember what the cache answers."""
        between = self.between
        if between and self._answered_again(data):
            return
        self.begin_anew()
        super().data_received(data)
        if between and self.between and self.begun == 1 and self.kept is not None:
            self.app.repeats.remember(data, *self.kept)

    def begin_anew(self) -> None:
        """Forget what came before."""
        self.begun, self.kept = 0, None

    def on_message_begin(self) -> None:
        """Begin with a request."""
        super().on_message_begin()
        self.between, self.begun = False, self.begun + 1

    def begin_answer(self) -> None:
        """Answer at once, from the cache or what is quickly made, or let a task answer."""
        reads = not self._is_busy() and self.parser.get_method() in (b"GET", b"HEAD")
        if not (reads and self._answered()):
            super().begin_answer()

    def on_message_complete(self) -> None:
        """End the body of a request."""
        super().on_message_complete()
        self.between = not self.offered

    def _is_busy(self) -> bool:
        """Tell whether an earlier answer is not complete, or waits for its reader."""
        cycle: Any = self.cycle  # None before the first request
        return self.flow.write_paused or (cycle is not None and not cycle.response_complete)

    def _answered_again(self, data: bytes) -> bool:
        """Answer a request that the cache answered before, and tell whether that was possible."""
        again: Repeat | None = self.app.repeats.get(data)
        if again is None or self._is_busy() or self.transport.is_closing():
            return False
        found = self.app.cache.at_once(again.environ, again.key)
        if found is None:
            return False
        self._stop_waiting()
        self._send(found, again.environ["REQUEST_METHOD"], new_request_id())
        self.cycle = _ANSWERED
        self.answered_at = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self.on_response_complete()
        return True

    def timeout_keep_alive_handler(self) -> None:
        """Close what is idle; after answers that did not set the clock anew, wait on."""
        due = self.answered_at + self.timeout_keep_alive
        if due > self.loop.time():
            self.timeout_keep_alive_task = self.loop.call_at(due, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def _answered(self) -> bool:
        """Answer at once, and tell whether that was possible."""
        address = httptools.parse_url(self.url)
        scope: Any = self.scope
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["raw_path"], scope["query_string"] = address.path, address.query or b""
        environ = scope[ENVIRON] = environ_of(scope)
        cache: Cache = self.app.cache
        key = cache.key(environ)
        found = cache.at_once(environ, key)
        keep = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        more = b"" if keep else CLOSE
        if found is not None:
            self._send(found, scope["method"], request_id_of(environ), more)
        elif not self._made(environ, more):
            return False
        self.cycle = _ANSWERED
        self.on_response_complete()
        if not keep:
            self.transport.close()
        elif found is not None:
            self.kept = key, environ
        return True

    def _made(self, environ: Environ, more: bytes) -> bool:
        """Let the application answer here and now if that is quick; tell whether it has."""
        if self.app.pace(environ) is not Pace.QUICK:
            return False
        try:
            begun: Begun = self.app.at_once(environ)
            body = begun.whole()
        except Exception:
            return False
        length = b"" if begun.is_framed else b"Content-Length: %d\r\n" % len(body)
        headers = b"".join(b"%b: %b\r\n" % each for each in begun.headers)
        head = (STATUS_LINE[begun.status], headers, length, self._date(), more, LINE)
        self.transport.writelines((*head, body))
        return True

    def _send(self, found: Variant, method: str, request_id: str, more: bytes = b"") -> None:
        told = b"%bX-Request-Id: %b\r\n" % (HIT, request_id.encode())
        body = b"" if method == "HEAD" else found.body
        self.transport.writelines((found.head, told, self._date(), more, LINE, body))

    def _date(self) -> bytes:
        return b"".join(b"%b: %b\r\n" % each for each in self.server_state.default_headers)

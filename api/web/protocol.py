"""One connection: uvicorn's protocol, with our limits, our refusals, and kept answers at once.

An answer that the cache has ready leaves from here, without a task or a thread. What is no request
gets a problem document, and its connection is closed.
"""

import asyncio
from types import SimpleNamespace
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from .cache import TOLD_HIT, Cache
from .environs import ENVIRON, environ_of
from .gateway import IDLE_SECONDS
from .refusals import Refusal, refuse
from .request_ids import request_id_of

LARGEST_HEAD = 32_768
"""Bytes of the first line and all headers."""
HIT = f"{': '.join(TOLD_HIT)}\r\n"
OFFERS = (b"upgrade", b"http2-settings")
"""Headers of an offer to go on in another protocol, which `Connection` names, too."""
CLOSE = "Connection: close\r\n"
_ANSWERED: Any = SimpleNamespace(
    response_complete=True, message_event=SimpleNamespace(set=lambda: None)
)
"""Stands for a request that was answered without uvicorn's."""


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 of one connection."""

    app: Any
    refused: Refusal | None = None
    head_bytes = 0
    in_head = True
    offered = False
    deadline: asyncio.TimerHandle | None = None

    # uvicorn knows only transports of sockets, and says so in its types, too
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give the client so long for its first request."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what has come; a head that does not end is refused for its size or its slowness."""
        self._unset_keepalive_if_required()
        try:
            self._parse(data)
        except httptools.HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
        if self.in_head and not self.transport.is_closing():
            self.head_bytes += len(data)
            if self.head_bytes > LARGEST_HEAD:
                self._refuse(Refusal(431, f"The headers may have {LARGEST_HEAD:,} bytes."))
            elif self.deadline is None:
                self._wait_for_head()

    def _parse(self, data: bytes) -> None:
        """Parse requests. None is taken to another protocol: who offers that (RFC 9110, section
        7.8), as Java's client does, is answered as if it had not. The parser stops at the end of
        such a head and knows no other way, so it then gets the head again without the offer.
        """
        while data:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as stopped:
                data = data[stopped.args[0] :]
                if self.offered:
                    data = self._head_without_offer() + data
                    self.parser = httptools.HttpRequestParser(self)  # the old one may be at its end
                    self.parser.set_dangerous_leniencies(lenient_data_after_close=True)

    def _head_without_offer(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        for name, value in self.headers:
            parts = value.split(b",") if name == b"connection" else [value]
            if name not in OFFERS:
                rest = b",".join(each for each in parts if each.strip().lower() not in OFFERS)
                lines.append(b"%s: %s" % (name, rest))
        return b"\r\n".join([*lines, b"\r\n"])

    def on_message_begin(self) -> None:
        """Begin with a request."""
        super().on_message_begin()
        self.in_head, self.head_bytes = True, 0

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        super().on_url(url)
        self._weigh(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        super().on_header(name, value)
        self._weigh(len(name) + len(value) + 4)

    def on_headers_complete(self) -> None:
        """Answer from the cache, or let a task answer."""
        self.offered = self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"
        if self.offered:
            return
        self.in_head, self.head_bytes = False, 0
        self._stop_waiting()
        if not self.url.isascii():
            self._raise(Refusal(400, "The address has bytes that must be percent-encoded."))
        cycle: Any = self.cycle  # None before the first request
        busy = cycle is not None and not cycle.response_complete
        if busy or not (self.parser.get_method() in (b"GET", b"HEAD") and self._answered()):
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the body of a request."""
        if not self.offered:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request."""
        self._refuse(self.refused or Refusal(400, msg))

    def _answered(self) -> bool:
        """Answer from the cache, and tell whether that was possible."""
        if self.flow.write_paused:
            return False
        address = httptools.parse_url(self.url)
        scope: Any = self.scope
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["raw_path"], scope["query_string"] = address.path, address.query or b""
        environ = scope[ENVIRON] = environ_of(scope)
        cache: Cache = self.app.cache
        found = cache.at_once(environ)
        if found is None:
            return False
        keep = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        told = f"{HIT}X-Request-Id: {request_id_of(environ)}\r\n{'' if keep else CLOSE}"
        date = b"".join(b"%s: %s\r\n" % each for each in self.server_state.default_headers)
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else found.body
        self.transport.write(b"".join((found.head, told.encode(), date, b"\r\n", body)))
        self.cycle = _ANSWERED
        self.on_response_complete()
        if not keep:
            self.transport.close()
        return True

    def _wait_for_head(self) -> None:
        self.deadline = self.loop.call_later(IDLE_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def _weigh(self, size: int) -> None:
        self.head_bytes += size
        if self.head_bytes > LARGEST_HEAD:
            self._raise(Refusal(431, f"The headers may have {LARGEST_HEAD:,} bytes at most."))

    def _raise(self, refused: Refusal) -> None:
        """Stop the parser, which then asks for a refusal."""
        self.refused = refused
        raise refused

    def _refuse(self, refused: Refusal) -> None:
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete or not cycle.response_started:
            headers, body = refuse(refused, self.app.public_url)
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
            self.transport.write(STATUS_LINE[refused.status] + lines.encode() + b"\r\n" + body)
        self.transport.close()

"""What a connection may send before anything is answered: uvicorn's protocol with our limits.

What is no request, or too large or too slow, gets a problem document, and its connection is closed.
Nobody is taken to another protocol.
"""

import asyncio
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from .gateway import IDLE_SECONDS
from .refusals import Refusal, refuse

LARGEST_HEAD = 32_768
"""Bytes of the first line and all headers."""
OFFERS = (b"upgrade", b"http2-settings")
"""Headers of an offer to go on in another protocol, which `Connection` names, too."""


class Bounded(HttpToolsProtocol):
    """HTTP/1.1 of one connection, within bounds."""

    app: Any
    refused: Refusal | None = None
    head_bytes = 0
    """What has been parsed of a head."""
    unended_bytes = 0
    """What has come of a head that goes on in another piece: the parser may hold all of it."""
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
        unended = self.in_head
        try:
            self._parse(data)
        except httptools.HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
        if self.in_head and not self.transport.is_closing():
            self.unended_bytes += len(data) if unended else 0
            if self.unended_bytes > LARGEST_HEAD:
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
        """Hand over a request whose head is complete; one that offers an upgrade comes again."""
        self.offered = self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"
        if self.offered:
            return
        self.in_head, self.head_bytes, self.unended_bytes = False, 0, 0
        self._stop_waiting()
        if not self.url.isascii():
            self._raise(Refusal(400, "The address has bytes that must be percent-encoded."))
        self.begin_answer()

    def begin_answer(self) -> None:
        """Let a task answer."""
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the body of a request."""
        if not self.offered:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request."""
        self._refuse(self.refused or Refusal(400, msg))

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

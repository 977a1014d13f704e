"""The production server: waitress.

It reads a request whole before a thread works on it, so stalled uploads hold no thread; it
unchunks bodies and answers 413 where others cut them short; it speaks HTTP/1.1 in pure Python.
"""

import copy
import re
import signal
import sys
import time
from typing import Any

import orjson
import structlog
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import create_server
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import Error

from ..settings import Settings
from .auth import REALM
from .meanings import refusal
from .negotiation import PROBLEM
from .problems import problem_body
from .request_ids import new_request_id
from .versions import FIRST

log = structlog.get_logger("pilotcities")
LARGEST_HEADER = 32_768
LARGEST_UNASKED = 65_536
"""Bytes of a body that are taken from who sends no token: reading needs none, and no body."""
TOKEN = re.compile(r"bearer +upc_", re.IGNORECASE)
IDLE_SECONDS = 60
UPLOAD = re.compile(r"/api/v1/documents/[^/]+/files/[^/]+/content")


def serve(app: Flask, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first.

    An address that cannot be listened on is an OSError that names it.
    """

    def stop(*_: Any) -> None:
        sys.exit(0)

    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            max_request_body_size=max(settings.max_body_bytes, settings.max_import_bytes),
            max_request_header_size=LARGEST_HEADER,
            channel_timeout=IDLE_SECONDS,
            ident=None,
        )
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise OSError(f"Cannot listen on {place}: {error.strerror or error}") from error
    server.channel_class = _channel_class(settings.public_url, settings.max_file_bytes)
    signal.signal(signal.SIGTERM, stop)
    log.info("serving", address=f"http://{settings.host}:{settings.port}", url=settings.public_url)
    server.run()


class KeepingTask(WSGITask):
    """Keeps the connection after an answer without a body (204, 304), as HTTP/1.1 does."""

    def set_close_on_finish(self) -> None:
        """Close, unless only the missing length is the reason."""
        asked = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or asked or self.version == "1.0":
            super().set_close_on_finish()


class Unauthenticated(Error):
    """A large body that nobody vouches for."""

    code, reason = 401, "Unauthorized"


class StrictParser(HTTPRequestParser):
    """Refuses what could be taken for two requests (RFC 9112 section 6.1), takes no large body from
    who sends no token, and lets the contents of files be larger than any other body.
    """

    adj: Any
    error: Any
    largest_file = 0

    def received(self, data: bytes) -> int:
        """Take what has come; once the headers are there, refuse before any of the body is."""
        had_headers = self.headers_finished
        consumed: int = super().received(data)
        if self.headers_finished and not had_headers:
            if self.error is None and self._comes_unasked():
                self.error = Unauthenticated("A body of this size needs a token.")
                self.completed = True
            if self.error is not None:
                self.expect_continue = False  # there is nothing to go on with
        return consumed

    def _comes_unasked(self) -> bool:
        return self.content_length > LARGEST_UNASKED and not self._has_token()

    def _has_token(self) -> bool:
        return TOKEN.match(self.headers.get("AUTHORIZATION", "")) is not None

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers."""
        names = {line.partition(b":")[0].strip().lower() for line in header_plus.splitlines()}
        if {b"content-length", b"transfer-encoding"} <= names:
            # RFC 9112 section 6.1: an attempt at smuggling; the connection is closed
            raise ParsingError("Content-Length and Transfer-Encoding exclude each other")
        super().parse_header(header_plus)
        largest = self.adj.max_request_body_size
        if self.command == "PUT" and UPLOAD.fullmatch(self.path):
            largest = self.largest_file + 1
        if self.chunked and not self._has_token():
            largest = min(largest, LARGEST_UNASKED)
        own: Any = copy.copy(self.adj)
        own.max_request_body_size = largest
        self.adj = own


def _channel_class(public_url: str, largest: int) -> type[HTTPChannel]:
    """Return a channel that takes contents of files of up to `largest` bytes, and that answers what
    never reaches the app with a problem document, too.
    """

    class Parser(StrictParser):
        largest_file = largest

    class ProblemTask(ErrorTask):
        def execute(self) -> None:
            error = self.request.error
            request_id = new_request_id()
            told = refusal(error.code)
            body = problem_body(
                public_url + FIRST, request_id, error.code, told.code, told.title, str(error.body)
            )
            text = orjson.dumps(body) + b"\n"
            self.status = f"{error.code} {error.reason}"
            self.response_headers += [
                ("Content-Length", str(len(text))),
                ("Content-Type", PROBLEM),
                ("Cache-Control", "no-store"),
                ("X-Request-Id", request_id),
                ("Access-Control-Allow-Origin", "*"),
            ]
            if error.code == Unauthenticated.code:
                self.response_headers.append(("WWW-Authenticate", f'Bearer realm="{REALM}"'))
            self.set_close_on_finish()
            self.content_length = len(text)
            self.write(text)
            log.warning(
                "request",
                request_id=request_id,
                method=getattr(self.request, "command", None),
                route=None,
                path=getattr(self.request, "path", None),
                status=error.code,
                ms=round((time.time() - self.start_time) * 1000, 2),
                queries=0,
                refused=error.body,
            )

    class ProblemChannel(HTTPChannel):
        parser_class = Parser
        task_class = KeepingTask
        error_task_class = ProblemTask

    return ProblemChannel

"""The production server: waitress.

It reads a request whole before a thread works on it, so stalled uploads hold no thread; it
unchunks bodies and answers 413 where others cut them short; it speaks HTTP/1.1 in pure Python.
"""

import signal
import sys
from typing import Any

import orjson
import structlog
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import create_server
from waitress.task import ErrorTask

from ..settings import Settings
from .observe import new_request_id
from .openapi import PROBLEM
from .problems import CODES, problem_body

log = structlog.get_logger("pilotcities")
LARGEST_HEADER = 32_768
IDLE_SECONDS = 60


def serve(app: Flask, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first."""

    def stop(*_: Any) -> None:
        sys.exit(0)

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
    server.channel_class = _channel_class(settings.public_url)
    signal.signal(signal.SIGTERM, stop)
    log.info("serving", address=f"http://{settings.host}:{settings.port}", url=settings.public_url)
    server.run()


def _channel_class(public_url: str) -> type[HTTPChannel]:
    """Return a channel that answers what never reaches the app with a problem document, too."""

    class ProblemTask(ErrorTask):
        def execute(self) -> None:
            error = self.request.error
            request_id = new_request_id()
            code = CODES.get(error.code, "bad_request")
            body = problem_body(
                public_url, request_id, error.code, code, error.reason, str(error.body)
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
            self.set_close_on_finish()
            self.content_length = len(text)
            self.write(text)
            log.warning("refused", request_id=request_id, status=error.code, detail=error.body)

    class StrictParser(HTTPRequestParser):
        def parse_header(self, header_plus: bytes) -> None:
            names = {line.partition(b":")[0].strip().lower() for line in header_plus.splitlines()}
            if {b"content-length", b"transfer-encoding"} <= names:
                # RFC 9112 section 6.1: an attempt at smuggling; the connection is closed
                raise ParsingError("Content-Length and Transfer-Encoding exclude each other")
            super().parse_header(header_plus)

    class ProblemChannel(HTTPChannel):
        parser_class = StrictParser
        error_task_class = ProblemTask

    return ProblemChannel

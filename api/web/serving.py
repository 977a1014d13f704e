"""The production server: waitress.

It reads a request whole before a thread works on it, so stalled uploads hold no thread; it
unchunks bodies and answers 413 where others cut them short; it speaks HTTP/1.1 in pure Python.
"""

import signal
import sys
from typing import Any

import structlog
import waitress
from flask import Flask

from ..settings import Settings

log = structlog.get_logger("pilotcities")


def serve(app: Flask, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first."""

    def stop(*_: Any) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    log.info("serving", address=f"http://{settings.host}:{settings.port}", url=settings.public_url)
    waitress.serve(
        app,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        max_request_body_size=settings.max_body_bytes,
        max_request_header_size=32_768,
        channel_timeout=60,
        ident=None,
        _quiet=True,
    )

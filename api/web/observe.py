"""A request's id, and its one line in the log."""

import logging
import re
import sys
import time
import uuid

import orjson
import structlog
from flask import Flask, Response, g, request

from ..services.database import queries

_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
log = structlog.get_logger("pilotcities")


def configure_log(level: str) -> None:
    """Write one JSON object a line to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _dumps(event: dict[str, object], **_: object) -> str:
    return orjson.dumps(event, default=repr).decode()


def new_request_id() -> str:
    """Return an id that no other request has."""
    return uuid.uuid4().hex


def request_id() -> str:
    """Return the id of the present request: the client's own, when it is a sane one."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _GIVEN.fullmatch(given) else new_request_id()
    found: str = g.request_id
    return found


def observe(app: Flask) -> None:
    """Give each response its request id, and log each request: route, status, ms, queries."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        queries.set(0)

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        log.info(
            "request",
            request_id=request_id(),
            method=request.method,
            route=str(request.url_rule) if request.url_rule else None,
            path=request.path,
            status=response.status_code,
            ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 2),
            queries=queries.get(),
        )
        return response

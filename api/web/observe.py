"""A request's id, and its one line in the log."""

import logging
import sys
import time

import orjson
import structlog
from flask import Flask, Response, g, request

from ..services.database import queries
from .metrics import count, use_metrics
from .request_ids import request_id_of

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


def request_id() -> str:
    """Return the id of the present request."""
    return request_id_of(request.environ)


def observe(app: Flask) -> None:
    """Give each response its request id, count it, and log it: route, status, ms, queries."""
    use_metrics(app)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        queries.set(0)

    @app.after_request
    def finish(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        response.headers["X-Request-Id"] = request_id()
        count(app, response.status_code, seconds)
        log.info(
            "request",
            request_id=request_id(),
            method=request.method,
            route=str(request.url_rule) if request.url_rule else None,
            path=request.path,
            status=response.status_code,
            ms=round(seconds * 1000, 2),
            queries=queries.get(),
        )
        return response

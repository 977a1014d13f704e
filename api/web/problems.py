"""Errors as problem documents (RFC 9457), whoever raises them."""

from typing import Any

import orjson
import structlog
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from ..errors import Forbidden, PilotCitiesError, Unauthorized
from .auth import challenge
from .meanings import refusal
from .negotiation import PROBLEM
from .observe import request_id
from .versions import base_url

log = structlog.get_logger("pilotcities")


def problem_body(
    base: str, request_id: str, status: int, code: str, title: str, detail: str
) -> dict[str, Any]:
    """Return the members that every problem document has; `base` is the address of the API."""
    return {
        "type": f"{base}/problems/{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id,
    }


def problem(
    status: int, code: str, title: str, detail: str, extra: dict[str, Any] | None = None
) -> Response:
    """Return a problem document. It is never stored by caches."""
    body = problem_body(base_url(), request_id(), status, code, title, detail)
    body |= extra or {}
    response = Response(orjson.dumps(body) + b"\n", status=status, content_type=PROBLEM)
    response.headers["Cache-Control"] = "no-store"
    return response


def _ours(error: PilotCitiesError) -> Response:
    extra = dict(error.extra)
    if error.faults:
        extra["errors"] = [fault.as_dict() for fault in error.faults]
    if error.status >= 500:
        log.error("failed", code=error.code, detail=error.detail, cause=repr(error.__cause__))
    response = problem(error.status, error.code, error.title, error.detail, extra)
    if isinstance(error, Unauthorized | Forbidden):
        response.headers["WWW-Authenticate"] = challenge(error)
    if error.status == 503:
        response.headers["Retry-After"] = "5"
    return response


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()  # type: ignore[return-value]  # a redirect is a Response
    meaning = refusal(status)
    detail = (error.description or meaning.title).strip()
    if status == 404:
        detail = f"There is nothing at {request.path}."
    response = problem(status, meaning.code, meaning.title, detail)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _unforeseen(error: Exception) -> Response:
    log.error("crashed", error=repr(error), exc_info=error)
    if current_app.testing:
        raise error
    meaning = refusal(500)
    return problem(500, meaning.code, meaning.title, meaning.description)


def problem_of(error: Exception) -> Response:
    """Return the problem document of an error."""
    if isinstance(error, PilotCitiesError):
        return _ours(error)
    return _http(error) if isinstance(error, HTTPException) else _unforeseen(error)


def handle_problems(app: Flask) -> None:
    """Make an app answer every error as a problem."""
    app.register_error_handler(Exception, problem_of)

"""Errors as problem documents (RFC 9457), whoever raises them."""

from typing import Any

import orjson
import structlog
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, InternalServerError

from ..errors import Forbidden, PilotCitiesError, Unauthorized
from .auth import challenge
from .observe import request_id
from .openapi import PROBLEM

log = structlog.get_logger("pilotcities")

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "request_timeout",
    409: "conflict",
    411: "length_required",
    413: "body_too_large",
    414: "address_too_long",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
    431: "headers_too_large",
    500: "internal_error",
}
"""HTTP status → code, for what the framework itself refuses."""


def problem_body(
    public_url: str, request_id: str, status: int, code: str, title: str, detail: str
) -> dict[str, Any]:
    """Return the members that every problem document has."""
    return {
        "type": f"{public_url}/api/v1/problems/{code}",
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
    public_url: str = current_app.config["PUBLIC_URL"]
    body = problem_body(public_url, request_id(), status, code, title, detail)
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
    title = error.name
    detail = (error.description or title).strip()
    if status == 404:
        detail = f"There is nothing at {request.path}."
    response = problem(status, CODES.get(status, "http_error"), title, detail)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _unforeseen(error: Exception) -> Response:
    log.error("crashed", error=repr(error), exc_info=error)
    if current_app.testing:
        raise error
    wrong = InternalServerError()
    return problem(500, "internal_error", wrong.name, "Something failed on our side.")


def handle_problems(app: Flask) -> None:
    """Make an app answer every error as a problem."""
    app.register_error_handler(PilotCitiesError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)

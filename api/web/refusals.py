"""What is refused before the application hears of it: problem documents and log lines."""

from dataclasses import dataclass

import orjson
import structlog

from .auth import REALM
from .meanings import refusal
from .negotiation import PROBLEM
from .problems import problem_body
from .request_ids import new_request_id
from .versions import FIRST

log = structlog.get_logger("pilotcities")
Header = tuple[str, str]


@dataclass(frozen=True)
class Refusal(Exception):
    """A request that is not taken; the connection is closed after the answer."""

    status: int
    reason: str
    method: str | None = None
    path: str | None = None


def refuse(refused: Refusal, public_url: str) -> tuple[list[Header], bytes]:
    """Log a refusal, and return the headers and the body of its answer."""
    request_id, told = new_request_id(), refusal(refused.status)
    log.warning(
        "request",
        request_id=request_id,
        method=refused.method,
        route=None,
        path=refused.path,
        status=refused.status,
        queries=0,
        refused=refused.reason,
    )
    document = problem_body(
        public_url + FIRST, request_id, refused.status, told.code, told.title, refused.reason
    )
    body = orjson.dumps(document) + b"\n"
    headers = [
        ("Content-Length", str(len(body))),
        ("Content-Type", PROBLEM),
        ("Cache-Control", "no-store"),
        ("X-Request-Id", request_id),
        ("Access-Control-Allow-Origin", "*"),
        ("Connection", "close"),
    ]
    if refused.status == 401:
        headers.append(("WWW-Authenticate", f'Bearer realm="{REALM}"'))
    return headers, body

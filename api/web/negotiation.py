"""Which format an answer has."""

from typing import Any

import orjson
from flask import Response, request

from ..errors import NotAcceptable

JSON = "application/json"
PROBLEM = "application/problem+json"


def negotiate(*offered: str) -> str:
    """Return the offered media type that `Accept` likes best; NotAcceptable lists what there is.

    An empty `Accept` is none. Who names the type of problems alone, as some generated clients do
    because it is JSON, has said nothing of the answer that he hopes for, and gets the usual one.
    """
    liked = set(request.accept_mimetypes.values())
    if liked in (set(), {PROBLEM}):
        return offered[0]
    best = request.accept_mimetypes.best_match(offered)
    if best is None:
        raise NotAcceptable(
            f"Offered here: {', '.join(offered)}.", extra={"available": list(offered)}
        )
    return best


def json_response(body: dict[str, Any]) -> Response:
    """Return a JSON answer (UTF-8, one line, with a line end)."""
    return Response(orjson.dumps(body) + b"\n", content_type=JSON)

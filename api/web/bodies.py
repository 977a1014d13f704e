"""Request bodies: their media type, their size, and JSON that says everything once."""

import json
from typing import Any

import orjson
from flask import request

from ..errors import MalformedBody, UnsupportedMedia
from .negotiation import JSON

MERGE_PATCH = "application/merge-patch+json"
DEEPEST = 60


def read_json(*accepted: str) -> Any:
    """Return the body's data.

    UnsupportedMedia when it is of another media type, MalformedBody when it is not JSON (RFC
    8259), names something twice, or nests too deep.
    """
    accepted = accepted or (JSON,)
    refuse_media(*accepted)
    raw = request.get_data(cache=False)
    return strict_json(raw)


def refuse_media(*accepted: str) -> None:
    """Raise UnsupportedMedia unless the body is of one of these media types."""
    if request.mimetype not in accepted:
        raise UnsupportedMedia(
            f"Send {' or '.join(accepted)}.", extra={"available": list(accepted)}
        )


def strict_json(raw: bytes) -> Any:
    """Return JSON as data; nothing is repaired, and no name may stand twice in an object."""
    try:
        orjson.loads(raw)  # strict of UTF-8, numbers and surrogates, where json.loads is not
        return json.loads(raw, object_pairs_hook=_once)
    except MalformedBody:
        raise
    except (ValueError, RecursionError) as error:
        raise MalformedBody(f"The body is not JSON: {str(error)[:200]}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MalformedBody(f"{twice[:100]!r} stands twice in one object.")
    return found

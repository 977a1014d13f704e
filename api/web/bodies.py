"""Request bodies: their media type, their size, and JSON that says everything once."""

from typing import Any

from flask import request

from ..errors import UnsupportedMedia
from ..services.strict import strict_json
from .negotiation import JSON

MERGE_PATCH = "application/merge-patch+json"


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

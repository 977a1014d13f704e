"""Request bodies: their media type, their size, and JSON that says everything once."""

import base64
import re
from typing import Any

from flask import request
from marshmallow import ValidationError

from ..errors import MalformedBody, UnsupportedMedia
from ..schemas.standards import MediaType
from ..services.strict import strict_json
from .negotiation import JSON

MERGE_PATCH = "application/merge-patch+json"
_DIGEST = re.compile(r"\s*([a-z0-9*._-]+)=:([A-Za-z0-9+/]*={0,2}):\s*")


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


def declared_type() -> str:
    """Return the media type of the body; UnsupportedMedia for one that no file has."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMedia("Send the bytes as they are, without Content-Encoding.")
    if request.mimetype_params.get("charset", "utf-8").casefold() not in ("utf-8", "us-ascii"):
        raise UnsupportedMedia("Text is taken in UTF-8 alone.")
    try:
        found: str = MediaType().deserialize(request.mimetype)
    except ValidationError as error:
        raise UnsupportedMedia(f"Content-Type: {error.messages[0]}") from None
    return found


def expected_digests() -> dict[str, bytes]:
    """Return algorithm → digest of the body that is sent (RFC 9530, both headers).

    The body is the whole content, so both mean the same. MalformedBody for what is no such list.
    """
    found: dict[str, bytes] = {}
    for name in ("Content-Digest", "Repr-Digest"):
        for each in filter(None, request.headers.get(name, "").split(",")):
            matched = _DIGEST.fullmatch(each)
            try:
                digest = base64.b64decode(matched.group(2), validate=True) if matched else b""
            except ValueError:
                digest = b""
            if matched is None or not digest:
                raise MalformedBody(f"{name} must be a list like sha-256=:BASE64: (RFC 9530).")
            if found.setdefault(matched.group(1), digest) != digest:
                raise MalformedBody("Content-Digest and Repr-Digest contradict each other.")
    return found

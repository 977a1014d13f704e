"""Tags (RFC 9110 section 8.8.3) that are known before an answer is made, and caching."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from flask import Response, current_app, request

from ..services.changes import print_of
from .cache import SHOWS
from .kept import is_held

CACHE_CONTROL = "public, max-age=60, s-maxage=300, stale-while-revalidate=300, stale-if-error=86400"
PRIVATE = "private, no-cache"
"""For whoever sends a token, so that admins see their own writes; the tag is the same."""
VARY = "Accept, Accept-Encoding"


def tag(number: int, history: str, path: str | None = None, *, also: object = None) -> str:
    """Return the tag of this request's answer: a sequence number, and a hash over the store's
    history, the build, the address, and `also` what else the answer depends on.

    With `path`: the tag of a GET of that path without parameters.
    """
    asked = [] if path else sorted(request.args.items(multi=True))
    build = current_app.config["BUILD"]
    hashed = repr((history, build, path or request.path, asked, also)).encode()
    return f"{number}.{blake2b(hashed, digest_size=8).hexdigest()}"


def record_tag(
    record: Mapping[str, Any], history: str, path: str | None = None, *, also: object = None
) -> str:
    """Return the tag of an answer that shows one record: like `tag`, but with the record's version,
    and before the hash the print by which If-Match tells that version from another's.
    """
    number, hashed = tag(record["version"], history, path, also=also).split(".")
    return f"{number}.{print_of(record)}{hashed}"


def is_current(value: str) -> bool:
    """Tell whether the client holds the answer with this tag, in whatever coding."""
    return is_held(value, request.headers.get("If-None-Match", ""))


def cached(response: Response, value: str, shows: Iterable[str] | None = None) -> Response:
    """Mark an answer with its tag and with how long caches may keep it.

    `shows`: the collections on whose records the answer depends, and on nothing else but the
    request; without it our own cache does not keep the answer.
    """
    if shows is not None:
        request.environ[SHOWS] = tuple(shows)
    response.headers["ETag"] = f'"{value}"'
    private = "Authorization" in request.headers
    response.headers["Cache-Control"] = PRIVATE if private else CACHE_CONTROL
    response.headers["Vary"] = VARY
    return response


def not_modified(value: str) -> Response:
    """Return the 304 for a tag."""
    return cached(Response(status=304), value)

"""Tags (RFC 9110 section 8.8.3) that are known before an answer is made, and caching."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, request

from ..services.changes import print_of
from .asking import asked
from .cache import SHOWS

CACHE_CONTROL = "public, max-age=60, s-maxage=300, stale-while-revalidate=300, stale-if-error=86400"
PRIVATE = "private, no-cache"
"""For whoever sends a token, so that admins see their own writes; the tag is the same."""
VARY = "Accept, Accept-Encoding"


def tag(number: int, history: str, path: str | None = None, *, also: object = None) -> str:
    """Return the tag of this request's answer: a sequence number, and a hash over the store's
    history, the build, the address, and `also` what else the answer depends on.

    With `path`: the tag of a GET of that path without parameters.
    """
    return asked().tag(number, history, path, also)


def record_tag(
    record: Mapping[str, Any], history: str, path: str | None = None, *, also: object = None
) -> str:
    """Return the tag of an answer that shows one record: like `tag`, but with the record's version,
    and before the hash the print by which If-Match tells that version from another's.
    """
    return printed(record, tag(record["version"], history, path, also=also))


def printed(record: Mapping[str, Any], value: str) -> str:
    """Return the tag of a record's version, told from those of other histories."""
    number, hashed = value.split(".")
    return f"{number}.{print_of(record)}{hashed}"


def is_current(value: str) -> bool:
    """Tell whether the client holds the answer with this tag, in whatever coding."""
    return asked().holds(value)


def cached(response: Response, value: str, shows: Iterable[str] | None = None) -> Response:
    """Mark an answer with its tag and with how long caches may keep it.

    `shows`: the collections on whose records the answer depends, and on nothing else but the
    request; without it our own cache does not keep the answer.
    """
    if shows is not None:
        request.environ[SHOWS] = tuple(shows)
    private = "Authorization" in request.headers
    response.headers.update(caching(value, PRIVATE if private else CACHE_CONTROL))
    return response


def caching(value: str, control: str = CACHE_CONTROL) -> list[tuple[str, str]]:
    """Return the headers of an answer that has a tag."""
    return [("ETag", f'"{value}"'), ("Cache-Control", control), ("Vary", VARY)]


def not_modified(value: str) -> Response:
    """Return the 304 for a tag."""
    return cached(Response(status=304), value)

"""Tags (RFC 9110 section 8.8.3) that are known before an answer is made, and caching."""

from hashlib import blake2b

from flask import Response, current_app, request

CACHE_CONTROL = "public, max-age=60, s-maxage=300, stale-while-revalidate=300, stale-if-error=86400"
PRIVATE = "private, no-cache"
"""For whoever sends a token, so that admins see their own writes; the tag is the same."""
VARY = "Accept, Accept-Encoding"


def tag(number: int, epoch: str, path: str | None = None) -> str:
    """Return the tag of this request's answer: a record's version or a sequence number, and a
    hash over the store's epoch, the build, the address and the content coding.

    With `path`: the tag of a GET of that path without parameters.
    """
    asked = [] if path else sorted(request.args.items(multi=True))
    build = current_app.config["BUILD"]
    hashed = repr((epoch, build, path or request.path, asked, "identity")).encode()
    return f"{number}.{blake2b(hashed, digest_size=8).hexdigest()}"


def is_current(value: str) -> bool:
    """Tell whether the client holds the answer with this tag; a proxy's `-gzip` does no harm."""
    held = request.headers.get("If-None-Match", "")
    if held.strip() == "*":
        return True
    given = (each.strip().removeprefix("W/").strip('"') for each in held.split(","))
    return value in {each.removesuffix("-gzip") for each in given}


def cached(response: Response, value: str) -> Response:
    """Mark an answer with its tag and with how long caches may keep it."""
    response.headers["ETag"] = f'"{value}"'
    private = "Authorization" in request.headers
    response.headers["Cache-Control"] = PRIVATE if private else CACHE_CONTROL
    response.headers["Vary"] = VARY
    return response


def not_modified(value: str) -> Response:
    """Return the 304 for a tag."""
    return cached(Response(status=304), value)

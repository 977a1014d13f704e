"""Contents of files over HTTP: ranges, digests, names, and what browsers may do with them."""

import base64
import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from ..errors import StoreUnavailable
from ..services.contents import Contents, parts_of
from ..services.held import Held
from ..services.media import PDF, extension
from ..services.uploads import Target
from . import conditional

IMMUTABLE = "public, max-age=31536000, immutable, no-transform"
REVALIDATED = "public, no-cache, no-transform"
PRIVATE = f"{conditional.PRIVATE}, no-transform"
"""Nobody may pack a content on its way: ranges and digests are those of its own bytes."""
INLINE = frozenset(
    {PDF, "text/plain"} | {f"image/{each}" for each in ("png", "jpeg", "gif", "webp", "avif")}
)
"""What browsers show safely; the rest is for saving."""
LONGEST_NAME = 120
_KEY = "pilotcities-contents"


def use_contents(app: Flask, contents: Contents) -> None:
    """Give an app its place of contents."""
    app.extensions[_KEY] = contents


def contents() -> Contents:
    """Return the place of contents of the current app."""
    found: Contents = current_app.extensions[_KEY]
    return found


def served(target: Target, content: Held, location: str, *, for_good: bool) -> Response:
    """Return the answer to a GET of a content: whole, one range of it, or that it is current.

    `for_good`: the address names the content, and nothing of the answer ever changes: neither
    title nor media type of the record come into it.
    """
    tag = content.sha256
    headers = _headers(target, content, for_good) | {
        "ETag": f'"{tag}"',
        "Content-Location": location,
    }
    headers["Cache-Control"] = IMMUTABLE if for_good else REVALIDATED
    if "Authorization" in request.headers:
        headers["Cache-Control"] = PRIVATE
    if conditional.is_current(tag):
        kept = ("ETag", "Cache-Control", "Content-Location")
        return Response(status=304, headers={name: headers[name] for name in kept})
    asked = _range(content)
    start, stop = asked or (0, content.size)
    headers["Content-Length"] = str(stop - start)
    body = () if request.method == "HEAD" else _body(content, start, stop - start)
    response = Response(body, headers=headers, direct_passthrough=True)
    if asked:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{content.size}"
    return response


def _range(content: Held) -> tuple[int, int] | None:
    """Return the one range of bytes that is asked for; several at once are not looked at, which
    RFC 9110 section 14.2 allows.
    """
    asked = request.range if request.method == "GET" else None
    held = request.headers.get("If-Range")
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    if held is not None and held.strip() != f'"{content.sha256}"':
        return None
    first, past = asked.ranges[0]
    start = first if first >= 0 else max(0, content.size + first)
    stop = min(past or content.size, content.size)
    if start >= stop:
        detail = f"The content has {content.size} bytes."
        raise RequestedRangeNotSatisfiable(content.size, description=detail)
    return start, stop


def _body(content: Held, start: int, length: int) -> Iterable[bytes]:
    """Return the bytes: a file that the server sends by itself, or parts as they come."""
    place = contents()
    path = place.path(content.sha256)
    try:
        if path is None:
            return place.chunks(content.sha256, start, length)
        file = path.open("rb")
    except FileNotFoundError as error:
        raise StoreUnavailable("The content is missing; `pilotcities files check`.") from error
    wrapper: Any = request.environ.get("wsgi.file_wrapper")
    if wrapper is None:
        return parts_of(file, start, length)
    file.seek(start)
    sent: Iterable[bytes] = wrapper(file)
    return sent


def _headers(target: Target, content: Held, for_good: bool) -> dict[str, str]:
    media_type = (None if for_good else target.file["media_type"]) or content.media_type
    name = f"{target.document_id}-{target.file['id']}" if for_good else None
    digest = base64.b64encode(bytes.fromhex(content.sha256)).decode()
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    headers = {
        "Content-Type": media_type + charset,
        "Content-Disposition": _disposition(target, media_type, name),
        "Repr-Digest": f"sha-256=:{digest}:",
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }
    if media_type != PDF:  # browsers show no PDF in a sandbox, and run no script in one anyway
        headers["Content-Security-Policy"] = "sandbox"
    return headers


def _disposition(target: Target, media_type: str, given: str | None) -> str:
    """Return Content-Disposition (RFC 6266) with the name that is given, or one that people know
    the document by.
    """
    how = "inline" if media_type in INLINE else "attachment"
    if given is not None:
        return f'{how}; filename="{given}{extension(media_type)}"'
    lang, record = target.file["lang"], target.record
    title = record["translations"].get(lang, {}).get("title") or record["title"]
    plain = " ".join(re.sub(r'[\x00-\x1f\x7f"*/:<>?\\|%;]', " ", title).split())
    ending = (f" ({lang})" if lang else "") + extension(media_type)
    name = plain[:LONGEST_NAME].strip(" .") + ending
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    if not re.search("[a-z]", ascii_name.removesuffix(ending), re.IGNORECASE):
        ascii_name = target.document_id + ending
    return f"{how}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"

"""Answers that are not kept, packed on their way out where that helps."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .codings import IDENTITY, LEAST, coding_for, packed_parts, packs_well
from .kept import Headers, coding_held, tag_in


def send_packed(
    environ: dict[str, Any],
    start: Callable[..., Any],
    status: str,
    headers: Headers,
    parts: Iterable[bytes],
) -> Iterable[bytes]:
    """Start the answer, and return its parts. A 304 has the tag of what the client holds."""
    fields = {name.lower(): value for name, value in headers}
    coding = coding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
    tag = fields.get("etag", "").strip('"')
    if status.startswith("304"):
        held = environ.get("HTTP_IF_NONE_MATCH", "")
        start(status, _tagged(headers, tag, coding_held(tag, held)))
        return parts
    if coding == IDENTITY or status.startswith("204") or not _gains(fields):
        start(status, headers)
        return parts
    packed = [each for each in headers if each[0].lower() != "content-length"]
    start(status, [*_tagged(packed, tag, coding), ("Content-Encoding", coding)])
    if environ["REQUEST_METHOD"] == "HEAD":
        close(parts)
        return []
    return _Packed(parts, coding)


def _gains(fields: dict[str, str]) -> bool:
    if "content-encoding" in fields or "content-range" in fields:
        return False
    if "no-transform" in fields.get("cache-control", ""):  # RFC 9111 section 5.2.2.6
        return False
    length = fields.get("content-length")
    enough = length is None or int(length) >= LEAST
    return enough and packs_well(fields.get("content-type", ""))


def _tagged(headers: Headers, tag: str, coding: str) -> Headers:
    return [(n, tag_in(tag, coding)) if n.lower() == "etag" else (n, v) for n, v in headers]


class _Packed:
    """Packed parts that close what they come from (PEP 3333)."""

    def __init__(self, parts: Iterable[bytes], coding: str) -> None:
        self._parts = parts
        self._packed = packed_parts(parts, coding, 1)

    def __iter__(self) -> Iterator[bytes]:
        return self._packed

    def close(self) -> None:
        close(self._parts)


def close(parts: Iterable[bytes]) -> None:
    """Let an application's answer end (PEP 3333)."""
    if hasattr(parts, "close"):
        parts.close()

"""Content codings (RFC 9110 section 8.4): which one a client takes, and bodies in it."""

import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

import brotli
from werkzeug.http import parse_accept_header

IDENTITY, GZIP, BROTLI = "identity", "gzip", "br"
CODINGS = (BROTLI, GZIP)
"""What we pack in, the better first."""
LEAST = 512
"""Bytes below which packing gains nothing."""
_TEXTS = ("text/", "application/yaml", "image/svg")


@lru_cache(maxsize=1024)
def coding_for(accepted: str) -> str:
    """Return the coding for an Accept-Encoding header, `identity` when none of ours is taken."""
    qualities = dict(parse_accept_header(accepted))
    rest = qualities.get("*", 0)
    found = [(qualities.get(each, rest), -place, each) for place, each in enumerate(CODINGS)]
    quality, _, coding = max(found)
    return coding if quality > 0 else IDENTITY


@lru_cache(maxsize=256)
def packs_well(content_type: str) -> bool:
    """Tell whether a media type is text, which packing makes smaller."""
    media_type = content_type.partition(";")[0].strip()
    return media_type.startswith(_TEXTS) or media_type.endswith(("json", "xml", "javascript"))


def packed(body: bytes, coding: str, *, often: bool) -> bytes:
    """Return a body in a coding; `often`: it will be sent again, so that time is well spent."""
    if coding == BROTLI:
        found: bytes = brotli.compress(body, quality=5 if often else 1)
        return found
    return b"".join(packed_parts([body], coding, 6 if often else 1))


def packed_parts(parts: Iterable[bytes], coding: str, level: int = 6) -> Iterator[bytes]:
    """Yield the parts of a stream packed, each as soon as it fills a block (gzip: RFC 1952)."""
    if coding == BROTLI:
        packer = brotli.Compressor(quality=1)
        add, end = packer.process, packer.finish
    else:
        deflate = zlib.compressobj(level, zlib.DEFLATED, 31)
        add, end = deflate.compress, deflate.flush
    for part in parts:
        if found := add(part):
            yield found
    yield end()

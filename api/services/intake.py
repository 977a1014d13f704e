"""Contents on their way in: written to a file bit by bit, and looked at as they pass."""

import codecs
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Protocol

from ..errors import BodyTooLarge, DigestMismatch, MalformedBody, MediaMismatch, StoreUnavailable
from .media import HEAD, TAIL, UNSAID, Seen, fits, kind

CHUNK = 1 << 16


class Readable(Protocol):
    """What a body is read from."""

    def read(self, size: int) -> bytes:
        """Return up to so many bytes; none at the end."""


@dataclass(frozen=True)
class Arrived:
    """A content that has arrived whole: where it lies, its digest, its size, what was seen."""

    path: Path
    sha256: str
    size: int
    seen: Seen


@contextmanager
def arriving(
    source: Readable, folder: Path, limit: int, expected: Mapping[str, bytes]
) -> Iterator[Arrived]:
    """Write a body of at most `limit` bytes to a file in `folder`, in bounded memory.

    The file is gone afterwards, unless it was moved. `expected` holds algorithm → digest as RFC
    9530 names them; an algorithm that is not known is passed over, as that RFC has it. Raises
    BodyTooLarge, DigestMismatch, MalformedBody for nothing at all, StoreUnavailable for a disk
    that takes no more.
    """
    path = None
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=folder, prefix="arriving-", delete=False) as file:
                path = Path(file.name)
                arrived = _received(source, file, path, limit, expected)
        except OSError as error:
            detail = "The content cannot be written; nothing was kept."
            raise StoreUnavailable(detail) from error
        yield arrived
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


def _received(
    source: Readable, file: IO[bytes], path: Path, limit: int, expected: Mapping[str, bytes]
) -> Arrived:
    hashes: dict[str, Any] = {"sha-256": hashlib.sha256()}
    if "sha-512" in expected:
        hashes["sha-512"] = hashlib.sha512()
    size, text = 0, _Text()
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        file.write(chunk)
        text.take(chunk)
        for each in hashes.values():
            each.update(chunk)
    if not size:
        raise MalformedBody("The body is empty; a content has at least one byte.")
    file.flush()
    for name, digest in expected.items():
        if name in hashes and hashes[name].digest() != digest:
            raise DigestMismatch(f"The {name} digest of the body is another; nothing was kept.")
    return Arrived(path, hashes["sha-256"].hexdigest(), size, _seen(path, size, text.ends()))


def too_large(limit: int) -> BodyTooLarge:
    """Return the error for a content that is larger than what is taken."""
    return BodyTooLarge(f"A content has at most {limit:,} bytes.", extra={"limit": limit})


def _seen(path: Path, size: int, is_text: bool) -> Seen:
    with path.open("rb") as written:
        head = written.read(HEAD)
        written.seek(max(0, size - TAIL), os.SEEK_SET)
        return Seen(head, written.read(TAIL), is_text)


class _Text:
    """Whether what passes is UTF-8 text without NUL."""

    def __init__(self) -> None:
        self.is_text = True
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def take(self, chunk: bytes, final: bool = False) -> None:
        """Look at more."""
        if self.is_text:
            try:
                self.is_text = "\0" not in self.decoder.decode(chunk, final)
            except UnicodeDecodeError:
                self.is_text = False

    def ends(self) -> bool:
        """Tell, at the end."""
        self.take(b"", final=True)
        return self.is_text


def media_type_of(declared: str, known: str | None, seen: Seen) -> str:
    """Return the media type of a content; MediaMismatch when it is not of the declared one.

    When none is declared (`application/octet-stream`): the `known` one of its file, if the bytes
    can be of it, else the one that they show.
    """
    shown = kind(seen)
    if declared == UNSAID:
        if known is not None and fits(known, seen):
            return known
        if shown is not None:
            return shown
    elif fits(declared, seen):
        return declared
    found = shown or "of no kind that is known here"
    raise MediaMismatch(
        f"The body is said to be {declared}, and seems to be {found}.",
        extra={"declared": declared, "found": shown},
    )

"""Where contents are kept, each once, under the SHA-256 digest of its bytes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Protocol
from urllib.parse import urlsplit

from ..errors import StoreUnavailable

CHUNK = 1 << 18


class Contents(Protocol):
    """A place for contents. What is not there is a FileNotFoundError, what cannot be reached a
    StoreUnavailable.
    """

    incoming: Path
    """The folder that a content is written to before it is kept."""

    def keep(self, path: Path, digest: str) -> None:
        """Keep what a file in `incoming` holds; all of it is there afterwards, or nothing."""

    def path(self, digest: str) -> Path | None:
        """Return the file that is the content, None where contents do not lie on this machine."""

    def chunks(self, digest: str, start: int, length: int) -> Iterator[bytes]:
        """Return the bytes of a part of a content; that it is not there is told at once."""

    def digests(self) -> Iterator[tuple[str, datetime]]:
        """Yield each digest, and when its content was kept last."""

    def remove(self, digest: str) -> None:
        """Remove a content."""


class Folder:
    """Contents as files `ab/cdef…` of a folder, on the same file system as `incoming`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.incoming = folder / "incoming"

    def keep(self, path: Path, digest: str) -> None:
        """Force the bytes to disk, and then let them appear under their digest at once."""
        target = self.path(digest)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _sync(path)
            path.replace(target)
            os.utime(target)
            _sync(target.parent)
            _sync(self.folder)
        except OSError as error:
            raise StoreUnavailable("The content cannot be kept; nothing changed.") from error

    def path(self, digest: str) -> Path:
        """Return the file that is the content."""
        return self.folder / digest[:2] / digest[2:]

    def chunks(self, digest: str, start: int, length: int) -> Iterator[bytes]:
        """Return the bytes of a part of a content."""
        return parts_of(self.path(digest).open("rb"), start, length)

    def digests(self) -> Iterator[tuple[str, datetime]]:
        """Yield each digest, and when its content was kept last."""
        for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")):
            yield path.parent.name + path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def remove(self, digest: str) -> None:
        """Remove a content."""
        self.path(digest).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Force a file, or the names in a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def parts_of(file: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    """Yield a part of an open file, and close it."""
    with file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


@contextmanager
def local(contents: Contents, digest: str, size: int) -> Iterator[Path]:
    """Yield a file on this machine that holds a content, while the block runs."""
    path = contents.path(digest)
    if path is not None:
        yield path
        return
    contents.incoming.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=contents.incoming) as copy:
        for chunk in contents.chunks(digest, 0, size):
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def open_contents(url: str, data_dir: Path) -> Contents:
    """Return the place of contents: `s3://BUCKET/PREFIX`, or without `url` a folder of data_dir."""
    if not url:
        return Folder(data_dir / "files")
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc:
        raise StoreUnavailable(f"FILES_URL={url!r} must be s3://BUCKET or s3://BUCKET/PREFIX.")
    try:
        made: Contents = import_module("api.services.contents_s3").Bucket(url, data_dir)
    except ModuleNotFoundError as error:
        raise StoreUnavailable(f"FILES_URL needs the extra s3: {error}.") from None
    return made

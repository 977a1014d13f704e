"""Contents in a bucket of any S3-compatible store; needs the extra `s3`.

Who may reach it is said in the environment, as everywhere: AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_REGION, and for stores of others AWS_ENDPOINT (and AWS_ALLOW_HTTP).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import StoreUnavailable

obstore: Any = import_module("obstore")
stores: Any = import_module("obstore.store")
exceptions: Any = import_module("obstore.exceptions")
CHUNK = 1 << 20
PARTS_AT_ONCE = 4
"""How many parts of 5 MB are sent at once, and so are held in memory."""

RETRIES = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}


class Bucket:
    """Contents as objects PREFIX/ab/cdef…; what arrives is first written to a local folder."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self.incoming = data_dir / "files" / "incoming"
        try:
            self.store = stores.S3Store.from_url(url, retry_config=RETRIES)
        except exceptions.BaseError as error:
            raise StoreUnavailable(f"FILES_URL={url!r} cannot be used: {error}") from error

    @staticmethod
    def _key(digest: str) -> str:
        return f"{digest[:2]}/{digest[2:]}"

    def keep(self, path: Path, digest: str) -> None:
        """Send a file; the object appears when all of it has arrived."""
        with _in_words(), path.open("rb") as file:
            obstore.put(self.store, self._key(digest), file, max_concurrency=PARTS_AT_ONCE)

    def path(self, digest: str) -> None:
        """Return None: contents lie elsewhere."""

    def chunks(self, digest: str, start: int, length: int) -> Iterator[bytes]:
        """Return the bytes of a part of a content."""
        asked = {"range": (start, start + length)}
        with _in_words():
            found = obstore.get(self.store, self._key(digest), options=asked)
        return self._parts(found)

    @staticmethod
    def _parts(found: Any) -> Iterator[bytes]:
        with _in_words():
            for part in found.stream(min_chunk_size=CHUNK):
                yield bytes(part)

    def digests(self) -> Iterator[tuple[str, datetime]]:
        """Yield each digest, and when its content was kept last."""
        with _in_words():
            for some in obstore.list(self.store):
                for each in some:
                    digest = each["path"].replace("/", "")
                    if len(digest) == 64:
                        yield digest, each["last_modified"]

    def remove(self, digest: str) -> None:
        """Remove a content."""
        with _in_words():
            obstore.delete(self.store, self._key(digest))


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (exceptions.NotFoundError, FileNotFoundError) as error:
        raise FileNotFoundError("The store of contents has no such content.") from error
    except exceptions.BaseError as error:
        raise StoreUnavailable("The store of contents does not answer.") from error

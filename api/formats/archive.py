"""A ZIP archive that is written while it is sent; the same entries give the same bytes."""

import zipfile
from collections.abc import Iterable, Iterator
from io import RawIOBase
from typing import Any

Entry = tuple[str, Iterable[bytes]]
BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The time of each entry: what was packed when would make equal archives differ."""
PACKED = (".pdf", ".zip", ".docx", ".pptx", ".xlsx", ".png", ".jpg", ".jpeg")
"""What is packed already, and is stored as it is."""


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield an archive of names and contents; ZIP64 where sizes ask for it."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, parts in entries:
            about = zipfile.ZipInfo(name, BEGINNING)
            stored = name.lower().endswith(PACKED)
            about.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            with archive.open(about, "w", force_zip64=True) as entry:
                for part in parts:
                    entry.write(part)
                    yield sink.taken()
    yield sink.taken()


class _Sink(RawIOBase):
    """Holds what was written until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        found = b"".join(self._parts)
        self._parts.clear()
        return found

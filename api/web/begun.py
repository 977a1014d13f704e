"""An answer that the application has begun, and may not have ended."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .environs import Environ
from .packing import close


@dataclass(frozen=True)
class Begun:
    """An answer that the application has begun: its first part, and the others if there are any."""

    status: int
    headers: list[tuple[bytes, bytes]]
    first: bytes
    rest: Iterator[bytes] | None
    parts: Iterable[bytes]

    @property
    def is_framed(self) -> bool:
        """Whether its end is told: by its length, or because it has no content."""
        lengths = (name.lower() == b"content-length" for name, _ in self.headers)
        return self.status in (204, 304) or any(lengths)

    def whole(self) -> bytes:
        """Return all its parts at once, and let the application end."""
        try:
            return b"".join((self.first, *(self.rest or ())))
        finally:
            if self.rest is not None:
                close(self.parts)


def begin(app: Callable[..., Iterable[bytes]], environ: Environ) -> Begun:
    """Ask the application; a part that is all there is ends it at once."""
    head: list[Any] = []
    parts = app(environ, lambda *told: head.extend(told[:2]))
    rest = None
    if isinstance(parts, list | tuple):
        first = b"".join(parts)
    else:
        rest = iter(parts)
        first = next(rest, b"")
        if len(first) == _length(head[1]):
            rest = None
            close(parts)
    status, headers = head
    return Begun(int(status[:3]), encoded(headers), first, rest, parts)


def _length(headers: list[tuple[str, str]]) -> int:
    return next((int(value) for name, value in headers if name.lower() == "content-length"), -1)


def encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Return headers as bytes."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]

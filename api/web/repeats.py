"""Requests that come again in the very same bytes, as those of a page view do: not parsed again."""

from dataclasses import dataclass
from typing import Any

from .environs import Environ

LONGEST = 1_000
"""Bytes of the longest request that is remembered."""
MOST = 2_000
"""So many are remembered; the one that was met first goes first."""
_NEEDED = ("REQUEST_METHOD", "PATH_INFO", "HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_ENCODING")


@dataclass(frozen=True)
class Repeat:
    """What a request's bytes ask for: the key of its answer in the cache, and what the choice
    among its variants depends on.
    """

    key: Any
    environ: Environ


class Repeats:
    """The requests of one process that the cache has answered, by their bytes.

    What bytes mean does not change, so nothing here grows old; whether the answer is still good,
    the cache tells each time.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, Repeat] = {}
        self.get = self._known.get

    def remember(self, request: bytes, key: Any, environ: Environ) -> None:
        """Keep what a whole request means, unless it has a name of its own and so never returns."""
        if len(request) <= LONGEST and "HTTP_X_REQUEST_ID" not in environ:
            if len(self._known) >= MOST and request not in self._known:
                del self._known[next(iter(self._known))]
            needed = {name: environ[name] for name in _NEEDED if name in environ}
            self._known[request] = Repeat(key, needed)

"""JSON that is written part by part."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson


def listed(before: bytes, batches: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """Yield an object whose last member is a list: `before` ends with the list's bracket."""
    yield before
    between = b""
    for batch in batches:
        for each in batch:
            yield between + orjson.dumps(each)
            between = b",\n"
    yield b"]}\n"

"""Long lists in parts."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 500
"""How many ids one statement asks for."""


def batched(values: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    """Yield the values in order, `size` at a time."""
    for start in range(0, len(values), size):
        yield values[start : start + size]

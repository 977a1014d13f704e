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


def padded(values: Sequence[T]) -> Sequence[T]:
    """Return the values and the last one again, until they are as many as a statement is made for:
    the next power of two, so that few statements serve questions of any size.
    """
    size = 1 << (len(values) - 1).bit_length() if values else 0
    return [*values, *(values[-1] for _ in range(size - len(values)))]

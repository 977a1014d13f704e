"""Places for a store, on both databases."""

from tests.faults.conftest import place

__all__ = ["place"]

"""Through which door a write comes, when, and what the door is bound to."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ..errors import Forbidden
from .collection import Collection
from .records import CITIES


@dataclass(frozen=True)
class Door:
    """The way that a write comes (`seed`, `http`), by whom, and for which cities alone."""

    name: str
    actor: str | None = None
    cities: frozenset[str] | None = None


def now() -> datetime:
    """Return the present moment in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def spelled(at: datetime) -> str:
    """Return a moment in UTC as snapshots spell it: `2026-11-22T08:00:00Z`."""
    return _spelled(at.astimezone(UTC))


@lru_cache(64)
def _spelled(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def refuse_foreign(door: Door, collection: Collection, *records: dict[str, Any] | None) -> None:
    """Raise Forbidden when a city-bound door would touch a record that is not all its own.

    `records` are the record before and after the write, None where there is none.
    """
    if door.cities is None:
        return
    for record in records:
        if record is None:
            continue
        own = [record["id"]] if collection is CITIES else record.get("cities", [])
        if not own or not door.cities.issuperset(own):
            foreign = ", ".join(sorted(set(own) - door.cities)) or "no city at all"
            raise Forbidden(
                f"This token writes for {', '.join(sorted(door.cities))} alone; "
                f"{collection.singular} {record['id']} belongs to {foreign}."
            )

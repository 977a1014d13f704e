"""Snapshots as the journal holds them: JSON that is read only when it is looked into."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, overload

import orjson

from ..schemas.facts import facts_of
from .collection import Collection

Snapshot = dict[str, Any]
_END, _NEW_END = '"translations":{}}', '"fallbacks":{}}'


class Snapshots(Sequence[Snapshot]):
    """Some records' snapshots in an order. `ids` and `texts` cost nothing to ask for."""

    def __init__(self, rows: Iterable[tuple[str, str]] = ()) -> None:
        """Take pairs of id and JSON text."""
        pairs = list(rows)
        self.ids = [each[0] for each in pairs]
        self.texts = [each[1] for each in pairs]
        self._read: dict[int, Snapshot] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.texts)

    @overload
    def __getitem__(self, place: int) -> Snapshot: ...
    @overload
    def __getitem__(self, place: slice) -> list[Snapshot]: ...
    def __getitem__(self, place: int | slice) -> Snapshot | list[Snapshot]:
        """Read one, or some."""
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        found = self._read.get(place)
        if found is None:
            found = self._read[place] = orjson.loads(self.texts[place])
        return found


def as_shown(collection: Collection, snapshots: Snapshots, base: str) -> list[str | None]:
    """Return the JSON of records with all their fields in their own language, cut from snapshots.

    It says what `projection.project` says with `lang` and `fields` left out, without reading any
    of it. None where that takes more: translations may stand in for texts of its own, and fields
    that came later than the first release may be missing.
    """
    if not _is_of_first_release(collection):
        return [None] * len(snapshots)
    begun, found = f'","url":"{base}/{collection.name}/', list[str | None]()
    for record_id, text in zip(snapshots.ids, snapshots.texts, strict=True):
        head = f'{{"id":"{record_id}'
        if text.endswith(_END) and text.startswith(head):
            found.append(head + begun + record_id + text[len(head) : -len(_END)] + _NEW_END)
        else:
            found.append(None)
    return found


@cache
def _is_of_first_release(collection: Collection) -> bool:
    parts = (field.inner.schema for field in _inner(collection) if hasattr(field.inner, "schema"))
    fields = [*collection.fields.values(), *(f for part in parts for f in part.fields.values())]
    return not any(facts_of(field).since for field in fields)


def _inner(collection: Collection) -> Iterable[Any]:
    return (each for each in collection.fields.values() if hasattr(each, "inner"))

"""Snapshots as the journal holds them: JSON that is read only when it is looked into."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, overload

import orjson

from ..schemas.facts import facts_of
from .collection import Collection

Snapshot = dict[str, Any]
_TRANSLATIONS = b',"translations":'
"""Begins the last member of a snapshot, and nothing else: in a text its quotes are escaped."""
_NONE = _TRANSLATIONS + b"{}}"


class Snapshots(Sequence[Snapshot]):
    """Some records' snapshots in an order. `ids` and `texts` cost nothing to ask for."""

    def __init__(self, rows: Iterable[tuple[str, str | bytes]] = ()) -> None:
        """Take pairs of id and JSON text."""
        pairs = list(rows)
        self.ids = [each[0] for each in pairs]
        self.texts = [each[1] if isinstance(each[1], bytes) else each[1].encode() for each in pairs]
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


def as_shown(collection: Collection, snapshots: Snapshots, base: str) -> list[bytes | None]:
    """Return the JSON of records with all their fields in their own language, cut from snapshots.

    It says what `projection.project` says with `lang` and `fields` left out, without reading any
    of it but the translations. None where that takes more: a translation may stand in for a text
    that the record lacks, and fields that came later than the first release may be missing.
    """
    if not _is_of_first_release(collection):
        return [None] * len(snapshots)
    found, address = list[bytes | None](), f"{base}/{collection.name}/".encode()
    for record_id, text in zip(snapshots.ids, snapshots.texts, strict=True):
        own = record_id.encode()
        begins, at = len(own) + 7, text.rfind(_TRANSLATIONS)
        if text[7:begins] == own and (text.endswith(_NONE) or _has_all_texts(text, at)):
            found.append(_SHOWN % (own, address, own, text[begins:at]))
        else:
            found.append(None)
    return found


_SHOWN = b'{"id":"%b","url":"%b%b%b,"fallbacks":{}}'


def _has_all_texts(text: bytes, at: int) -> bool:
    """Tell whether a record surely has each text of its own that is translated."""
    translations = orjson.loads(text[at + len(_TRANSLATIONS) : -1])
    names = set[str]().union(*translations.values())
    return not any(
        text.find(b'"%b":%b' % (name.encode(), empty), 0, at) >= 0
        for name in names
        for empty in _EMPTY
    )


_EMPTY = (b"null", b'""', b"[]")


@cache
def _is_of_first_release(collection: Collection) -> bool:
    parts = (field.inner.schema for field in _inner(collection) if hasattr(field.inner, "schema"))
    fields = [*collection.fields.values(), *(f for part in parts for f in part.fields.values())]
    return not any(facts_of(field).since for field in fields)


def _inner(collection: Collection) -> Iterable[Any]:
    return (each for each in collection.fields.values() if hasattr(each, "inner"))

"""What is kept of a stream's records while it is read, and what they come to at its end."""

from collections.abc import Container
from graphlib import CycleError, TopologicalSorter
from hashlib import blake2b

from sqlalchemy import Connection, select

from ..errors import Fault
from .batches import batched
from .items import Item
from .records import WORKSHOPS
from .references import existing

BUCKET, REST = 2, 6
"""Bytes of a hash that choose its bucket, and bytes that stand in it."""


class Met(Container[tuple[str, str]]):
    """What a stream has brought so far: some ten bytes a record, of 64 bits of a hash."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._buckets: dict[bytes, bytearray] = {}
        self.part_of: dict[str, tuple[str, str]] = {}
        """Workshop → what it lies in, if in anything, and where the stream says so."""

    def __contains__(self, key: object) -> bool:
        """Tell whether the record of a collection and id has come."""
        hashed = _hashed(key)
        return _stands_in(self._buckets.get(hashed[:BUCKET], b""), hashed[BUCKET:])

    def take(self, item: Item, place: str) -> bool:
        """Note a record; False when it has come before."""
        hashed = _hashed(item.key)
        bucket = self._buckets.setdefault(hashed[:BUCKET], bytearray())
        if _stands_in(bucket, hashed[BUCKET:]):
            return False
        bucket += hashed[BUCKET:]
        if item.collection is WORKSHOPS and item.record["part_of"] is not None:
            self.part_of[item.record["id"]] = (item.record["part_of"], place)
        return True


def _hashed(key: object) -> bytes:
    return blake2b(repr(key).encode(), digest_size=BUCKET + REST).digest()


def _stands_in(bucket: bytes | bytearray, rest: bytes) -> bool:
    at = bucket.find(rest)
    while at % REST and at > 0:  # across two that stand there
        at = bucket.find(rest, at + 1)
    return at >= 0


def faults_of_parts(connection: Connection, met: Met) -> list[Fault]:
    """Return faults of workshops that lie in one that did not come, or in themselves."""
    table = WORKSHOPS.table
    parts = {id_: whole for id_, (whole, _) in met.part_of.items()}
    unsure = sorted({whole for whole in parts.values() if (WORKSHOPS.name, whole) not in met})
    there = {each for some in batched(unsure) for each in existing(connection, WORKSHOPS, some)}
    found = [
        Fault(f"there is no workshop {parts[id_]}", pointer="/data/part_of", place=place)
        for id_, (whole, place) in met.part_of.items()
        if whole in unsure and whole not in there
    ]
    stated = select(table.c.id, table.c.part_of).where(table.c.part_of.is_not(None))
    rows = connection.execute(stated)
    kept = {row.id: row.part_of for row in rows if (WORKSHOPS.name, row.id) not in met}
    try:
        TopologicalSorter({id_: [whole] for id_, whole in (kept | parts).items()}).prepare()
    except CycleError as error:
        place = next((met.part_of[each][1] for each in error.args[1] if each in met.part_of), None)
        around = " in ".join(error.args[1])
        found.append(Fault(f"leads around: {around}", pointer="/data/part_of", place=place))
    return found

"""How far the journal has come: the sequence numbers that tags and caches are made of."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ..models import Change, Store
from .records import COLLECTIONS


@dataclass(frozen=True)
class Mark:
    """The store's epoch, and the latest sequence number among some collections."""

    epoch: str
    seq: int


def mark(connection: Connection, names: Iterable[str]) -> Mark:
    """Return the mark of these collections, in one statement that reads the ends of an index."""
    latest = [
        select(func.max(Change.seq)).where(Change.collection == name).scalar_subquery()
        for name in sorted(set(names))
    ]
    row = connection.execute(select(Store.epoch, *latest).where(Store.id == 1)).one()
    return Mark(row[0], max((seq or 0 for seq in row[1:]), default=0))


def counts(connection: Connection) -> dict[str, int]:
    """Return how many records each collection has, in one statement."""
    each = [
        select(func.count()).select_from(c.table).scalar_subquery().label(c.name)
        for c in COLLECTIONS
    ]
    return dict(connection.execute(select(*each)).one()._mapping)

"""How far the journal has come, and in which history: what tags and caches are made of.

A backup that was put back counts on with numbers that were given before. So what tells one state
from another is the entry at its end: number, record, version and moment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Select, Text, cast, func, select

from ..models import Change, Store
from .prepared import Prepared
from .records import COLLECTIONS


@dataclass(frozen=True)
class Mark:
    """The store's epoch, the latest sequence number among some collections, and their `history`:
    what is another whenever an answer can be.
    """

    epoch: str
    seq: int
    history: str


def ends(names: Iterable[str]) -> Select[Any]:
    """Return a select of the epoch, of how often the search index was made, and of each
    collection's latest entry as a text that begins with its number.
    """
    seq, version, at = (cast(each, Text) for each in (Change.seq, Change.version, Change.at))
    entry = seq + " " + Change.record_id + " " + version + " " + at
    latest = [
        select(entry)
        .where(Change.collection == name)
        .order_by(Change.seq.desc())
        .limit(1)
        .scalar_subquery()
        for name in names
    ]
    return select(Store.epoch, Store.generation, *latest).where(Store.id == 1)


def mark(connection: Connection, names: Iterable[str]) -> Mark:
    """Return the mark of these collections, in one statement that reads the ends of an index."""
    row: Any = _marking(frozenset(names)).row(connection)
    latest = max((int(entry.partition(" ")[0]) for entry in row[2:] if entry), default=0)
    return Mark(row[0], latest, repr(row))


def print_of(record: Mapping[str, Any]) -> str:
    """Return what tells a version of a record from one of the same number in another history:
    eight hexadecimal digits over a snapshot's number and moments.
    """
    told = f"{record['version']} {record['created_at']} {record['updated_at']}"
    return blake2b(told.encode(), digest_size=4).hexdigest()


@cache
def _marking(names: frozenset[str]) -> Prepared:
    return Prepared(ends(sorted(names)))


def moments(connection: Connection) -> dict[str, datetime]:
    """Return when each collection was last written to, of those that ever were."""
    ends = [
        select(func.max(Change.seq)).where(Change.collection == each.name).scalar_subquery()
        for each in COLLECTIONS
    ]
    stated = select(Change.collection, Change.at).where(Change.seq.in_(ends))
    return {row.collection: row.at for row in connection.execute(stated)}


def counts(connection: Connection) -> dict[str, int]:
    """Return how many records each collection has, in one statement."""
    each = [
        select(func.count()).select_from(c.table).scalar_subquery().label(c.name)
        for c in COLLECTIONS
    ]
    return dict(connection.execute(select(*each)).one()._mapping)

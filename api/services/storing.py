"""The tables that a write changes, many records at a time: journal, rows, lists, search index.

Used by the catalog alone, on its connection; what comes here has been checked.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, bindparam, delete, update

from ..models import Change, Store
from . import page_texts, search, tallies
from .collection import Collection
from .derived import Derived
from .doors import Door, spelled
from .inserting import delete_rows, insert_rows, moment_text
from .prepared import Prepared, run_for_each
from .records import COLLECTIONS
from .rows import own_columns

CHANGE: Any = Change.__table__
STORE: Any = Store.__table__
Fields = dict[str, Any]


class Version(NamedTuple):
    """A new version of a record: its content, the one before (None at first), its number."""

    collection: Collection
    record: Fields
    old: Fields | None
    number: int
    created_at: datetime
    at: datetime
    derived: Derived

    @property
    def id(self) -> str:
        """The record's id."""
        id_: str = self.record["id"]
        return id_

    @property
    def snapshot(self) -> str:
        """The whole record as the journal holds it."""
        body, after_id = self.derived.body.decode(), len(f'{{"id":"{self.id}"')
        times = f'"created_at":"{spelled(self.created_at)}","updated_at":"{spelled(self.at)}"'
        return f'{body[:after_id]},"version":{self.number},{times}{body[after_id:]}'


def store(
    connection: Connection, versions: Sequence[Version], door: Door, counts: tallies.Counts
) -> None:
    """Write versions of records, no record twice, in their order in the journal; but for what they
    change of the counts, which is noted.
    """
    numbers = journal(
        connection,
        door,
        [
            (v.collection.name, v.id, v.number, "upsert", moment_text(v.at), v.snapshot, None, None)
            for v in versions
        ],
    )
    numbered = list(zip(versions, numbers, strict=True))
    grouped: dict[Collection, list[tuple[Version, int]]] = {}
    for each, seq in numbered:
        grouped.setdefault(each.collection, []).append((each, seq))
    present = [collection for collection in COLLECTIONS if collection in grouped]
    for put in (_put_rows, _put_lists):
        for collection in present:  # none names records of a later one
            put(connection, collection, grouped[collection])
    for collection in present:
        ids = [each.id for each, _ in grouped[collection] if each.old is not None]
        search.remove(connection, collection, ids)
    rows = [(each.collection.name, each.id, seq) for each, seq in numbered]
    search.put(connection, rows, (each.derived.words for each in versions))
    for each in versions:
        if each.old is not None:
            page_texts.follow(connection, each.old, each.record)
    counts.note((each.collection, each.old, each.derived.counted) for each in versions)


Numbered = Sequence[tuple[Version, int]]
"""Versions with their numbers in the journal."""
Entry = tuple[str, str, int, str, str, str | None, str | None, str | None]
ENTRY = ("collection", "record_id", "version", "op", "at", "snapshot", "reason", "replaced_by")
"""What an entry of the journal says, and in which columns."""


def journal(connection: Connection, door: Door, entries: Sequence[Entry]) -> range:
    """Append entries; return their numbers."""
    [(last,)] = _COUNTED.rows(connection, more=len(entries))
    numbers = range(last - len(entries) + 1, last + 1)
    rows = [(seq, door.name, door.actor, *each) for seq, each in zip(numbers, entries, strict=True)]
    insert_rows(connection, CHANGE, ("seq", "door", "actor", *ENTRY), rows)
    return numbers


_COUNTED = Prepared(
    update(STORE).values(seq=STORE.c.seq + bindparam("more")).returning(STORE.c.seq)
)
SET_HERE = ("version", "created_at", "updated_at", "seq")


def _put_rows(connection: Connection, collection: Collection, numbered: Numbered) -> None:
    new, changed = list[tuple[Any, ...]](), list[tuple[Any, ...]]()
    for each, seq in numbered:
        times = (moment_text(each.created_at), moment_text(each.at))
        row = (*each.derived.row, each.number, *times, seq)
        if each.old is None:
            new.append(row)
        else:
            changed.append((*row, each.id))
    columns = (*own_columns(collection), *SET_HERE)
    insert_rows(connection, collection.table, columns, new)
    if changed:
        run_for_each(connection, _change_of(collection.table, columns), changed)


@cache
def _change_of(table: Table, columns: tuple[str, ...]) -> str:
    named = ", ".join(f"{name} = ?" for name in columns)
    return f"UPDATE {table.name} SET {named} WHERE id = ?"  # noqa: S608  our names


def _put_lists(connection: Connection, collection: Collection, numbered: Numbered) -> None:
    tables = list(collection.links.values())
    changed = [each.id for each, _ in numbered if each.old is not None]
    lists: list[list[tuple[Any, ...]]] = [[] for _ in tables]
    for each, seq in numbered:
        id_ = each.id
        for rows, values in zip(lists, each.derived.lists, strict=True):
            for position, value in enumerate(values):
                rows.append((id_, value, position, seq))
    for table, rows in zip(tables, lists, strict=True):
        if changed:
            delete_rows(connection, table.c.owner_id, changed)
        insert_rows(connection, table, LIST, rows)


LIST = ("owner_id", "value", "position", "seq")


def remove(connection: Connection, collection: Collection, old: Fields) -> None:
    """Take a record out of all tables but the journal."""
    record_id = old["id"]
    counts = tallies.Counts()
    counts.note([(collection, old, ())])
    counts.write(connection)
    page_texts.follow(connection, old, {"id": record_id})
    for table in collection.links.values():
        delete_rows(connection, table.c.owner_id, [record_id])
    connection.execute(delete(collection.table).where(collection.table.c.id == record_id))
    search.remove(connection, collection, [record_id])

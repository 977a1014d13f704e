"""The tables that a write changes, many records at a time: journal, rows, lists, search index.

Used by the catalog alone, on its connection; what comes here has been checked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Table, bindparam, delete, select, update

from ..models import Base, Change, Store
from . import page_texts, search, tallies
from .collection import Collection
from .doors import Door, spelled
from .inserting import delete_rows, insert_rows
from .records import COLLECTIONS
from .rows import list_rows, own_row
from .words import Words

CHANGE: Any = Change.__table__
STORE: Any = Store.__table__
Fields = dict[str, Any]


@dataclass(frozen=True)
class Version:
    """A new version of a record: its content, the one before (None at first), its number."""

    collection: Collection
    record: Fields
    old: Fields | None
    number: int
    created_at: datetime
    at: datetime

    @property
    def snapshot(self) -> str:
        """The whole record as the journal holds it."""
        times = {"created_at": spelled(self.created_at), "updated_at": spelled(self.at)}
        head = {"id": self.record["id"], "version": self.number, **times}
        return orjson.dumps({**head, **self.record}).decode()


def store(
    connection: Connection,
    versions: Sequence[Version],
    door: Door,
    words: Mapping[tuple[str, str], Words],
) -> None:
    """Write versions of records, no record twice, in their order in the journal.

    `words` holds the folded words of records, by (collection, id), where they are known.
    """
    numbers = journal(
        connection,
        door,
        [
            {
                "collection": each.collection.name,
                "record_id": each.record["id"],
                "version": each.number,
                "op": "upsert",
                "at": each.at,
                "snapshot": each.snapshot,
            }
            for each in versions
        ],
    )
    numbered = list(zip(versions, numbers, strict=True))
    for collection in COLLECTIONS:  # none names records of a later one
        own = [(each, seq) for each, seq in numbered if each.collection is collection]
        _put_rows(connection, collection.table, own)
    for collection in COLLECTIONS:
        own = [(each, seq) for each, seq in numbered if each.collection is collection]
        _put_lists(connection, collection, own)
    for collection in COLLECTIONS:
        ids = [v.record["id"] for v in versions if v.collection is collection and v.old is not None]
        search.remove(connection, collection, ids)
    rows = [(each.collection.name, each.record["id"], seq) for each, seq in numbered]
    found = [
        words.get(row[:2]) or search.entry(each.collection, each.record)
        for row, each in zip(rows, versions, strict=True)
    ]
    search.put(connection, rows, found)
    for each in versions:
        page_texts.follow(connection, each.old, each.record)
    tallies.count_changes(connection, ((v.collection, v.old, v.record) for v in versions))


def journal(connection: Connection, door: Door, entries: list[Fields]) -> range:
    """Append entries that have the same keys; return their numbers."""
    connection.execute(update(STORE).where(STORE.c.id == 1).values(seq=STORE.c.seq + len(entries)))
    last: int = connection.execute(select(STORE.c.seq)).scalar_one()
    numbers = range(last - len(entries) + 1, last + 1)
    by = {"door": door.name, "actor": door.actor}
    rows = [{"seq": seq, **by, **each} for seq, each in zip(numbers, entries, strict=True)]
    insert_rows(connection, CHANGE, rows)
    return numbers


def _put_rows(connection: Connection, table: Table, numbered: list[tuple[Version, int]]) -> None:
    new, changed = list[Fields](), list[Fields]()
    for each, seq in numbered:
        row = own_row(each.collection, each.record)
        row |= {"version": each.number, "created_at": each.created_at, "updated_at": each.at}
        (new if each.old is None else changed).append(row | {"seq": seq})
    if new:
        insert_rows(connection, table, new)
    if changed:
        here = table.c.id == bindparam("own_id")
        named: Any = {name: bindparam(name) for name in changed[0] if name != "id"}
        rows = [{**row, "own_id": row.pop("id")} for row in changed]
        connection.execute(update(table).where(here).values(named), rows)


def _put_lists(
    connection: Connection, collection: Collection, numbered: list[tuple[Version, int]]
) -> None:
    changed = [each.record["id"] for each, _ in numbered if each.old is not None]
    for table in collection.links.values() if changed else ():
        delete_rows(connection, table.c.owner_id, changed)
    rows: dict[str, list[Fields]] = {}
    for each, seq in numbered:
        for name, found in list_rows(collection, each.record, seq).items():
            rows.setdefault(name, []).extend(found)
    for name, found in rows.items():
        if found:
            insert_rows(connection, Base.metadata.tables[name], found)


def remove(connection: Connection, collection: Collection, old: Fields) -> None:
    """Take a record out of all tables but the journal."""
    record_id = old["id"]
    tallies.count_changes(connection, [(collection, old, None)])
    page_texts.follow(connection, old, {"id": record_id})
    for table in collection.links.values():
        delete_rows(connection, table.c.owner_id, [record_id])
    connection.execute(delete(collection.table).where(collection.table.c.id == record_id))
    search.remove(connection, collection, [record_id])

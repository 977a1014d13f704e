"""Whether tables, counts, snapshots and index agree; and the index and the counts made anew."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, func, select, text, update

from ..models import Base, Change, Store
from . import page_check, page_texts, search, tallies
from .collection import Collection
from .database import as_catalog
from .records import COLLECTIONS, DOCUMENTS
from .rows import list_rows, own_row
from .search_check import differing, surplus
from .stored import content

BATCH = 500


def check(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each disagreement; nothing when all is well."""
    yield from _sequence(connection)
    for collection in COLLECTIONS:
        yield from _journal(connection, collection)
        for snapshots in _batches(connection, collection):
            yield from _rows(connection, collection, snapshots)
        yield from _index(connection, collection)
    yield from tallies.disagreements(connection)
    yield from page_check.of_pages(connection)
    yield from surplus(connection)
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        yield from (f"{row[0]}: row {row[1]} points to a missing {row[2]}" for row in broken)


def _sequence(connection: Connection) -> Iterator[str]:
    seq = connection.execute(select(Store.seq)).scalar_one()
    count, last = connection.execute(select(func.count(), func.max(Change.seq))).one()
    if (count, last or 0) != (seq, seq):
        yield f"the journal has {count} entries up to {last}, the store counts {seq}"


def _journal(connection: Connection, collection: Collection) -> Iterator[str]:
    entries = select(
        Change.record_id, func.count(), func.max(Change.version), func.max(Change.seq)
    ).where(Change.collection == collection.name)
    latest: dict[str, int] = {}
    for record_id, count, version, seq in connection.execute(entries.group_by(Change.record_id)):
        latest[record_id] = seq
        if count != version:
            yield f"{collection.name}/{record_id}: {count} entries for {version} versions"
    alive = select(Change.seq).where(Change.collection == collection.name, Change.op == "upsert")
    upserts = set(connection.execute(alive).scalars())
    table = collection.table
    rows = {row.id: row.seq for row in connection.execute(select(table.c.id, table.c.seq))}
    for record_id, seq in latest.items():
        if seq in upserts and rows.get(record_id) != seq:
            yield f"{collection.name}/{record_id}: the table is not at entry {seq}"
    for record_id in rows.keys() - {r for r, seq in latest.items() if seq in upserts}:
        yield f"{collection.name}/{record_id}: is in the table, but not in the journal"


def _batches(
    connection: Connection, collection: Collection
) -> Iterator[dict[str, tuple[dict[str, Any], dict[str, Any]]]]:
    """Yield id → (row, snapshot), some hundred at a time."""
    table, after = collection.table, ""
    while True:
        stated = select(table, Change.snapshot).join(Change, Change.seq == table.c.seq)
        stated = stated.where(table.c.id > after).order_by(table.c.id).limit(BATCH)
        rows = connection.execute(stated).mappings().all()
        if not rows:
            return
        yield {row["id"]: (dict(row), _loaded(row["snapshot"])) for row in rows}
        after = rows[-1]["id"]


def _loaded(text_: str | None) -> dict[str, Any]:
    """Return a snapshot's data; one that cannot be read counts as an empty one."""
    try:
        found: dict[str, Any] = orjson.loads(text_ or "{}")
    except orjson.JSONDecodeError:
        return {}
    return found


def _rows(
    connection: Connection,
    collection: Collection,
    batch: dict[str, tuple[dict[str, Any], dict[str, Any]]],
) -> Iterator[str]:
    lists: dict[str, list[dict[str, Any]]] = {table.name: [] for table in collection.links.values()}
    for record_id, (row, snapshot) in batch.items():
        if not snapshot:
            yield f"{collection.name}/{record_id}: the snapshot cannot be read"
            continue
        record = content(snapshot, collection)
        wanted = own_row(collection, record) | {"version": snapshot["version"]}
        for name in ("created_at", "updated_at"):
            wanted[name] = datetime.fromisoformat(snapshot[name])
        # Fields that came later may be missing in the table's lists, as they are in the snapshot.
        stored = row | {n: each for n, each in collection.whole(row).items() if n in row}
        wrong = sorted(name for name, value in wanted.items() if stored[name] != value)
        if wrong:
            yield f"{collection.name}/{record_id}: table and snapshot differ in {', '.join(wrong)}"
        for name, rows in list_rows(collection, record, row["seq"]).items():
            lists[name] += rows
    for name, rows in lists.items():
        table = Base.metadata.tables[name]
        columns = (table.c.owner_id, table.c.value, table.c.position, table.c.seq)
        stated = select(*columns).where(table.c.owner_id.in_(batch))
        present = {tuple(each) for each in connection.execute(stated)}
        told = {(r["owner_id"], r["value"], r["position"], r["seq"]) for r in rows}
        for owner, value in sorted({each[:2] for each in present ^ told}):
            yield f"{collection.name}/{owner}: {name} and snapshot differ at {value}"


def _index(connection: Connection, collection: Collection) -> Iterator[str]:
    here = search.ENTRY.c.collection == collection.name
    count = connection.execute(select(func.count()).where(here)).scalar_one()
    seen = 0
    for batch in _batches(connection, collection):
        seen += len(batch)
        records = [
            (row["seq"], content(snapshot, collection))
            for row, snapshot in batch.values()
            if snapshot
        ]
        for record_id in differing(connection, collection, records):
            yield f"{collection.name}/{record_id}: the search index differs; run rebuild"
        if collection is DOCUMENTS:
            yield from page_check.of_documents(connection, [record for _, record in records])
    if count != seen:
        yield f"{collection.name}: the search index has {count} entries for {seen} records"


def rebuild(connection: Connection, progress: Callable[[int], None] | None = None) -> int:
    """Make the search index anew from the snapshots; return how many records it holds."""
    done = 0
    with as_catalog(connection):
        connection.execute(update(Store).values(generation=Store.generation + 1))
        search.clear(connection)
        page_texts.rebuild(connection)
        tallies.rebuild(connection)
        for collection in COLLECTIONS:
            for batch in _batches(connection, collection):
                rows = [(collection.name, id_, row["seq"]) for id_, (row, _) in batch.items()]
                contents = [content(snapshot, collection) for _, snapshot in batch.values()]
                search.put(connection, rows, [search.entry(collection, each) for each in contents])
                done += len(batch)
                if progress:
                    progress(done)
    return done

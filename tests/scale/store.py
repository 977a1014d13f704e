"""A large store, written in bulk as the catalog would have written it record by record.

Records are made in the form that a schema gives when it loads them; a test holds that a small
store of the same generator passes `checking.check`, and that the schemas leave its records alone.
Each column by which lists are narrowed has common values and one that few records have.
"""

import gc
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import JSON, Column, Connection, Date, Engine, Table, text, update

from api.models import Base, Change, Store
from api.models.base import Instant
from api.services import search, tallies, words
from api.services.collection import Collection
from api.services.database import as_catalog, migrating, writing
from api.services.doors import spelled
from api.services.records import BY_NAME
from api.services.rows import list_rows, own_row

Record = dict[str, Any]
BATCH = 2_000
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
SOURCE = {
    "url": None,
    "title": "A page",
    "retrieved_on": None,
    "locator": None,
    "confidence": "stated",
    "fields": None,
    "note": None,
}
FOLDED: dict[tuple[str, str, str | None], Record] = {}
COUNTRIES = ["UA", "AL", "KG", "ZW", "LB", "PE", "VN", "EC"]


@dataclass(frozen=True)
class Size:
    """How many records of each type a store gets, besides three projects."""

    cities: int = 1_000
    documents: int = 500
    findings: int = 1_000
    workshops: int = 20_000
    recommendations: int = 150_000
    actions: int = 500


LARGE = Size()
SMALL = Size(10, 10, 10, 10, 10, 10)


def build(engine: Engine, size: Size) -> None:
    """Fill an empty, migrated store."""
    items = records(size, random.Random(11))  # the same store each time
    gc.disable()  # nothing here is cyclic, and looking for it takes a fifth of the time
    try:
        _fill(engine, items)
    finally:
        gc.enable()


def _fill(engine: Engine, items: Iterator[tuple[Collection, Record]]) -> None:
    with writing(engine) as connection, as_catalog(connection):
        # The rows are right by construction; checking each reference only takes time.
        connection.execute(
            text("PRAGMA defer_foreign_keys=ON")
            if connection.dialect.name == "sqlite"
            else text("SET LOCAL session_replication_role = replica")
        )
        seq = 0
        while batch := list(islice(items, BATCH)):
            _write(connection, batch, seq)
            seq += len(batch)
        connection.execute(update(Store).values(seq=seq, seeded_at=BEGAN))
        tallies.rebuild(connection)


def analyse(engine: Engine) -> None:
    """Let PostgreSQL count the tables' rows, which autovacuum does by itself within a minute.

    SQLite does it only when told, and the product does not tell it.
    """
    if engine.dialect.name == "postgresql":
        with migrating(engine) as connection:
            connection.execute(text("ANALYZE"))


def _write(connection: Connection, batch: list[tuple[Collection, Record]], seq: int) -> None:
    rows: dict[str, list[Record]] = defaultdict(list)
    journal, entries = Change.__tablename__, search.ENTRY.name
    for number, (collection, record) in enumerate(batch, seq + 1):
        at = BEGAN + timedelta(seconds=number)
        times = {"created_at": spelled(at), "updated_at": spelled(at)}
        snapshot = orjson.dumps({"id": record["id"], "version": 1, **times, **record}).decode()
        rows[journal].append(_journal_row(collection, record, number, at, snapshot))
        own = own_row(collection, record)
        own |= {"version": 1, "created_at": at, "updated_at": at, "seq": number}
        rows[collection.table.name].append(own)
        for name, values in list_rows(collection, record, number).items():
            rows[name] += values
        rows[entries].append(_entry_row(connection, collection, record, number))
    for table in Base.metadata.sorted_tables:
        if found := rows.get(table.name):
            _insert(connection, table, found)
    if connection.dialect.name == "sqlite":
        fts = "INSERT INTO search_fts (rowid, names, prose)"
        fts += " SELECT id, names, prose FROM search_entry WHERE seq > :seq ORDER BY id"
        connection.execute(text(fts), {"seq": seq})


def _insert(connection: Connection, table: Table, rows: list[Record]) -> None:
    """Insert through the driver: what SQLAlchemy does to each value takes most of the time."""
    columns = [column for column in table.c if column.name in rows[0]]
    names = ", ".join(column.name for column in columns)
    spell = [(column.name, _spelling(column)) for column in columns]
    plain = [tuple(f(row[n]) if f else row[n] for n, f in spell) for row in rows]
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" for _ in columns)
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", plain)
        return
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in plain:
            copy.write_row(row)


def _spelling(column: Column[Any]) -> Callable[[Any], str | None] | None:
    """Return what spells a value as both databases take it; None where it is good as it is."""
    if isinstance(column.type, JSON):
        return lambda value: None if value is None else orjson.dumps(value).decode()
    if isinstance(column.type, Instant):
        return lambda value: None if value is None else f"{value:%Y-%m-%d %H:%M:%S}.000000"
    return date.isoformat if isinstance(column.type, Date) else None


def _journal_row(
    collection: Collection, record: Record, seq: int, at: datetime, snapshot: str
) -> Record:
    return {
        "seq": seq,
        "collection": collection.name,
        "record_id": record["id"],
        "version": 1,
        "op": "upsert",
        "at": at,
        "door": "test",
        "actor": None,
        "reason": None,
        "replaced_by": None,
        "snapshot": snapshot,
    }


def _entry_row(connection: Connection, collection: Collection, record: Record, seq: int) -> Record:
    number = search.entries_of(collection.name)[0] + seq
    row = {"id": number, "collection": collection.name, "record_id": record["id"], "seq": seq}
    # The only texts that these records have; folding each word anew would take most of the time.
    key = (collection.name, record[collection.label], record.get("symbol"))
    if key not in FOLDED:
        found = search.entry(collection, record)
        FOLDED[key] = {**found, "vector": words.vector(**found)}
    row |= FOLDED[key]
    del row["vector" if connection.dialect.name == "sqlite" else "id"]
    return row


def records(size: Size, dice: random.Random) -> Iterator[tuple[Collection, Record]]:
    """Yield all records, each naming only records before it."""
    words = [_word(dice) for _ in range(3_000)]
    sentences = [" ".join(dice.choices(words, k=16)).capitalize() for _ in range(3_000)]
    for number in range(3):
        yield _record("projects", number, title=f"Project {number}", starts_on=f"202{number}")
    makers = (
        (size.cities, _city, 1),
        (size.workshops, _workshop, 6),
        (size.documents, _document, 6),
        (size.findings, _finding, 12),
        (size.recommendations, _recommendation, 14),
        (size.actions, _action, 10),
    )
    for many, make, length in makers:
        for number in range(many):
            yield make(number, " ".join(dice.choice(sentences).split()[:length]), size, dice)


def _id(collection: str, number: int) -> str:
    return f"{BY_NAME[collection].singular}-{number:06}"


def _record(collection: str, number: int, **fields: Any) -> tuple[Collection, Record]:
    found = BY_NAME[collection]
    own = {"id": _id(collection, number), "lang": "en", "sources": [SOURCE]}
    return found, {**found.empty, **own, "external_ids": {"legacy": str(number)}, **fields}


def _skewed(dice: random.Random, common: str, other: str, rare: str) -> str:
    """Return one of three values; of the last there are few, whatever the store's size."""
    drawn = dice.random()
    return rare if drawn < 0.001 else other if drawn < 0.3 else common


def _day(dice: random.Random) -> str | None:
    day = date(2020, 1, 1) + timedelta(days=dice.randrange(2_000))
    return dice.choice([day.isoformat(), day.isoformat(), day.isoformat()[:7], None])


def _word(dice: random.Random) -> str:
    return "".join(dice.choice("bdgklmnprstv") + dice.choice("aeiou") for _ in range(3))


def _city(number: int, name: str, size: Size, dice: random.Random) -> tuple[Collection, Record]:
    country = COUNTRIES[number % 7] if number else COUNTRIES[7]
    return _record(
        "cities",
        number,
        name=name,
        country=country,
        subdivision=f"{country}-{number % 50}",
        commission=_skewed(dice, "UNECE", "ECA", "ESCAP"),
        unlocode=country + _code(number),
        latitude=dice.uniform(-60, 60),
        longitude=dice.uniform(-170, 170),
        projects=[_id("projects", number % 2)],
    )


def _code(number: int) -> str:
    return "".join(chr(65 + number // 26**place % 26) for place in range(3))


def _workshop(
    number: int, title: str, size: Size, dice: random.Random
) -> tuple[Collection, Record]:
    return _record(
        "workshops",
        number,
        title=title,
        kind=_skewed(dice, "training", "validation", "kick_off"),
        status=_skewed(dice, "held", "planned", "cancelled"),
        mode=_skewed(dice, "online", "in_person", "hybrid"),
        scope=_skewed(dice, "pilot", "pilot", "related"),
        starts_on=_day(dice),
        languages=[_skewed(dice, "en", "ru", "sq")],
        cities=[_id("cities", each) for each in dice.sample(range(size.cities), 2)],
        projects=[_id("projects", 2 if number % 1000 == 5 else number % 2)],
        part_of=_id("workshops", number - 1) if number % 10 == 9 else None,
    )


def _document(
    number: int, title: str, size: Size, dice: random.Random
) -> tuple[Collection, Record]:
    return _record(
        "documents",
        number,
        title=title,
        kind=_skewed(dice, "report", "agenda", "tool"),
        status=_skewed(dice, "available", "announced", "missing"),
        symbol=f"ECE/{number}",
        scope=_skewed(dice, "pilot", "pilot", "related"),
        published_on=_day(dice),
        cities=[_id("cities", dice.randrange(size.cities))],
        projects=[_id("projects", number % 2)],
        workshops=[_id("workshops", dice.randrange(size.workshops))],
    )


def _recommendation(
    number: int, says: str, size: Size, dice: random.Random
) -> tuple[Collection, Record]:
    meeting = _id("workshops", dice.randrange(size.workshops))
    validation = {"workshop": meeting, "on": None, "outcome": "kept", "note": None}
    return _record(
        "recommendations",
        number,
        text=says,
        dimension=_skewed(dice, "labour_market", "overall", "infrastructure_and_connectivity"),
        status=_skewed(dice, "proposed", "validated", "rejected"),
        scope=_skewed(dice, "pilot", "pilot", "related"),
        cities=[_id("cities", dice.randrange(size.cities))],
        projects=[_id("projects", 2 if number % 5000 == 7 else number % 2)],
        documents=[_id("documents", dice.randrange(size.documents))] if number % 10 == 0 else [],
        findings=[_id("findings", dice.randrange(size.findings))] if number % 3 == 0 else [],
        validations=[validation] if number % 5 == 0 else [],
    )


def _finding(number: int, says: str, size: Size, dice: random.Random) -> tuple[Collection, Record]:
    return _record(
        "findings",
        number,
        text=says,
        cities=[_id("cities", dice.randrange(size.cities))],
        projects=[_id("projects", number % 2)],
        dimension=_skewed(dice, "labour_market", "overall", "infrastructure_and_connectivity"),
        documents=[_id("documents", dice.randrange(size.documents))],
        scope=_skewed(dice, "pilot", "pilot", "related"),
    )


def _action(number: int, says: str, size: Size, dice: random.Random) -> tuple[Collection, Record]:
    return _record(
        "actions",
        number,
        text=says,
        cities=[_id("cities", dice.randrange(size.cities))],
        projects=[_id("projects", number % 2)],
        dimension=_skewed(dice, "labour_market", "overall", "infrastructure_and_connectivity"),
        status=_skewed(dice, "done", "under_way", "dropped"),
        starts_on=_day(dice),
        recommendations=[_id("recommendations", dice.randrange(size.recommendations))],
        scope=_skewed(dice, "pilot", "pilot", "related"),
    )

"""Every named constraint, violated once by raw SQL; and types that behave alike on both."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import (
    CheckConstraint,
    Engine,
    ForeignKeyConstraint,
    UniqueConstraint,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError, StatementError

from api.models import LINKS, Base, Change, Store
from api.services import page_texts
from api.services.database import migrating, reading, writing
from api.services.records import BY_NAME
from tests.conftest import FreshStore
from tests.factories import MAKE, city, fill, project, store, workshop


@pytest.fixture(scope="module")
def full(fresh_store: FreshStore) -> Iterator[Engine]:
    """The library in a store of this module's own; each violation is undone."""
    engine = fresh_store()
    fill(engine)
    with writing(engine) as connection:
        page_texts.put(connection, "document-1", "one", [(1, "one"), (2, "two")])
    yield engine
    engine.dispose()


def refused(engine: Engine, statement: str) -> str:
    """Return what the database says when it refuses raw SQL, at once or at the commit."""
    with pytest.raises(IntegrityError) as caught, migrating(engine) as connection:
        connection.execute(text(statement))
    return str(caught.value.orig)


CHECKS = {
    "ck_city_latitude_range": "UPDATE city SET latitude = 90.1, longitude = 0",
    "ck_city_longitude_range": "UPDATE city SET latitude = 0, longitude = -180.1",
    "ck_city_located_wholly": "UPDATE city SET latitude = 0, longitude = NULL",
    "ck_document_pages_positive": "UPDATE document SET pages = 0",
    "ck_page_text_page_positive": "UPDATE page_text SET page = 0 WHERE page = 1",
    "ck_store_single_row": "INSERT INTO store (id, epoch, seq) VALUES (2, 'x', 0)",
    "ck_change_version_positive": "UPDATE change SET version = 0 WHERE seq = 1",
    "ck_change_snapshot_unless_deleted": "UPDATE change SET op = 'delete' WHERE seq = 1",
    **{
        f"ck_{table}_version_positive": f"UPDATE {table} SET version = 0"
        for table in LINKS
        if table != "change"
    },
    **{
        f"ck_{table}_ends_after_start": f"UPDATE {table} SET starts_on = '2022', ends_on = '2021',"
        " starts_on_first = '2022-01-01', ends_on_last = '2021-12-31'"
        for table in ("project", "workshop", "action")
    },
}


def constraints(kind: type) -> list[Any]:
    return [
        each
        for table in Base.metadata.sorted_tables
        for each in sorted(table.constraints, key=lambda c: str(c.name))
        if isinstance(each, kind)
    ]


def test_each_check_is_tried():
    assert {str(each.name) for each in constraints(CheckConstraint)} == CHECKS.keys()


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_refuses_by_name(full: Engine, name: str):
    assert name in refused(full, CHECKS[name])


def test_a_deletion_has_no_snapshot_and_a_save_has_one(full: Engine):
    statement = "UPDATE change SET snapshot = NULL WHERE seq = 1"
    assert "ck_change_snapshot_unless_deleted" in refused(full, statement)


TOKEN = "INSERT INTO token (id, name, digest, scopes, created_at) VALUES "
TOKENS = {
    "name": TOKEN + "(1, 'a', 'd', '[]', '2026-01-01'), (2, 'a', 'e', '[]', '2026-01-01')",
    "digest": TOKEN + "(1, 'a', 'd', '[]', '2026-01-01'), (2, 'b', 'd', '[]', '2026-01-01')",
}


@pytest.mark.parametrize("unique", constraints(UniqueConstraint), ids=lambda c: c.name)
def test_what_is_unique_stands_once(full: Engine, unique: UniqueConstraint):
    table, columns = unique.table.name, [column.name for column in unique.columns]
    key = next(iter(unique.table.primary_key.columns)).name
    copied = ", ".join(
        f"{each} = (SELECT {each} FROM {table} ORDER BY {key} LIMIT 1)" for each in columns
    )
    last = f"(SELECT max({key}) FROM {table})"
    statement = f"UPDATE {table} SET {copied} WHERE {key} = {last}"
    if table == "token":
        statement = TOKENS[columns[0]]
    said = refused(full, statement)
    assert str(unique.name) in said or ", ".join(f"{table}.{each}" for each in columns) in said


@pytest.mark.parametrize("foreign", constraints(ForeignKeyConstraint), ids=lambda c: c.name)
def test_nothing_points_to_what_is_not_there(full: Engine, foreign: ForeignKeyConstraint):
    table, column = foreign.table, next(iter(foreign.columns))
    missing = "-1" if column.name == "seq" else "'not-there'"
    one = f"WHERE id = (SELECT min(id) FROM {table.name})"
    statement = f"UPDATE {table.name} SET {column.name} = {missing} {one}"
    if "owner_id" in table.c:
        other = next(iter(foreign.table.c["owner_id"].foreign_keys)).column.table.name
        keys = {"owner_id": f"(SELECT min(id) FROM {other})", "value": value_of(table)}
        keys[column.name] = missing
        values = f"{keys['owner_id']}, {keys['value']}, 0"
        statement = f"INSERT INTO {table.name} (owner_id, value, position) VALUES ({values})"
    said = refused(full, statement)
    assert str(foreign.name) in said or said == "FOREIGN KEY constraint failed"


def value_of(table: Any) -> str:
    keys = list(table.c.value.foreign_keys)
    return f"(SELECT min(id) FROM {keys[0].column.table.name})" if keys else "'x'"


@pytest.mark.parametrize("name", BY_NAME)
def test_an_id_stands_once_in_a_table(full: Engine, name: str):
    table = BY_NAME[name].table.name
    said = refused(full, f"UPDATE {table} SET id = (SELECT min(id) FROM {table})")
    assert f"pk_{table}" in said or f"{table}.id" in said


@pytest.mark.parametrize("name", BY_NAME)
def test_a_record_needs_its_name(full: Engine, name: str):
    collection = BY_NAME[name]
    said = refused(full, f"UPDATE {collection.table.name} SET {collection.label} = NULL")
    assert collection.label in said


def test_a_moment_without_offset_is_refused(full: Engine):
    naive = datetime(2021, 9, 3, 11)  # noqa: DTZ001  that is what is refused
    for statement in (
        update(Store).values(seeded_at=naive),
        select(Change.seq).where(Change.at >= naive),
    ):
        with (
            pytest.raises(StatementError, match="needs an offset"),
            migrating(full) as connection,
        ):
            connection.execute(statement)


@pytest.mark.parametrize("hours", [-9.5, 0, 2, 14])
def test_a_moment_comes_back_in_utc(full: Engine, hours: float):
    at = datetime(2021, 9, 3, 11, 30, 15, tzinfo=timezone(timedelta(hours=hours)))
    with migrating(full) as connection:
        connection.execute(update(Store).values(seeded_at=at))
    with reading(full) as connection:
        back = connection.execute(select(Store.seeded_at)).scalar_one()
        same = connection.execute(select(Store.id).where(Store.seeded_at == at)).all()
    assert (back, back.tzinfo, len(same)) == (at, UTC, 1)


def test_moments_of_different_offsets_sort_by_instant(fresh_store: FreshStore):
    engine = fresh_store()
    spelled = {"late": "2021-09-03T09:30:00-02:00", "early": "2021-09-03T12:00:00+02:00"}
    store(engine, *(("workshops", workshop(n, starts_at=at)) for n, at in spelled.items()))
    table = BY_NAME["workshops"].table
    with reading(engine) as connection:
        ids = connection.execute(select(table.c.id).order_by(table.c.starts_at)).scalars().all()
    assert ids == ["early", "late"]
    engine.dispose()


IDS = ["a", "a-b", "a-c", "a0", "ab", "ab-c", "abc", "b", "0", "10", "9"]
TEXTS = ["a", "B", "Z", "_", "é", "e", "f", "Ё", "Я", "а", "ё", "a b", "a-b", "ab", "𐍈", "\ufffd"]


def test_ids_and_names_sort_by_byte(fresh_store: FreshStore):
    engine = fresh_store()
    store(engine, *(("projects", project(each)) for each in IDS))
    store(engine, *(("cities", city(f"c-{n}", name=name)) for n, name in enumerate(TEXTS)))
    for collection, column, values in (("projects", "id", IDS), ("cities", "name", TEXTS)):
        found = BY_NAME[collection].table.c[column]
        with reading(engine) as connection:
            sorted_ = connection.execute(select(found).order_by(found)).scalars().all()
            first = connection.execute(select(found).where(found < "a-c")).scalars().all()
        assert sorted_ == sorted(values, key=str.encode)
        assert set(first) == {each for each in values if each.encode() < b"a-c"}
    engine.dispose()


def test_every_record_type_has_a_factory_and_a_table():
    assert MAKE.keys() == BY_NAME.keys()
    assert {each.table.name for each in BY_NAME.values()} == LINKS.keys()

"""What all tables share: names of constraints, types that behave alike, the record's columns."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

ID_LENGTH = 80
"""The longest id of a record."""

UNKNOWN_FIRST = date.max
"""First day of an unknown date: sorts last upwards, and begins before no bound."""
UNKNOWN_LAST = date.min
"""Last day of an unknown date: sorts last downwards, and ends after no bound."""


class Base(DeclarativeBase):
    """The declarative base; constraint names follow one convention, so that messages can too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no offset, so a naive value is refused, not guessed at."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC; SQLite then gets it without its offset."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs an offset from UTC")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def bytewise(length: int) -> String:
    """Return a string type that sorts by byte (UTF-8) on both databases."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Record:
    """The columns that every record has. `seq` names the journal entry with its snapshot."""

    id: Mapped[str] = mapped_column(bytewise(ID_LENGTH), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    lang: Mapped[str] = mapped_column(String(35))
    sources: Mapped[list[Any]] = mapped_column(JSON(none_as_null=True))
    external_ids: Mapped[dict[str, str]] = mapped_column(JSON(none_as_null=True))
    translations: Mapped[dict[str, Any]] = mapped_column(JSON(none_as_null=True))

    @declared_attr
    def seq(cls) -> Mapped[int]:
        """The number of the journal entry that holds this record's snapshot."""
        return mapped_column(ForeignKey("change.seq"), unique=True)


class Scoped:
    """`scope` for the records that can lie near the pilot without being its output."""

    scope: Mapped[str] = mapped_column(String(16))


def value_list() -> Any:
    """Return a column for a list or object that nothing is looked up by."""
    return mapped_column(JSON(none_as_null=True))


def optional_text(length: int | None = None) -> Any:
    """Return a column for text that may be unknown."""
    return mapped_column(String(length) if length else Text, nullable=True)


def first_day() -> Any:
    """Return a column for the first day that a partial date can mean."""
    return mapped_column(Date, default=UNKNOWN_FIRST)


def last_day() -> Any:
    """Return a column for the last day that a partial date can mean."""
    return mapped_column(Date, default=UNKNOWN_LAST)


def sort_indexes(*columns: str) -> list[Index]:
    """Return an index (column, id) for each column that lists are sorted or narrowed by."""
    return [Index(None, column, "id") for column in columns]


def cover(table: Table) -> None:
    """Give a record's table an index of all that is short and has an index of its own, by `seq`.

    Lists that are narrowed by what lies in other tables look records up in it: it is a fifth of
    the table, and records that were written together lie together.
    """
    indexed = {column.name for index in table.indexes for column in index.columns}
    short = [
        column
        for column in table.columns
        if column.name in indexed - {"id", "seq"} and (_length(column) or 0) <= LONGEST_COVERED
    ]
    Index(f"ix_{table.name}_covering", table.c.seq, table.c.id, *short)


LONGEST_COVERED = 100


def _length(column: Column[Any]) -> int | None:
    return getattr(column.type, "length", None)


def reference_table(owner: str, field: str, target: str) -> Table:
    """Return the association table `OWNER_FIELD`: which records of `target` an owner names.

    `owner` and `target` are tables' names, `field` is the owner's field. Rows keep the list's
    order, both directions are indexed, and a record that is named cannot be deleted. `seq` is the
    owner's: from what is named, one look leads to the snapshots of those that name it.
    """
    return _list_table(owner, field, f"{owner}_{field}", ForeignKey(f"{target}.id"))


def value_table(owner: str, field: str, name: str = "") -> Table:
    """Return the table `OWNER_NAME` of the plain values by which lists are narrowed.

    `field` is the owner's field that the values come from; `name` is that field's when not given.
    """
    return _list_table(owner, field, f"{owner}_{name or field}", None, 200)


def _list_table(
    owner: str, field: str, name: str, target: ForeignKey | None, length: int = ID_LENGTH
) -> Table:
    owner_key = ForeignKey(f"{owner}.id", ondelete="CASCADE")
    value = Column("value", bytewise(length), *([target] if target else []), primary_key=True)
    return Table(
        name,
        Base.metadata,
        Column("owner_id", bytewise(ID_LENGTH), owner_key, primary_key=True),
        value,
        Column("position", Integer, nullable=False),
        Column("seq", Integer, nullable=False, server_default="0"),
        Index(None, "value", "owner_id", "seq"),
        info={"field": field},
        sqlite_with_rowid=False,
    )

"""An event: a workshop, debate or meeting."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from .base import (
    ID_LENGTH,
    Base,
    Instant,
    Record,
    Scoped,
    bytewise,
    first_day,
    last_day,
    optional_text,
    reference_table,
    sort_indexes,
    value_list,
    value_table,
)
from .constraints import ends_after_start, positive


class Workshop(Record, Scoped, Base):
    """One row a workshop. `starts_at` and `ends_at` are instants; the snapshot has the offset."""

    __tablename__ = "workshop"
    __table_args__ = (
        positive("version"),
        ends_after_start(),
        *sort_indexes("title", "updated_at", "starts_on_first", "starts_on_last"),
        *sort_indexes("scope", "kind", "status", "mode", "part_of"),
    )

    title: Mapped[str] = mapped_column(bytewise(500))
    title_as_printed: Mapped[str | None] = optional_text()
    aliases: Mapped[list[str]] = value_list()
    kind: Mapped[str | None] = optional_text(32)
    kind_as_printed: Mapped[str | None] = optional_text()
    status: Mapped[str | None] = optional_text(16)
    summary: Mapped[str | None] = optional_text()
    objectives: Mapped[list[str]] = value_list()
    outcomes: Mapped[list[str]] = value_list()
    starts_on: Mapped[str | None] = optional_text(10)
    starts_on_first: Mapped[date] = first_day()
    starts_on_last: Mapped[date] = last_day()
    ends_on: Mapped[str | None] = optional_text(10)
    ends_on_first: Mapped[date] = first_day()
    ends_on_last: Mapped[date] = last_day()
    starts_at: Mapped[datetime | None] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    date_as_printed: Mapped[str | None] = optional_text()
    time_as_printed: Mapped[str | None] = optional_text()
    mode: Mapped[str | None] = optional_text(16)
    platform: Mapped[str | None] = optional_text()
    venue: Mapped[str | None] = optional_text()
    organisers: Mapped[list[Any]] = value_list()
    participants: Mapped[dict[str, Any] | None] = value_list()
    part_of: Mapped[str | None] = mapped_column(
        bytewise(ID_LENGTH),
        ForeignKey("workshop.id", deferrable=True, initially="DEFERRED"),
    )


LINKS = (
    reference_table("workshop", "cities", "city"),
    reference_table("workshop", "projects", "project"),
    value_table("workshop", "languages"),
    value_table("workshop", "external_ids"),
)

"""A programme that runs in several cities."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from .base import (
    Base,
    Record,
    bytewise,
    first_day,
    last_day,
    optional_text,
    sort_indexes,
    value_list,
    value_table,
)
from .constraints import ends_after_start, positive


class Project(Record, Base):
    """One row a project."""

    __tablename__ = "project"
    __table_args__ = (
        positive("version"),
        ends_after_start(),
        *sort_indexes("title", "updated_at", "starts_on_first", "starts_on_last"),
    )

    title: Mapped[str] = mapped_column(bytewise(500))
    aliases: Mapped[list[str]] = value_list()
    summary: Mapped[str | None] = optional_text()
    objective: Mapped[str | None] = optional_text()
    starts_on: Mapped[str | None] = optional_text(10)
    starts_on_first: Mapped[date] = first_day()
    starts_on_last: Mapped[date] = last_day()
    ends_on: Mapped[str | None] = optional_text(10)
    ends_on_first: Mapped[date] = first_day()
    ends_on_last: Mapped[date] = last_day()
    funder: Mapped[str | None] = optional_text()
    agencies: Mapped[list[Any]] = value_list()
    website: Mapped[str | None] = optional_text()


LINKS = (value_table("project", "external_ids"),)

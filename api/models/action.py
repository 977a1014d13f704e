"""What a city did, announced or plans."""

from datetime import date

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import (
    Base,
    Record,
    Scoped,
    first_day,
    last_day,
    optional_text,
    reference_table,
    sort_indexes,
    value_list,
    value_table,
)
from .constraints import ends_after_start, positive


class Action(Record, Scoped, Base):
    """One row an action."""

    __tablename__ = "action"
    __table_args__ = (
        positive("version"),
        ends_after_start(),
        *sort_indexes("updated_at", "starts_on_first", "starts_on_last"),
        *sort_indexes("scope", "dimension", "status"),
    )

    text: Mapped[str] = mapped_column(Text)
    dimension: Mapped[str | None] = optional_text(40)
    status: Mapped[str | None] = optional_text(16)
    starts_on: Mapped[str | None] = optional_text(10)
    starts_on_first: Mapped[date] = first_day()
    starts_on_last: Mapped[date] = last_day()
    ends_on: Mapped[str | None] = optional_text(10)
    ends_on_first: Mapped[date] = first_day()
    ends_on_last: Mapped[date] = last_day()
    horizon: Mapped[str | None] = optional_text()
    decision: Mapped[str | None] = optional_text()
    actors: Mapped[list[str]] = value_list()


LINKS = (
    reference_table("action", "cities", "city"),
    reference_table("action", "projects", "project"),
    reference_table("action", "recommendations", "recommendation"),
    value_table("action", "external_ids"),
)

"""What a city is advised to do."""

from typing import Any

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import (
    Base,
    Record,
    Scoped,
    optional_text,
    reference_table,
    sort_indexes,
    value_list,
    value_table,
)
from .constraints import positive


class Recommendation(Record, Scoped, Base):
    """One row a recommendation; `validations` says in which workshops it was discussed."""

    __tablename__ = "recommendation"
    __table_args__ = (
        positive("version"),
        *sort_indexes("updated_at", "scope", "dimension", "status"),
    )

    text: Mapped[str] = mapped_column(Text)
    dimension: Mapped[str | None] = optional_text(40)
    status: Mapped[str | None] = optional_text(16)
    horizon: Mapped[str | None] = optional_text()
    actors: Mapped[list[str]] = value_list()
    validations: Mapped[list[Any]] = value_list()


LINKS = (
    reference_table("recommendation", "cities", "city"),
    reference_table("recommendation", "projects", "project"),
    reference_table("recommendation", "documents", "document"),
    reference_table("recommendation", "findings", "finding"),
    reference_table("recommendation", "validations", "workshop"),
    value_table("recommendation", "external_ids"),
)

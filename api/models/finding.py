"""What a diagnosis says about a city."""

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


class Finding(Record, Scoped, Base):
    """One row a finding."""

    __tablename__ = "finding"
    __table_args__ = (positive("version"), *sort_indexes("updated_at", "scope", "dimension"))

    text: Mapped[str] = mapped_column(Text)
    dimension: Mapped[str | None] = optional_text(40)
    grade: Mapped[str | None] = optional_text()
    attributed_to: Mapped[list[Any]] = value_list()


LINKS = (
    reference_table("finding", "cities", "city"),
    reference_table("finding", "projects", "project"),
    reference_table("finding", "documents", "document"),
    value_table("finding", "external_ids"),
)

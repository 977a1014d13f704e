"""A report, plan, agenda or presentation, and its files."""

from datetime import date
from typing import Any

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from .base import (
    Base,
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
from .constraints import positive


class Document(Record, Scoped, Base):
    """One row a document, whatever number of files and languages it has."""

    __tablename__ = "document"
    __table_args__ = (
        positive("version"),
        positive("pages"),
        *sort_indexes("title", "updated_at", "published_on_first", "published_on_last"),
        *sort_indexes("scope", "kind", "status", "symbol"),
    )

    title: Mapped[str] = mapped_column(bytewise(500))
    aliases: Mapped[list[str]] = value_list()
    kind: Mapped[str | None] = optional_text(32)
    kind_as_printed: Mapped[str | None] = optional_text()
    status: Mapped[str | None] = optional_text(16)
    symbol: Mapped[str | None] = optional_text(100)
    summary: Mapped[str | None] = optional_text()
    published_on: Mapped[str | None] = optional_text(10)
    published_on_first: Mapped[date] = first_day()
    published_on_last: Mapped[date] = last_day()
    publisher: Mapped[str | None] = optional_text()
    authors: Mapped[list[str]] = value_list()
    pages: Mapped[int | None] = mapped_column(Integer)
    files: Mapped[list[Any]] = value_list()


LINKS = (
    reference_table("document", "cities", "city"),
    reference_table("document", "projects", "project"),
    reference_table("document", "workshops", "workshop"),
    value_table("document", "files", "languages"),
    value_table("document", "external_ids"),
)

"""A pilot city, or one that a record merely refers to."""

from typing import Any

from sqlalchemy import Float
from sqlalchemy.orm import Mapped, mapped_column

from .base import (
    Base,
    Record,
    bytewise,
    optional_text,
    reference_table,
    sort_indexes,
    value_list,
    value_table,
)
from .constraints import latitude, located_wholly, longitude, positive


class City(Record, Base):
    """One row a city."""

    __tablename__ = "city"
    __table_args__ = (
        positive("version"),
        latitude(),
        longitude(),
        located_wholly(),
        *sort_indexes(
            "name", "updated_at", "country", "subdivision", "commission", "unlocode", "latitude"
        ),
    )

    name: Mapped[str] = mapped_column(bytewise(500))
    aliases: Mapped[list[str]] = value_list()
    country: Mapped[str | None] = optional_text(2)
    subdivision: Mapped[str | None] = optional_text(6)
    commission: Mapped[str | None] = optional_text(8)
    unlocode: Mapped[str | None] = optional_text(5)
    latitude: Mapped[float | None] = mapped_column(Float(53))
    longitude: Mapped[float | None] = mapped_column(Float(53))
    timezone: Mapped[str | None] = optional_text(64)
    population: Mapped[list[Any]] = value_list()
    website: Mapped[str | None] = optional_text()
    summary: Mapped[str | None] = optional_text()
    coverage: Mapped[dict[str, Any]] = value_list()


LINKS = (
    reference_table("city", "projects", "project"),
    value_table("city", "external_ids"),
)

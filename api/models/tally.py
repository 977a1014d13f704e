"""Counts that the writer keeps, so that readers need not count."""

from sqlalchemy import Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, bytewise

LONGEST_VALUE = 200


class Tally(Base):
    """How many records of a collection have a value of a facet.

    `value` is "" for those that have none of a field with one value. Where `facet` is "", all
    records count.
    """

    __tablename__ = "tally"

    collection: Mapped[str] = mapped_column(bytewise(20), primary_key=True)
    facet: Mapped[str] = mapped_column(bytewise(40), primary_key=True)
    value: Mapped[str] = mapped_column(bytewise(LONGEST_VALUE), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


Index("ix_tally_by_count", Tally.collection, Tally.facet, Tally.count.desc(), Tally.value)

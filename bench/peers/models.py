"""The peers' tables, shared by both: ordinary declarative models, with the indexes they need."""

import os
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Engine,
    ForeignKey,
    Index,
    Select,
    TextClause,
    create_engine,
    func,
    select,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

URL = os.environ.get("PEERS_DATABASE_URL", "sqlite://")
FULL_TEXT = {
    "sqlite": (
        "CREATE VIRTUAL TABLE recommendation_fts USING"
        " fts5(texts, content='recommendation', content_rowid='id')",
        "INSERT INTO recommendation_fts(recommendation_fts) VALUES ('rebuild')",
        "INSERT INTO recommendation_fts(recommendation_fts) VALUES ('optimize')",
    ),
    "postgresql": (
        "CREATE INDEX ix_recommendation_words ON recommendation"
        " USING gin (to_tsvector('simple', texts))",
    ),
}
MATCHES = {
    "sqlite": "SELECT rowid AS id, rank FROM recommendation_fts WHERE recommendation_fts MATCH :q",
    "postgresql": "SELECT id, -ts_rank(to_tsvector('simple', texts), asked) AS rank"
    " FROM recommendation, plainto_tsquery('simple', :q) AS asked"
    " WHERE to_tsvector('simple', texts) @@ asked",
}


def open_database() -> Engine:
    """Return the engine of the database that the environment names."""
    return create_engine(URL)


class Base(DeclarativeBase):
    """The base of all models."""


class City(Base):
    """A city."""

    __tablename__ = "city"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    country: Mapped[str] = mapped_column(index=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    timezone: Mapped[str]
    source_url: Mapped[str]


class Workshop(Base):
    """A workshop. Its languages are joined by blanks, its objectives by line ends."""

    __tablename__ = "workshop"
    __table_args__ = (Index("ix_workshop_city_start", "city_id", "starts_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("city.id"))
    title: Mapped[str]
    kind: Mapped[str]
    mode: Mapped[str]
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    languages: Mapped[str]
    objectives: Mapped[str]
    source_url: Mapped[str]
    city: Mapped[City] = relationship()
    documents: Mapped[list["Document"]] = relationship(order_by="Document.id")
    recommendations: Mapped[list["Recommendation"]] = relationship(order_by="Recommendation.id")


class Document(Base):
    """A document of a workshop."""

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("city.id"), index=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    title: Mapped[str]
    kind: Mapped[str]
    language: Mapped[str]
    media_type: Mapped[str]
    published_on: Mapped[date]
    file_url: Mapped[str]
    source_url: Mapped[str]


class Recommendation(Base):
    """A recommendation of a workshop. `texts` holds its text in all languages, for the search."""

    __tablename__ = "recommendation"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("city.id"), index=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    dimension: Mapped[str] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    text: Mapped[str]
    texts: Mapped[str] = mapped_column(deferred=True)
    source_url: Mapped[str]
    city: Mapped[City] = relationship()
    translations: Mapped[list["Translation"]] = relationship(order_by="Translation.language")

    def said_in(self, languages: list[str]) -> tuple[str, str]:
        """Return language and text: in the first asked language that there is, else its own."""
        others = {each.language: each.text for each in self.translations}
        texts = others | {self.language: self.text}
        language = next((each for each in languages if each in texts), self.language)
        return language, texts[language]


class Translation(Base):
    """A recommendation's text in another language."""

    __tablename__ = "translation"
    recommendation_id: Mapped[int] = mapped_column(
        ForeignKey("recommendation.id"), primary_key=True
    )
    language: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


def search(session: Session, q: str, limit: int) -> tuple[list[Recommendation], int]:
    """Return the best matches of all words, and how many match."""
    matches = MATCHES[session.get_bind().dialect.name]
    count: TextClause = text(f"SELECT count(*) FROM ({matches}) AS found")
    best = text(f"{matches} ORDER BY rank LIMIT :limit")
    total: int = session.execute(count, {"q": q}).scalar_one()
    ids = list(session.scalars(best, {"q": q, "limit": limit}))
    found = session.scalars(select(Recommendation).where(Recommendation.id.in_(ids)))
    by_id = {each.id: each for each in found}
    return [by_id[each] for each in ids], total


def counts(session: Session, country: str | None, status: str | None) -> dict[str, list[Any]]:
    """Return how many recommendations each dimension and city has, the most frequent first."""
    n = func.count().label("count")
    by_dimension = select(Recommendation.dimension, n).group_by("dimension")
    by_city = select(City.slug, n).select_from(Recommendation).group_by(City.slug)
    by_city = by_city.join(City)
    if country:
        by_dimension = by_dimension.join(City).where(City.country == country)
        by_city = by_city.where(City.country == country)
    if status:
        by_dimension = by_dimension.where(Recommendation.status == status)
        by_city = by_city.where(Recommendation.status == status)
    by_dimension = by_dimension.order_by(n.desc(), Recommendation.dimension)
    by_city = by_city.order_by(n.desc(), City.slug).limit(200)
    return {"dimension": _pairs(session, by_dimension), "city": _pairs(session, by_city)}


def _pairs(session: Session, stated: Select[str, int]) -> list[Any]:
    return [{"value": value, "count": count} for value, count in session.execute(stated)]

"""The FastAPI peer: a session a request, response models, eager loading, no N+1 queries.

PEERS_DATABASE_URL=sqlite:///... uvicorn bench.peers.fastapi_app:app --workers 2
"""

# Long because: a service is judged whole, in the one file that its author would write it in.

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload, sessionmaker

from . import models
from .models import City, Recommendation, Workshop

make_session = sessionmaker(models.open_database(), expire_on_commit=False)
app = FastAPI()


def session() -> Iterator[Session]:
    """Give a request its session."""
    with make_session() as opened:
        yield opened


Database = Annotated[Session, Depends(session)]


class Shown(BaseModel):
    """What is read from a model's attributes."""

    model_config = ConfigDict(from_attributes=True)


class CityBrief(Shown):
    """A city beside a workshop."""

    slug: str
    name: str
    country: str


class CityOut(CityBrief):
    """A city."""

    id: int
    latitude: float
    longitude: float
    timezone: str
    source_url: str


class DocumentBrief(Shown):
    """A document in a list of workshops."""

    slug: str
    title: str
    kind: str
    language: str


class DocumentOut(DocumentBrief):
    """A document."""

    media_type: str
    published_on: date
    file_url: str
    source_url: str


class RecommendationOut(Shown):
    """A recommendation."""

    id: int
    slug: str
    city_id: int
    workshop_id: int
    dimension: str
    status: str
    language: str
    text: str
    source_url: str


class WorkshopOut(Shown):
    """A workshop."""

    id: int
    slug: str
    city_id: int
    title: str
    kind: str
    mode: str
    starts_on: date
    ends_on: date
    starts_at: datetime
    ends_at: datetime
    languages: str
    objectives: str
    source_url: str


class WorkshopCard(WorkshopOut):
    """A workshop with summaries of its city and documents."""

    city: CityBrief
    documents: list[DocumentBrief]


class WorkshopFull(WorkshopOut):
    """A workshop with all that belongs to it."""

    city: CityBrief
    documents: list[DocumentOut]
    recommendations: list[RecommendationOut]


class Workshops(BaseModel):
    """A page of workshops."""

    items: list[WorkshopOut]
    total: int


class Cards(BaseModel):
    """A page of workshops with summaries."""

    items: list[WorkshopCard]
    total: int


class Recommendations(BaseModel):
    """A page of recommendations; `next` is where the next one begins."""

    items: list[RecommendationOut]
    total: int | None = None
    next: int | None = None


class Count(BaseModel):
    """How often a value comes."""

    value: str
    count: int


class Facets(BaseModel):
    """The counts of two facets."""

    dimension: list[Count]
    city: list[Count]


@app.get("/cities/{slug}")
def get_city(slug: str, database: Database) -> CityOut:
    """Return a city."""
    found = database.scalar(select(City).where(City.slug == slug))
    if found is None:
        raise HTTPException(404)
    return found  # type: ignore[return-value]  # FastAPI makes the response model of it


@app.get("/cities/{slug}/workshops", response_model=Workshops)
def list_workshops_of_city(slug: str, database: Database, page_size: int = 20) -> Any:
    """Return a city's newest workshops."""
    asked = select(Workshop).join(Workshop.city).where(City.slug == slug)
    total = database.scalar(select(func.count()).select_from(asked.subquery()))
    asked = asked.order_by(Workshop.starts_on.desc(), Workshop.id.desc()).limit(page_size)
    return {"items": database.scalars(asked).all(), "total": total}


@app.get("/workshops", response_model=Cards)
def list_workshops(
    database: Database,
    country: str,
    date_from: date,
    date_to: date,
    language: str,
    page_size: int = 50,
) -> Any:
    """Return a country's workshops of some years and a language, the newest first."""
    asked = (
        select(Workshop)
        .join(Workshop.city)
        .where(
            City.country == country,
            Workshop.starts_on.between(date_from, date_to),
            Workshop.languages.contains(language),
        )
    )
    total = database.scalar(select(func.count()).select_from(asked.subquery()))
    asked = asked.options(joinedload(Workshop.city), selectinload(Workshop.documents))
    asked = asked.order_by(Workshop.starts_on.desc(), Workshop.id.desc()).limit(page_size)
    return {"items": database.scalars(asked).all(), "total": total}


@app.get("/workshops.csv")
def list_workshops_csv(database: Database, country: str) -> Response:
    """Return all workshops of a country as a table."""
    asked = select(Workshop).join(Workshop.city).where(City.country == country)
    names = list(WorkshopOut.model_fields)
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(names)
    for each in database.scalars(asked.order_by(Workshop.id)):
        table.writerow([getattr(each, name) for name in names])
    return Response(written.getvalue(), media_type="text/csv")


@app.get("/workshops/{slug}", response_model=WorkshopFull)
def get_workshop(slug: str, database: Database) -> Any:
    """Return a workshop with all that belongs to it."""
    together = (
        joinedload(Workshop.city),
        selectinload(Workshop.documents),
        selectinload(Workshop.recommendations),
    )
    found = database.scalar(select(Workshop).where(Workshop.slug == slug).options(*together))
    if found is None:
        raise HTTPException(404)
    return found


@app.get("/recommendations", response_model=Recommendations)
def list_recommendations(database: Database, after: int = 0, limit: int = 50) -> Any:
    """Return the recommendations after a number."""
    asked = select(Recommendation).where(Recommendation.id > after)
    rows = database.scalars(asked.order_by(Recommendation.id).limit(limit)).all()
    return {"items": rows, "next": rows[-1].id if len(rows) == limit else None}


@app.get("/cities/{slug}/recommendations", response_model=Recommendations)
def list_recommendations_of_city(slug: str, database: Database, lang: str, limit: int = 50) -> Any:
    """Return a city's recommendations, each in the first of the languages that it has."""
    asked = select(Recommendation).join(Recommendation.city).where(City.slug == slug)
    total = database.scalar(select(func.count()).select_from(asked.subquery()))
    asked = asked.options(selectinload(Recommendation.translations))
    items = []
    for each in database.scalars(asked.order_by(Recommendation.id).limit(limit)):
        language, said = each.said_in(lang.split(","))
        shown = RecommendationOut.model_validate(each)
        items.append(shown.model_copy(update={"language": language, "text": said}))
    return {"items": items, "total": total}


@app.get("/search", response_model=Recommendations)
def search(database: Database, q: str, limit: int = 20) -> Any:
    """Return the recommendations that have all the words, best first."""
    items, total = models.search(database, q, limit)
    return {"items": items, "total": total}


@app.get("/facets", response_model=Facets)
def facets(database: Database, country: str | None = None, status: str | None = None) -> Any:
    """Return how many recommendations each dimension and city has."""
    return models.counts(database, country, status)

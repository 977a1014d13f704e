"""The naive peer: flask-smorest as its guide shows it, with its pagination and its entity tags.

PEERS_DATABASE_URL=sqlite:///... gunicorn -k gthread -w 2 --threads 4 bench.peers.smorest_app:app
"""

# Long because: a service is judged whole, in the one file that its author would write it in.

import csv
import io
from typing import Any

from flask import Flask, Response
from flask.views import MethodView
from flask_smorest import Api, Blueprint, Page, abort
from flask_sqlalchemy import SQLAlchemy
from marshmallow import Schema, fields
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from . import models
from .models import City, Recommendation, Workshop

app = Flask(__name__)
app.config.update(
    API_TITLE="Peer",
    API_VERSION="1",
    OPENAPI_VERSION="3.0.3",
    SQLALCHEMY_DATABASE_URI=models.URL,
)
db = SQLAlchemy(app, model_class=models.Base)
blueprint = Blueprint("peer", __name__)


class CityBriefSchema(Schema):
    """A city beside a workshop."""

    slug = fields.String()
    name = fields.String()
    country = fields.String()


class CitySchema(CityBriefSchema):
    """A city."""

    id = fields.Integer()
    latitude = fields.Float()
    longitude = fields.Float()
    timezone = fields.String()
    source_url = fields.String()


class DocumentBriefSchema(Schema):
    """A document in a list of workshops."""

    slug = fields.String()
    title = fields.String()
    kind = fields.String()
    language = fields.String()


class DocumentSchema(DocumentBriefSchema):
    """A document."""

    media_type = fields.String()
    published_on = fields.Date()
    file_url = fields.String()
    source_url = fields.String()


class RecommendationSchema(Schema):
    """A recommendation."""

    id = fields.Integer()
    slug = fields.String()
    city_id = fields.Integer()
    workshop_id = fields.Integer()
    dimension = fields.String()
    status = fields.String()
    language = fields.String()
    text = fields.String()
    source_url = fields.String()


class WorkshopSchema(Schema):
    """A workshop."""

    id = fields.Integer()
    slug = fields.String()
    city_id = fields.Integer()
    title = fields.String()
    kind = fields.String()
    mode = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    starts_at = fields.DateTime()
    ends_at = fields.DateTime()
    languages = fields.String()
    objectives = fields.String()
    source_url = fields.String()


class CardSchema(WorkshopSchema):
    """A workshop with summaries of its city and documents."""

    city = fields.Nested(CityBriefSchema)
    documents = fields.List(fields.Nested(DocumentBriefSchema))


class FullSchema(WorkshopSchema):
    """A workshop with all that belongs to it."""

    city = fields.Nested(CityBriefSchema)
    documents = fields.List(fields.Nested(DocumentSchema))
    recommendations = fields.List(fields.Nested(RecommendationSchema))


class WorkshopsQuery(Schema):
    """What workshops are asked for."""

    country = fields.String(required=True)
    date_from = fields.Date(required=True)
    date_to = fields.Date(required=True)
    language = fields.String(required=True)


class Question(Schema):
    """The other parameters, each for some of the views."""

    q = fields.String()
    limit = fields.Integer(load_default=20)
    lang = fields.String()
    country = fields.String()
    status = fields.String()


class FoundSchema(Schema):
    """What was found, and how much there is."""

    items = fields.List(fields.Nested(RecommendationSchema))
    total = fields.Integer()


class CountSchema(Schema):
    """How often a value comes."""

    value = fields.String()
    count = fields.Integer()


class FacetsSchema(Schema):
    """The counts of two facets."""

    dimension = fields.List(fields.Nested(CountSchema))
    city = fields.List(fields.Nested(CountSchema))


class Selected(Page):
    """A page of a select statement."""

    @property
    def items(self) -> Any:
        """Return the page's rows."""
        asked = self.collection.limit(self.page_params.page_size)
        return db.session.scalars(asked.offset(self.page_params.first_item)).all()

    @property
    def item_count(self) -> Any:
        """Return how many rows there are."""
        found = self.collection.order_by(None).subquery()
        return db.session.scalar(select(func.count()).select_from(found))


def newest(asked: Select[Any]) -> Select[Any]:
    """Return workshops, the newest first."""
    return asked.order_by(Workshop.starts_on.desc(), Workshop.id.desc())


@blueprint.route("/cities/<slug>")
class CityView(MethodView):
    """One city."""

    @blueprint.etag
    @blueprint.response(200, CitySchema)
    def get(self, slug: str) -> Any:
        """Return it."""
        return db.session.scalar(select(City).where(City.slug == slug)) or abort(404)


@blueprint.route("/cities/<slug>/workshops")
class CityWorkshopsView(MethodView):
    """A city's newest workshops."""

    @blueprint.etag
    @blueprint.response(200, WorkshopSchema(many=True))
    @blueprint.paginate(Selected, page_size=20)
    def get(self, slug: str) -> Any:
        """Return a page."""
        return newest(select(Workshop).join(Workshop.city).where(City.slug == slug))


@blueprint.route("/workshops")
class WorkshopsView(MethodView):
    """A country's workshops of some years and a language."""

    @blueprint.etag
    @blueprint.arguments(WorkshopsQuery, location="query")
    @blueprint.response(200, CardSchema(many=True))
    @blueprint.paginate(Selected, page_size=50)
    def get(self, asked: dict[str, Any]) -> Any:
        """Return a page."""
        found = select(Workshop).join(Workshop.city).where(City.country == asked["country"])
        found = found.where(Workshop.starts_on.between(asked["date_from"], asked["date_to"]))
        found = found.where(Workshop.languages.contains(asked["language"]))
        return newest(found.options(joinedload(Workshop.city), selectinload(Workshop.documents)))


@blueprint.route("/workshops.csv")
class WorkshopsTableView(MethodView):
    """All workshops of a country as a table."""

    @blueprint.arguments(Question, location="query")
    def get(self, asked: dict[str, Any]) -> Response:
        """Return it."""
        found = select(Workshop).join(Workshop.city).where(City.country == asked["country"])
        rows = WorkshopSchema(many=True).dump(db.session.scalars(found.order_by(Workshop.id)))
        written = io.StringIO()
        table = csv.DictWriter(written, list(WorkshopSchema().fields))
        table.writeheader()
        table.writerows(rows)
        return Response(written.getvalue(), content_type="text/csv")


@blueprint.route("/workshops/<slug>")
class WorkshopView(MethodView):
    """One workshop with all that belongs to it."""

    @blueprint.etag
    @blueprint.response(200, FullSchema)
    def get(self, slug: str) -> Any:
        """Return it."""
        asked = select(Workshop).where(Workshop.slug == slug)
        asked = asked.options(joinedload(Workshop.city), selectinload(Workshop.documents))
        asked = asked.options(selectinload(Workshop.recommendations))
        return db.session.scalar(asked) or abort(404)


@blueprint.route("/recommendations")
class RecommendationsView(MethodView):
    """All recommendations, by page numbers."""

    @blueprint.etag
    @blueprint.response(200, RecommendationSchema(many=True))
    @blueprint.paginate(Selected, page_size=50)
    def get(self) -> Any:
        """Return a page."""
        return select(Recommendation).order_by(Recommendation.id)


@blueprint.route("/cities/<slug>/recommendations")
class CityRecommendationsView(MethodView):
    """A city's recommendations in the languages that are asked for."""

    @blueprint.etag
    @blueprint.arguments(Question, location="query")
    @blueprint.response(200, FoundSchema)
    def get(self, asked: dict[str, Any], slug: str) -> Any:
        """Return the first of them."""
        found = select(Recommendation).join(Recommendation.city).where(City.slug == slug)
        total = db.session.scalar(select(func.count()).select_from(found.subquery()))
        found = found.options(selectinload(Recommendation.translations))
        items = []
        for each in db.session.scalars(found.order_by(Recommendation.id).limit(asked["limit"])):
            language, said = each.said_in(asked["lang"].split(","))
            items.append({**vars(each), "language": language, "text": said})
        return {"items": items, "total": total}


@blueprint.route("/search")
class SearchView(MethodView):
    """The recommendations that have all the words."""

    @blueprint.etag
    @blueprint.arguments(Question, location="query")
    @blueprint.response(200, FoundSchema)
    def get(self, asked: dict[str, Any]) -> Any:
        """Return the best."""
        items, total = models.search(db.session(), asked["q"], asked["limit"])
        return {"items": items, "total": total}


@blueprint.route("/facets")
class FacetsView(MethodView):
    """How many recommendations each dimension and city has."""

    @blueprint.etag
    @blueprint.arguments(Question, location="query")
    @blueprint.response(200, FacetsSchema)
    def get(self, asked: dict[str, Any]) -> Any:
        """Return the counts."""
        return models.counts(db.session(), asked.get("country"), asked.get("status"))


Api(app).register_blueprint(blueprint)

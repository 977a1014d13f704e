"""The index of the API, its contract, and what its problem codes mean."""

from flask import Response, current_app, request
from marshmallow import fields

from ..schemas.answers import Answer
from ..schemas.facts import facts
from ..services import changes
from ..services.records import COLLECTIONS
from ..settings import ROOT
from ..web import conditional
from ..web.blueprint import Blueprint
from ..web.db import snapshot
from ..web.envelopes import base_url
from ..web.negotiation import JSON, json_response, negotiate
from ..web.params import refuse_parameters

YAML = "application/yaml"
SCHEMA_JSON = "application/schema+json"
blueprint = Blueprint("about", "about", description="The API about itself.")


class IndexLinks(Answer):
    """Addresses of everything."""

    always = ("self", "openapi", "docs", "search", "problems", "live", "ready")
    self_ = fields.URL(data_key="self", metadata=facts("This index."))
    openapi = fields.URL(metadata=facts("The contract."))
    docs = fields.URL(metadata=facts("A page to read and try the contract."))
    search = fields.URL(metadata=facts("Search over all types; needs `q`."))
    problems = fields.URL(metadata=facts("What the problem codes mean."))
    live = fields.URL(metadata=facts("Whether the server runs."))
    ready = fields.URL(metadata=facts("Whether the server can answer."))


class IndexCollection(Answer):
    """A collection and how many records it has."""

    always = ("name", "url", "count")
    name = fields.String(metadata=facts("Its name.", example="workshops"))
    url = fields.URL(metadata=facts("Its address."))
    count = fields.Integer(metadata=facts("How many records it has.", example=18))


class Index(Answer):
    """What this API is, and where its parts are."""

    always = ("title", "version", "description", "licence", "collections", "links")
    title = fields.String(metadata=facts("The name of the API."))
    version = fields.String(metadata=facts("The version of the contract."))
    description = fields.String(metadata=facts("What it is."))
    licence = fields.String(metadata=facts("The licence of the texts."))
    collections = fields.List(
        fields.Nested(IndexCollection), metadata=facts("The collections, with counts.")
    )
    links = fields.Nested(IndexLinks, metadata=facts("Addresses of everything."))


class IndexAnswer(Answer):
    """The index."""

    always = ("data",)
    data = fields.Nested(Index, metadata=facts("The index."))


@blueprint.route("", strict_slashes=False)
@blueprint.operation("get_index", "Get the index", answer=IndexAnswer)
def index() -> Response:
    """Get the index

    What this is, how many records there are, and where everything is.
    """
    negotiate(JSON)
    refuse_parameters(request.args.items(multi=True))
    names = [each.name for each in COLLECTIONS]
    with snapshot() as connection:
        mark = changes.mark(connection, names)
        value = conditional.tag(mark.seq, mark.epoch)
        if conditional.is_current(value):
            return conditional.not_modified(value)
        counts = changes.counts(connection)
    base, public = base_url(), current_app.config["PUBLIC_URL"]
    data = {
        "title": current_app.config["API_TITLE"],
        "version": current_app.config["API_VERSION"],
        "description": current_app.config["DESCRIPTION"],
        "licence": "CC-BY-4.0",
        "collections": [
            {"name": name, "url": f"{base}/{name}", "count": counts[name]} for name in names
        ],
        "links": {
            "self": base,
            "openapi": f"{base}/openapi.yaml",
            "docs": f"{public}/docs",
            "search": f"{base}/search",
            "problems": f"{base}/problems",
            "live": f"{public}/health/live",
            "ready": f"{public}/health/ready",
        },
    }
    return conditional.cached(json_response({"data": data}), value)


@blueprint.route("/openapi.yaml")
@blueprint.operation(
    "get_openapi",
    "Get the contract",
    answer={"description": "The contract in YAML."},
    content_type=YAML,
    errors={400: "BAD_REQUEST", 406: "NOT_ACCEPTABLE"},
)
def openapi() -> Response:
    """Get the contract

    The OpenAPI 3.1 document of this server, with its own address under `servers`.
    """
    negotiate(YAML)
    refuse_parameters(request.args.items(multi=True))
    value = conditional.tag(0, "")
    if conditional.is_current(value):
        return conditional.not_modified(value)
    text = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
    text = text.replace("http://127.0.0.1:8000", current_app.config["PUBLIC_URL"])
    return conditional.cached(Response(text, content_type=YAML), value)


@blueprint.route("/bundle.schema.json")
@blueprint.operation(
    "get_bundle_schema",
    "Get the form of bundles",
    answer={"type": "object", "description": "A JSON Schema."},
    content_type=SCHEMA_JSON,
    errors={400: "BAD_REQUEST", 406: "NOT_ACCEPTABLE"},
)
def bundle_schema() -> Response:
    """Get the form of bundles

    A JSON Schema (2020-12) with which editors complete and check bundles.
    """
    negotiate(SCHEMA_JSON)
    refuse_parameters(request.args.items(multi=True))
    value = conditional.tag(0, "")
    if conditional.is_current(value):
        return conditional.not_modified(value)
    text = (ROOT / "seed" / "bundle.schema.json").read_bytes()
    return conditional.cached(Response(text, content_type=SCHEMA_JSON), value)

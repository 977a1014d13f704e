"""The index of the API, its contract, and what its problem codes mean."""

from dataclasses import asdict
from functools import cache
from pathlib import Path

from flask import Response, current_app, request

from ..schemas.index import IndexAnswer
from ..services import changes
from ..services.records import COLLECTIONS
from ..settings import ROOT
from ..web import conditional
from ..web.blueprint import Blueprint
from ..web.components import FREE_FORMS
from ..web.db import snapshot
from ..web.negotiation import JSON, json_response, negotiate
from ..web.params import refuse_parameters
from ..web.versions import base_url, version

YAML = "application/yaml"
SCHEMA_JSON = "application/schema+json"
blueprint = Blueprint("about", "about", description="The API about itself.")


@cache
def _file(path: Path) -> str:
    """Return a generated file as it was first read: its tag speaks of the code that runs."""
    return path.read_text(encoding="utf-8")


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
        value = conditional.tag(mark.seq, mark.history)
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
            "changes": f"{base}/changes",
            "state": f"{base}/state",
            "snapshot": f"{base}/snapshot",
            "catalog": f"{base}/catalog",
            "problems": f"{base}/problems",
            "live": f"{public}/health/live",
            "ready": f"{public}/health/ready",
        },
        "deprecations": [asdict(each) for each in version().deprecations],
    }
    return conditional.cached(json_response({"data": data}), value, names)


@blueprint.route("/openapi.yaml")
@blueprint.operation(
    "get_openapi",
    "Get the contract",
    answer={"type": "string", "description": "The contract in YAML."},
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
    text = _file(version().document).replace(
        "http://127.0.0.1:8000", current_app.config["PUBLIC_URL"]
    )
    return conditional.cached(Response(text, content_type=YAML), value, ())


@blueprint.route("/bundle.schema.json")
@blueprint.operation(
    "get_bundle_schema",
    "Get the form of bundles",
    answer=FREE_FORMS["BundleSchema"],
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
    return conditional.cached(
        Response(_file(ROOT / "seed" / "bundle.schema.json"), content_type=SCHEMA_JSON), value, ()
    )

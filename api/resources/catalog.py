"""What is published here, for the machines that look for data and for APIs."""

import flask
import orjson
from flask import Response, current_app, request

from ..formats import dcat
from ..formats.dcat import Dataset, Way
from ..formats.places import Places
from ..services import changes
from ..services.collection import Collection
from ..services.doors import spelled
from ..services.records import COLLECTIONS
from ..web import conditional
from ..web.blueprint import Blueprint
from ..web.components import FREE_FORMS
from ..web.db import snapshot
from ..web.formats import places
from ..web.known_formats import JSONLD, formats_of
from ..web.negotiation import JSON, negotiate
from ..web.params import refuse_parameters

NDJSON = "application/x-ndjson"
LINKSET = "application/linkset+json"
PROFILE = 'profile="https://www.rfc-editor.org/info/rfc9727"'
blueprint = Blueprint("catalog", "catalog", description="The catalogue of what is published here.")
well_known = flask.Blueprint("well_known", __name__)
NAMES = tuple(each.name for each in COLLECTIONS)


@blueprint.route("/catalog")
@blueprint.operation(
    "get_catalog",
    "Get the catalogue",
    answer=FREE_FORMS["LinkedData"],
    content_type=JSONLD.media_type,
)
def catalog() -> Response:
    """Get the catalogue

    DCAT 3 in JSON-LD: a dataset for everything and one for each type of record, with the formats
    and addresses that each can be had in, and this API as the service behind them.
    """
    negotiate(JSONLD.media_type)
    refuse_parameters(request.args.items(multi=True))
    with snapshot() as connection:
        mark = changes.mark(connection, NAMES)
        value = conditional.tag(mark.seq, mark.history)
        if conditional.is_current(value):
            return conditional.not_modified(value)
        moments = {name: spelled(at) for name, at in changes.moments(connection).items()}
    there, config = places(), current_app.config
    found = dcat.catalogue(
        config["API_TITLE"],
        config["DESCRIPTION"],
        _datasets(there, moments),
        there,
        config["API_VERSION"],
    )
    response = Response(orjson.dumps(found) + b"\n", content_type=JSONLD.media_type)
    return conditional.cached(response, value, NAMES)


def _datasets(there: Places, moments: dict[str, str]) -> list[Dataset]:
    everything = Dataset(
        "everything",
        "All records",
        "Every record of every type, with all translations, as one state of the store.",
        max(moments.values(), default=None),
        (Way(f"{there.base}/snapshot", NDJSON),),
    )
    return [everything, *(_dataset(each, there, moments) for each in COLLECTIONS)]


def _dataset(collection: Collection, there: Places, moments: dict[str, str]) -> Dataset:
    name = collection.name
    whole = [each for each in formats_of(collection) if "limit" in each.offer.without]
    return Dataset(
        name,
        name.capitalize(),
        " ".join((collection.schema.__doc__ or "").split()),
        moments.get(name),
        (
            Way(f"{there.base}/snapshot?types={name}", NDJSON),
            *(Way(f"{there.base}/{name}.{each.suffix}", each.media_type) for each in whole),
        ),
    )


@well_known.get("/.well-known/api-catalog")
def api_catalog() -> Response:
    """Tell where the API, its contract and its documentation are (RFC 9727, RFC 9264)."""
    negotiate(LINKSET, JSON)
    there = places()
    value = conditional.tag(0, there.site)
    if conditional.is_current(value):
        return conditional.not_modified(value)
    links = {
        "anchor": there.base,
        "service-desc": [{"href": f"{there.base}/openapi.yaml", "type": "application/yaml"}],
        "service-doc": [{"href": f"{there.site}/docs", "type": "text/html"}],
        "service-meta": [{"href": f"{there.base}/catalog", "type": JSONLD.media_type}],
        "status": [{"href": f"{there.site}/health/ready", "type": JSON}],
    }
    body = {"linkset": [links]}
    response = Response(orjson.dumps(body) + b"\n", content_type=f"{LINKSET}; {PROFILE}")
    response.headers["Link"] = f'<{there.site}{request.path}>; rel="api-catalog"'
    return conditional.cached(response, value, ())

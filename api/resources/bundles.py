"""Cities as bundles: what an admin takes out, changes, and brings back."""

from flask import Response, request
from marshmallow import fields

from ..schemas.answers import Answer
from ..schemas.facts import facts
from ..services import changes
from ..services.exporting import as_yaml, city_bundle
from ..services.records import BY_NAME, CITIES, COLLECTIONS
from ..web import conditional
from ..web.blueprint import READ_ERRORS, Blueprint
from ..web.db import snapshot
from ..web.negotiation import JSON, json_response, negotiate
from ..web.parameters import id_parameter
from ..web.params import refuse_parameters

YAML = "application/yaml"
ERRORS = READ_ERRORS | {404: "NOT_FOUND", 410: "GONE"}
blueprint = Blueprint("bundles", "bundles", description="Cities to take out and bring back.")


def _bundle_shape() -> type[Answer]:
    members = {
        each.name: fields.Dict(
            keys=fields.String(),
            values=fields.Dict(),
            metadata=facts(f"Id → record, of {each.name}: the write form and its version."),
        )
        for each in COLLECTIONS
    }
    doc = {"__doc__": "A bundle: collection, id, record. Nulls and empty values are left out."}
    return type("Bundle", (Answer,), doc | members)


@blueprint.route("/cities/<id>/bundle", parameters=[id_parameter(CITIES)])
@blueprint.operation("get_city_bundle", "Export a city", answer=_bundle_shape(), errors=ERRORS)
def bundle(id: str) -> Response:  # noqa: A002  the contract's name
    """Export a city

    The city and every record that names it, each with its version, in the form that an import
    takes. Imported again unchanged, it changes nothing.
    """
    negotiate(JSON)
    return _export(id, JSON)


@blueprint.route("/cities/<id>/bundle.yaml", parameters=[id_parameter(CITIES)])
@blueprint.operation(
    "get_city_bundle_yaml",
    "Export a city as YAML",
    answer={"type": "string", "description": "A bundle in YAML."},
    content_type=YAML,
    errors=ERRORS,
)
def bundle_yaml(id: str) -> Response:  # noqa: A002  the contract's name
    """Export a city as YAML

    The same bundle as a seed file.
    """
    negotiate(YAML)
    return _export(id, YAML)


def _export(city_id: str, media_type: str) -> Response:
    refuse_parameters(request.args.items(multi=True))
    with snapshot() as connection:
        mark = changes.mark(connection, BY_NAME)
        value = conditional.tag(mark.seq, mark.history)
        found = city_bundle(connection, city_id)
    if conditional.is_current(value):
        return conditional.not_modified(value)
    if media_type == JSON:
        return conditional.cached(json_response(found), value, BY_NAME)
    return conditional.cached(Response(as_yaml(found), content_type=YAML), value, BY_NAME)

"""Whether the server runs, and whether it can answer."""

from flask import Response, request
from marshmallow import fields

from ..errors import StoreUnavailable
from ..schemas.answers import Answer
from ..schemas.facts import facts
from ..services.migrating import present_revision, wanted_revision
from ..web.blueprint import Blueprint
from ..web.db import engine, snapshot
from ..web.negotiation import JSON, json_response, negotiate
from ..web.params import refuse_parameters

blueprint = Blueprint(
    "health", "health", description="For whoever watches the server.", tagged=False
)
ERRORS = {400: "BAD_REQUEST", 406: "NOT_ACCEPTABLE"}


class Health(Answer):
    """How the server is."""

    always = ("status",)
    status = fields.String(metadata=facts("`ok`.", example="ok"))


@blueprint.route("/live")
@blueprint.operation("get_liveness", "Ask whether it runs", answer=Health, errors=ERRORS)
def live() -> Response:
    """Ask whether it runs

    Answers as long as the process does, whatever the store's state.
    """
    return _ok()


@blueprint.route("/ready")
@blueprint.operation(
    "get_readiness",
    "Ask whether it can answer",
    answer=Health,
    errors=ERRORS | {503: "SERVICE_UNAVAILABLE"},
)
def ready() -> Response:
    """Ask whether it can answer

    503 when the store does not answer, or is not at the schema that this code expects.
    """
    with snapshot():
        present, wanted = present_revision(engine()), wanted_revision()
    if present != wanted:
        raise StoreUnavailable(
            f"The store is at schema {present}, and {wanted} is expected: run pilotcities serve."
        )
    return _ok()


def _ok() -> Response:
    negotiate(JSON)
    refuse_parameters(request.args.items(multi=True))
    response = json_response({"status": "ok"})
    response.headers["Cache-Control"] = "no-store"
    return response

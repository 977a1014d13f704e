"""Imports: bundles over HTTP, first the plan, then all of it or nothing."""

import re
import tempfile
from typing import Any

from flask import Response, current_app, request
from marshmallow import ValidationError

from ..errors import Fault
from ..schemas.imports import ImportAnswer
from ..services import seeding, streaming
from ..services.catalog import Outcome
from ..services.database import reading, writing
from ..services.doors import Door
from ..services.items import items_of
from ..services.plans import Step
from ..services.reading import read_bytes
from ..services.tokens import Scope
from ..web import auth
from ..web.blueprint import Blueprint
from ..web.bodies import refuse_media
from ..web.components import FREE_FORMS
from ..web.db import engine
from ..web.editing import SECURITY
from ..web.negotiation import JSON, json_response, negotiate
from ..web.params import Reader
from ..web.writes import WRITE_ERRORS, is_true

NDJSON = "application/x-ndjson"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = {JSON: ".json", "application/yaml": ".yaml", XLSX: ".xlsx"}
OPS = {
    Outcome.CREATED: "create",
    Outcome.UPDATED: "update",
    Outcome.UNCHANGED: "unchanged",
    Outcome.DELETED: "delete",
    Outcome.CONFLICT: "conflict",
}
blueprint = Blueprint("imports", "imports", description="Bundles: whole cities at once.")


BODY = {
    "required": True,
    "description": "A bundle: collection, id, record. NDJSON: one record a line.",
    "content": {
        JSON: {"schema": FREE_FORMS["BundleInput"]},
        "application/yaml": {"schema": {"type": "string", "description": "A bundle."}},
        NDJSON: {"schema": {"type": "string", "description": "A record a line."}},
        XLSX: {"schema": {"type": "string", "format": "binary", "description": "A workbook."}},
    },
}


@blueprint.route("/imports", methods=["POST"])
@blueprint.operation(
    "import_bundle",
    "Plan or apply an import",
    answer=ImportAnswer,
    errors=WRITE_ERRORS,
    parameters=[
        {
            "name": "apply",
            "in": "query",
            "description": "The digest of the plan that is to be done. Without it: the plan only.",
            "schema": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$", "maxLength": 71},
        },
        {
            "name": "prune",
            "in": "query",
            "description": "`true`: delete what lies wholly inside the bundle's cities and is not "
            "in the bundle. Not for NDJSON.",
            "schema": {"type": "boolean"},
        },
    ],
    requestBody=BODY,
    security=SECURITY,
)
def import_bundle() -> Response:
    """Plan or apply an import

    Without `apply` the answer is the plan: per record create, update (field by field), unchanged,
    delete, conflict. With `apply`, the digest of a plan, it is done, all or nothing; when the
    store has moved on so that the plan is another, the answer is 409 and nothing is done. A record
    may carry the `version` that it was made from: a newer one in the store is a conflict.
    """
    door = auth.require(Scope.CONTENT_WRITE).door
    negotiate(JSON)
    reader = Reader(request.args.items(multi=True), ("apply", "prune"))
    expected = reader.read("apply", _digest)
    prune = reader.read("prune", is_true, False)
    refuse_media(*FORMS, NDJSON)
    if prune and request.mimetype == NDJSON:
        reader.faults.append(Fault("a stream cannot be pruned: send a bundle", parameter="prune"))
    reader.finish()
    request.max_content_length = current_app.config["MAX_IMPORT_BYTES"]
    if request.mimetype == NDJSON:
        return _answer(*_stream(door, expected), expected)
    items = items_of([read_bytes(request.get_data(cache=False), "body", FORMS[request.mimetype])])
    if expected is None:
        with reading(engine()) as connection:
            made = seeding.plan(connection, items, prune=prune, door=door)
    else:
        with writing(engine()) as connection:
            made = seeding.apply(connection, items, door, prune=prune, expected=expected)
    return _answer(made.digest, dict(made.counts), list(made.steps), False, expected)


def _stream(door: Door, expected: str | None) -> tuple[str, dict[Outcome, int], list[Step], bool]:
    with tempfile.TemporaryFile() as spooled:
        _spool(request.stream, spooled)
        store = engine()
        with reading(store) if expected is None else writing(store) as connection:
            made = streaming.stream(
                connection,
                spooled,
                "body",
                door,
                expected=expected,
                applying=expected is not None,
            )
    return made.digest, dict(made.counts), made.steps, made.truncated


def _spool(source: Any, target: Any) -> None:
    while chunk := source.read(1 << 20):
        target.write(chunk)
    target.seek(0)


def _digest(text: str) -> str:
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", text):
        raise ValidationError("must be the digest of a plan, sha256: and 64 hexadecimal digits")
    return text


def _answer(
    digest: str,
    counts: dict[Outcome, int],
    steps: list[Step],
    truncated: bool,
    expected: str | None,
) -> Response:
    data = {
        "digest": digest,
        "applied": expected is not None,
        "counts": {name: counts.get(outcome, 0) for outcome, name in OPS.items()},
        "steps": [_step(each) for each in steps],
        "truncated": truncated,
    }
    response = json_response({"data": data})
    response.headers["Cache-Control"] = "no-store"
    return response


def _step(step: Step) -> dict[str, Any]:
    changes = [
        {"field": name, "before": before, "after": after}
        for name, (before, after) in step.changes.items()
    ]
    return {
        "op": OPS[step.outcome],
        "type": step.collection.name,
        "id": step.id,
        "version": step.version,
        "changes": changes,
    }

"""What the problem codes mean: where the `type` address of a problem document leads."""

from dataclasses import asdict
from typing import Any

from flask import Response, request
from marshmallow import fields

from ..errors import NotFound
from ..schemas.answers import Answer
from ..schemas.facts import facts
from ..web import conditional
from ..web.blueprint import Blueprint
from ..web.meanings import MEANINGS
from ..web.negotiation import JSON, json_response, negotiate
from ..web.params import refuse_parameters

blueprint = Blueprint("problems", "problems", description="What can go wrong.")
_ALL = dict(sorted(MEANINGS.items()))


class ProblemCode(Answer):
    """What a problem code means."""

    always = ("code", "status", "title", "description")
    code = fields.String(metadata=facts("The code.", example="cursor_expired"))
    status = fields.Integer(metadata=facts("The HTTP status that it comes with.", example=400))
    title = fields.String(metadata=facts("The code in words."))
    description = fields.String(metadata=facts("When it is given."))


class ProblemCodeAnswer(Answer):
    """One problem code."""

    always = ("data",)
    data = fields.Nested(ProblemCode, metadata=facts("The code."))


class ProblemCodeList(Answer):
    """All problem codes."""

    always = ("data",)
    data = fields.List(fields.Nested(ProblemCode), metadata=facts("The codes."))


def _table() -> str:
    rows = [f"| `{code}` | {each.status} | {each.description} |" for code, each in _ALL.items()]
    head = ["| `code` | Status | When |", "| --- | --- | --- |"]
    told = "Every `code` that a problem document of this API can carry."
    return "\n".join([*head, *rows, "", told])


@blueprint.route("/problems")
@blueprint.operation(
    "list_problems",
    "List problem codes",
    answer=ProblemCodeList,
    errors={400: "BAD_REQUEST", 406: "NOT_ACCEPTABLE"},
    description=_table(),
)
def list_problems() -> Response:
    """List problem codes

    Every `code` that a problem document of this API can carry.
    """
    return _static({"data": [asdict(each) for each in _ALL.values()]})


@blueprint.route(
    "/problems/<code>",
    parameters=[
        {
            "name": "code",
            "in": "path",
            "required": True,
            "description": "The code.",
            "schema": {"type": "string", "pattern": "^[a-z_]+$", "maxLength": 80},
            "example": "cursor_expired",
        }
    ],
)
@blueprint.operation(
    "get_problem",
    "Get a problem code",
    answer=ProblemCodeAnswer,
    errors={400: "BAD_REQUEST", 404: "NOT_FOUND", 406: "NOT_ACCEPTABLE"},
)
def get_problem(code: str) -> Response:
    """Get a problem code

    What the `type` address of a problem document leads to.
    """
    if code not in MEANINGS:
        raise NotFound(f"There is no problem code {code[:80]!r}.")
    return _static({"data": asdict(MEANINGS[code])})


def _static(body: dict[str, Any]) -> Response:
    negotiate(JSON)
    refuse_parameters(request.args.items(multi=True))
    value = conditional.tag(0, "")
    if conditional.is_current(value):
        return conditional.not_modified(value)
    return conditional.cached(json_response(body), value, ())

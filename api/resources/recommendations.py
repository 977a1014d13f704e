"""Recommendations, and the chain that each stands in."""

from typing import Any

from flask import Response, request
from marshmallow import fields

from ..schemas import RecommendationInput
from ..schemas.answers import Answer, answer
from ..schemas.facts import facts
from ..services import changes
from ..services.collection import Collection
from ..services.projection import project
from ..services.records import ACTIONS, DOCUMENTS, FINDINGS, RECOMMENDATIONS, WORKSHOPS
from ..services.trace import STEPS, trace
from ..web import conditional
from ..web.blueprint import READ_ERRORS
from ..web.db import snapshot
from ..web.envelopes import view_of
from ..web.negotiation import JSON, json_response, negotiate
from ..web.parameters import id_parameter
from ..web.params import read_lang_query
from ..web.publish import publish

blueprint = publish(RECOMMENDATIONS, "What cities are advised to do.")


def _list_of(collection: Collection, description: str) -> fields.List[Any]:
    return fields.List(fields.Nested(answer(collection.schema)), metadata=facts(description))


SHOWN = (RECOMMENDATIONS.name, *(each.name for each in STEPS))


class RecommendationTrace(Answer):
    """The chain around a recommendation, from what was found to what was done."""

    always = ("findings", "recommendation", "workshops", "actions", "documents")
    findings = _list_of(FINDINGS, "What the recommendation answers.")
    recommendation = fields.Nested(
        answer(RecommendationInput),
        metadata=facts("The recommendation; its `validations` tell what the workshops decided."),
    )
    workshops = _list_of(WORKSHOPS, "Where it was discussed or validated.")
    actions = _list_of(ACTIONS, "What followed from it.")
    documents = _list_of(DOCUMENTS, "Where the findings and the recommendation stand.")


class RecommendationTraceAnswer(Answer):
    """The chain around one recommendation."""

    always = ("data",)
    data = fields.Nested(RecommendationTrace, metadata=facts("The chain."))


@blueprint.route(
    "/recommendations/<id>/trace", parameters=[id_parameter(RECOMMENDATIONS)], endpoint="trace"
)
@blueprint.operation(
    "get_recommendation_trace",
    "Trace a recommendation",
    answer=RecommendationTraceAnswer,
    errors=READ_ERRORS | {404: "NOT_FOUND", 410: "GONE"},
    parameters=["Lang"],
)
def show_trace(id: str) -> Response:  # noqa: A002  the contract's name
    """Trace a recommendation

    The findings that it answers, the workshops that discussed it, the actions that followed,
    and the documents in which all this stands.
    """
    negotiate(JSON)
    query = read_lang_query(request.args.items(multi=True))
    with snapshot() as connection:
        mark = changes.mark(connection, SHOWN)
        value = conditional.tag(mark.seq, mark.history)
        found = trace(connection, id)
    if conditional.is_current(value):
        return conditional.not_modified(value)
    view = view_of(query)
    data: dict[str, Any] = {
        each.name: [project(each, record, view) for record in getattr(found, each.name)]
        for each in STEPS
    }
    data["recommendation"] = project(RECOMMENDATIONS, found.recommendation, view)
    return conditional.cached(json_response({"data": data}), value, SHOWN)

"""The shape of problem documents (RFC 9457)."""

from marshmallow import fields

from .answers import Answer
from .facts import facts


class FaultAnswer(Answer):
    """One thing that is wrong."""

    always = ("detail",)
    parameter = fields.String(metadata=facts("The query parameter.", example="stauts"))
    pointer = fields.String(
        metadata=facts("JSON pointer into the body, or into a line of NDJSON (RFC 6901).")
    )
    place = fields.String(
        metadata=facts("Where it stands in a bundle: line, or sheet, row and column.")
    )
    detail = fields.String(
        metadata=facts("What is wrong.", example="there is no such parameter. Did you mean status?")
    )


class References(Answer):
    """Records of one type that still point to another."""

    always = ("count", "ids")
    count = fields.Integer(metadata=facts("How many.", example=1))
    ids = fields.List(fields.String(), metadata=facts("Their ids, the first 20."))


class Problem(Answer):
    """What went wrong (RFC 9457). The members after `errors` come with some codes only."""

    always = ("type", "title", "status", "code", "detail", "request_id")
    type = fields.URL(metadata=facts("The page that explains the code."))
    title = fields.String(metadata=facts("The code in words.", example="Not found"))
    status = fields.Integer(metadata=facts("The HTTP status.", example=404))
    code = fields.String(metadata=facts("What a program looks at.", example="not_found"))
    detail = fields.String(metadata=facts("What is wrong this time."))
    request_id = fields.String(metadata=facts("The id in our log, and in X-Request-Id."))
    errors = fields.List(fields.Nested(FaultAnswer), metadata=facts("Each thing that is wrong."))
    available = fields.List(
        fields.String(), metadata=facts("406 and 415: the media types that are possible here.")
    )
    deleted_at = fields.AwareDateTime(metadata=facts("410: when the record was deleted."))
    reason = fields.String(allow_none=True, metadata=facts("410: why it was deleted."))
    replaced_by = fields.String(
        allow_none=True, metadata=facts("410: the id of the record that took its place.")
    )
    snapshot = fields.URL(metadata=facts("410: where a mirror begins again."))
    version = fields.Integer(metadata=facts("409, 412 and 428: the version that it is at."))
    digest = fields.String(metadata=facts("409: of the plan as it would be now."))
    references = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(References),
        metadata=facts("409: type → the records that still point to this one."),
    )

"""The shapes of the feed and the state."""

from marshmallow import fields

from .answers import Answer
from .facts import facts


class ChangeEntry(Answer):
    """What became of a record: its latest version, or that it was deleted."""

    always = ("seq", "type", "id", "op", "version", "at")
    seq = fields.Integer(
        metadata={**facts("Its place in the order of all writes.", example=12), "format": "int64"}
    )
    type = fields.String(metadata=facts("The record's type.", example="workshops"))
    id = fields.String(metadata=facts("The record's id."))
    op = fields.String(metadata=facts("`upsert` or `delete`.", example="upsert"))
    version = fields.Integer(metadata=facts("The record's version.", example=1))
    at = fields.AwareDateTime(metadata=facts("When it was written."))
    replaced_by = fields.String(
        allow_none=True, metadata=facts("Of a deletion: the id of what took its place.")
    )
    data = fields.Dict(
        metadata=facts("The record as `lang=*` shows it. Not there with `bodies=false`.")
    )


class FeedPage(Answer):
    """How far this page goes."""

    always = ("limit", "next_cursor", "has_more")
    limit = fields.Integer(metadata=facts("The most entries on a page.", example=50))
    next_cursor = fields.String(metadata=facts("`cursor` of the next call, now or later."))
    has_more = fields.Boolean(metadata=facts("Whether there is more already."))


class FeedLinks(Answer):
    """Addresses of this page and the next."""

    always = ("self", "next")
    self_ = fields.URL(data_key="self", metadata=facts("This page."))
    next = fields.URL(metadata=facts("The next call, now or later."))


class ChangeList(Answer):
    """A page of the feed."""

    always = ("data", "page", "links")
    data = fields.List(fields.Nested(ChangeEntry), metadata=facts("In the order of writing."))
    page = fields.Nested(FeedPage, metadata=facts("How far this page goes."))
    links = fields.Nested(FeedLinks, metadata=facts("Addresses of this page and the next."))


class TypeState(Answer):
    """What a copy of a type must come to."""

    always = ("count", "digest")
    count = fields.Integer(metadata=facts("How many records there are.", example=18))
    digest = fields.String(
        metadata=facts(
            "SHA-256, in hexadecimal after `sha256:`, over the lines `id version\\n` of the "
            "type's records in byte order of their ids."
        )
    )


class State(Answer):
    """What a copy of everything must come to."""

    always = ("cursor", "types")
    cursor = fields.String(metadata=facts("`cursor` of the feed at which this is so."))
    types = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(TypeState),
        metadata=facts("Type → how many records, and their digest."),
    )


class StateAnswer(Answer):
    """The state."""

    always = ("data",)
    data = fields.Nested(State, metadata=facts("The state."))

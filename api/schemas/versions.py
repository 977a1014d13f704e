"""The shapes of a record's versions, and of what changed between two."""

from marshmallow import fields

from .answers import Answer, answer
from .facts import facts
from .record import RecordInput


class VersionEntry(Answer):
    """One version of a record: when, through which door, and what became of it."""

    always = ("version", "op", "at", "door", "reason", "replaced_by", "redacted_at")
    version = fields.Integer(metadata=facts("Its number, from 1."))
    op = fields.String(metadata=facts("`upsert` or `delete`.", example="upsert"))
    at = fields.AwareDateTime(metadata=facts("When it was written."))
    door = fields.String(metadata=facts("`http` or `seed`.", example="http"))
    actor = fields.String(
        allow_none=True, metadata=facts("The name of the token; only for readers with a token.")
    )
    reason = fields.String(allow_none=True, metadata=facts("Why it was deleted."))
    replaced_by = fields.String(allow_none=True, metadata=facts("What took its place."))
    redacted_at = fields.AwareDateTime(
        allow_none=True, metadata=facts("When its texts were blanked.")
    )


class VersionLinks(Answer):
    """Addresses of this page and the next."""

    always = ("self", "next")
    self_ = fields.URL(data_key="self", metadata=facts("This page."))
    next = fields.URL(allow_none=True, metadata=facts("The next page; null on the last."))


class VersionList(Answer):
    """A record's versions, the newest first."""

    always = ("data", "links")
    data = fields.List(fields.Nested(VersionEntry), metadata=facts("The versions."))
    links = fields.Nested(VersionLinks, metadata=facts("This page and the next."))


class VersionChange(Answer):
    """What differs in a field."""

    always = ("field", "before", "after")
    field = fields.String(metadata=facts("The field."))
    before = fields.Raw(metadata=facts("Its value in the earlier version."))
    after = fields.Raw(metadata=facts("Its value in this version."))


class VersionDifference(Answer):
    """What changed between two versions; a deletion has no values."""

    always = ("since", "version", "changes")
    since = fields.Integer(metadata=facts("The version that is compared with."))
    version = fields.Integer(metadata=facts("The version."))
    changes = fields.List(fields.Nested(VersionChange), metadata=facts("Field by field."))


class VersionDifferenceAnswer(Answer):
    """What changed between two versions."""

    always = ("data",)
    data = fields.Nested(VersionDifference, metadata=facts("What changed."))


def version_answer(schema: type[RecordInput], of: str) -> type[Answer]:
    """Return the shape of one version's answer; `of` says of what it is, "of a city"."""
    name = answer(schema).__name__
    shape = type(
        f"{name}Version",
        (VersionEntry,),
        {
            "__doc__": f"One version {of}, with its content.",
            "always": (*VersionEntry.always, "record"),
            "record": fields.Nested(
                answer(schema),
                allow_none=True,
                metadata=facts("The record as it was, in all its languages; null: deleted."),
            ),
        },
    )
    data = fields.Nested(shape, metadata=facts("The version."))
    members = {"__doc__": f"One version {of}.", "always": ("data",), "data": data}
    return type(f"{name}VersionAnswer", (Answer,), members)

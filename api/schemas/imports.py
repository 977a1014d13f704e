"""The shapes of an import's plan."""

from marshmallow import fields

from .answers import Answer
from .facts import facts


class FieldChange(Answer):
    """What changes in a field."""

    always = ("field", "before", "after")
    field = fields.String(metadata=facts("The field.", example="starts_on"))
    before = fields.Raw(metadata=facts("Its value now."))
    after = fields.Raw(metadata=facts("Its value then."))


class ImportStep(Answer):
    """What happens to one record."""

    always = ("op", "type", "id", "version", "changes")
    op = fields.String(
        metadata=facts("create, update, unchanged, delete or conflict.", example="update")
    )
    type = fields.String(metadata=facts("Its collection.", example="workshops"))
    id = fields.String(metadata=facts("Its id."))
    version = fields.Integer(
        allow_none=True, metadata=facts("The version that the store has; null for a new record.")
    )
    changes = fields.List(fields.Nested(FieldChange), metadata=facts("What changes in it."))


class ImportCounts(Answer):
    """How many records of each kind of step."""

    always = ("create", "update", "unchanged", "delete", "conflict")
    create = fields.Integer(metadata=facts("New records."))
    update = fields.Integer(metadata=facts("Changed records."))
    unchanged = fields.Integer(metadata=facts("Records that the store holds already."))
    delete = fields.Integer(metadata=facts("Records that `prune` deletes."))
    conflict = fields.Integer(metadata=facts("Records that the store has a newer version of."))


class ImportPlan(Answer):
    """What an import does."""

    always = ("digest", "applied", "counts", "steps", "truncated")
    digest = fields.String(metadata=facts("Send it as `apply` to do just this."))
    applied = fields.Boolean(metadata=facts("Whether it is done."))
    counts = fields.Nested(ImportCounts, metadata=facts("How many records of each kind."))
    steps = fields.List(
        fields.Nested(ImportStep),
        metadata=facts("Each record; of NDJSON the first 1,000 that are not unchanged."),
    )
    truncated = fields.Boolean(metadata=facts("Whether there are more steps than are shown."))


class ImportAnswer(Answer):
    """The plan, or what was done."""

    always = ("data",)
    data = fields.Nested(ImportPlan, metadata=facts("The plan."))

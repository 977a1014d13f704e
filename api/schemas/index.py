"""The shape of the index of the API."""

from marshmallow import fields

from .answers import Answer
from .facts import facts


class IndexLinks(Answer):
    """Addresses of everything."""

    always = (
        "self",
        "openapi",
        "docs",
        "search",
        "changes",
        "state",
        "snapshot",
        "catalog",
        "problems",
        "live",
        "ready",
    )
    self_ = fields.URL(data_key="self", metadata=facts("This index."))
    openapi = fields.URL(metadata=facts("The contract."))
    docs = fields.URL(metadata=facts("A page to read and try the contract."))
    search = fields.URL(metadata=facts("Search over all types; needs `q`."))
    changes = fields.URL(metadata=facts("The feed of changes."))
    state = fields.URL(metadata=facts("What a copy must come to."))
    snapshot = fields.URL(metadata=facts("Everything at once."))
    catalog = fields.URL(metadata=facts("What is published here, for machines."))
    problems = fields.URL(metadata=facts("What the problem codes mean."))
    live = fields.URL(metadata=facts("Whether the server runs."))
    ready = fields.URL(metadata=facts("Whether the server can answer."))


class IndexCollection(Answer):
    """A collection and how many records it has."""

    always = ("name", "url", "count")
    name = fields.String(metadata=facts("Its name.", example="workshops"))
    url = fields.URL(metadata=facts("Its address."))
    count = fields.Integer(metadata=facts("How many records it has.", example=18))


class IndexDeprecation(Answer):
    """Something that is deprecated, and may be gone after its sunset."""

    always = ("what", "since", "sunset", "link", "instead")
    what = fields.String(
        metadata=facts(
            "The id of an operation, or a component of the contract: `parameters/…`, or "
            "`schemas/…/…`, a field."
        )
    )
    since = fields.Date(metadata=facts("Since when it is deprecated."))
    sunset = fields.Date(metadata=facts("From when on it may be gone."))
    link = fields.URL(metadata=facts("A page that explains it."))
    instead = fields.String(metadata=facts("What to use instead, as a sentence."))


class ApiIndex(Answer):
    """What this API is, and where its parts are."""

    always = (
        "title",
        "version",
        "description",
        "licence",
        "collections",
        "links",
        "deprecations",
    )
    title = fields.String(metadata=facts("The name of the API."))
    version = fields.String(metadata=facts("The version of the contract."))
    description = fields.String(metadata=facts("What it is."))
    licence = fields.String(metadata=facts("The licence of the texts."))
    collections = fields.List(
        fields.Nested(IndexCollection), metadata=facts("The collections, with counts.")
    )
    links = fields.Nested(IndexLinks, metadata=facts("Addresses of everything."))
    deprecations = fields.List(
        fields.Nested(IndexDeprecation), metadata=facts("What is deprecated; mostly nothing.")
    )


class IndexAnswer(Answer):
    """The index."""

    always = ("data",)
    data = fields.Nested(ApiIndex, metadata=facts("The index."))

"""The shapes of answers, derived from the write forms: one class each, open to new fields."""

import copy
from functools import cache
from typing import Any

from marshmallow import Schema, fields

from .facts import facts
from .fields import Code
from .record import RecordInput


class Answer(Schema):
    """Base of what is only ever sent. `always` names what every answer has."""

    always: tuple[str, ...] = ()


@cache
def answer(schema: type[Schema]) -> type[Answer]:
    """Return the answer's shape of a write form: the same fields, and what the server sets.

    `WorkshopInput` gives `Workshop`. Only id, version and lang of a record are always there,
    as `fields` can leave out the rest.
    """
    shown: dict[str, Any] = {n: _shown(field) for n, field in schema._declared_fields.items()}
    # Generators (C#) forget that the value of a closed list may be null where it is required.
    always = tuple(
        n for n, each in shown.items() if not (isinstance(each, Code) and each.allow_none)
    )
    if issubclass(schema, RecordInput):
        beside = _beside() | (_beside_files() if "files" in shown else {})
        shown = {"id": shown.pop("id"), **set_by_the_server(), **shown, **beside}
        always = ("id", "version", "lang")
    elif schema.__name__.endswith("TextsInput"):
        always = ()
    always = tuple(shown[n].data_key or n for n in always)
    members = {"__doc__": schema.__doc__, "always": always, **shown}
    return type(schema.__name__.removesuffix("Input"), (Answer,), members)


def _shown(field: fields.Field[Any]) -> fields.Field[Any]:
    if isinstance(field, fields.Nested):
        return fields.Nested(
            answer(type(field.schema)), allow_none=field.allow_none, metadata=field.metadata
        )
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        return fields.List(_shown(field.inner), metadata=field.metadata)
    if isinstance(field, fields.Dict) and isinstance(field.value_field, fields.Nested):
        return fields.Dict(
            keys=field.key_field, values=_shown(field.value_field), metadata=field.metadata
        )
    shown = copy.copy(field)
    shown.dump_only = False
    return shown


def set_by_the_server() -> dict[str, fields.Field[Any]]:
    """Return the fields that the server sets."""
    moment = "2026-11-22T08:00:00Z"
    return {
        "url": fields.URL(metadata=facts("Its address.")),
        "version": fields.Integer(metadata=facts("Counts its changes, from 1.", example=1)),
        "created_at": fields.AwareDateTime(
            metadata=facts("When it was first stored.", example=moment)
        ),
        "updated_at": fields.AwareDateTime(
            metadata=facts("When it was last changed.", example=moment)
        ),
    }


class Snippet(Answer):
    """The text that shows why a record was found."""

    always = ("field", "lang", "html")
    field = fields.String(metadata=facts("The field it is from.", example="title"))
    lang = fields.String(metadata=facts("The language of the text.", example="en"))
    html = fields.String(
        metadata=facts("Escaped HTML, the matches in `mark` elements.", example="<mark>Kh</mark>")
    )


class FoundIn(Answer):
    """The page of a document's file that says all that was looked for; the first, of several."""

    always = ("file", "page")
    file = fields.String(metadata=facts("The id of the file.", example="en"))
    page = fields.Integer(metadata=facts("The number of the page, from 1.", example=12))


def _beside() -> dict[str, fields.Field[Any]]:
    return {
        "fallbacks": fields.Dict(
            keys=fields.String(),
            values=fields.String(),
            metadata=facts(
                "Field → language, for each text that is not in the language that was asked for "
                "first. Not there with `lang=*`."
            ),
        ),
        "snippet": fields.Nested(
            Snippet, allow_none=True, metadata=facts("With `q` only: why it was found.")
        ),
    }


def _beside_files() -> dict[str, fields.Field[Any]]:
    told = "With `q` only: the page of its files that says all of it; null when none does."
    return {"found_in": fields.Nested(FoundIn, allow_none=True, metadata=facts(told))}


class Page(Answer):
    """Where in the list this page is."""

    always = ("limit", "total", "next_cursor")
    limit = fields.Integer(metadata=facts("The most records on a page.", example=50))
    total = fields.Integer(metadata=facts("How many records match, exactly.", example=2))
    next_cursor = fields.String(
        allow_none=True, metadata=facts("`cursor` of the next page; null on the last.")
    )


class Links(Answer):
    """Addresses of this page and the next."""

    always = ("self", "next")
    self_ = fields.URL(data_key="self", metadata=facts("This page."))
    next = fields.URL(allow_none=True, metadata=facts("The next page; null on the last."))


class FacetCount(Answer):
    """How many of the matching records have a value."""

    always = ("value", "count")
    value = fields.String(
        allow_none=True,
        metadata=facts("The value; null: none is known (not told of fields that hold lists)."),
    )
    count = fields.Integer(metadata=facts("How many records, exactly.", example=2))


@cache
def single_answer(schema: type[RecordInput], included: type[Answer]) -> type[Answer]:
    """Return the shape of one record's answer, `WorkshopAnswer`."""
    shape = answer(schema)
    return _envelope(
        f"{shape.__name__}Answer",
        f"One {shape.__name__}.",
        ("data",),
        data=fields.Nested(shape, metadata=facts("The record.")),
        included=fields.Nested(included, metadata=facts("With `include` only.")),
    )


@cache
def list_answer(schema: type[RecordInput], included: type[Answer]) -> type[Answer]:
    """Return the shape of a list's answer, `WorkshopList`."""
    shape = answer(schema)
    counts = fields.List(fields.Nested(FacetCount))
    return _envelope(
        f"{shape.__name__}List",
        f"A page of a list of {shape.__name__}.",
        ("data", "page", "links"),
        data=fields.List(fields.Nested(shape), metadata=facts("The records.")),
        page=fields.Nested(Page, metadata=facts("Where in the list this page is.")),
        links=fields.Nested(Links, metadata=facts("This page and the next.")),
        included=fields.Nested(included, metadata=facts("With `include` only.")),
        facets=fields.Dict(
            keys=fields.String(),
            values=counts,
            metadata=facts("With `facets` only: facet → counts, the most frequent first."),
        ),
    )


def included_answer(schemas: dict[str, type[RecordInput]]) -> type[Answer]:
    """Return the shape of `included`: collection → records, each once."""
    lists = {
        name: fields.List(
            fields.Nested(answer(schema)), metadata=facts(f"The {name} that come along.")
        )
        for name, schema in schemas.items()
    }
    return _envelope("Included", "Records that come along, each once.", (), **lists)


def _envelope(name: str, doc: str, always: tuple[str, ...], **members: Any) -> type[Answer]:
    return type(name, (Answer,), {"__doc__": doc, "always": always, **members})

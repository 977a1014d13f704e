"""What every record has, and how a record's schema is completed."""

from collections.abc import Mapping
from typing import Any, TypeVar

from marshmallow import Schema, ValidationError, fields, pre_load, validates_schema

from ..codes import Scope
from .dates import days, moment
from .facts import facts, facts_of
from .faults import SERVER_SET
from .fields import Code, ExternalIds, Objects, Reference, References, Slug, Text
from .forms import Form
from .parts import SourceInput
from .standards import Language

FIRST = ("id", "lang")
LAST = ("sources", "external_ids", "translations")

T = TypeVar("T", bound=type["RecordInput"])


class RecordInput(Form):
    """The write form of a record. Loading fills every missing field with null or empty."""

    id = Slug(required=True, metadata=facts("Its id, for good.", sort=True, example="kharkiv"))
    lang = Language(required=True, metadata=facts("The language of its own text.", example="en"))
    sources = Objects(
        SourceInput,
        required=True,
        metadata=facts("Where its content was read; at least one."),
    )
    external_ids = ExternalIds(metadata=facts("What other systems call it.", filter="external_id"))

    @pre_load
    def drop_what_the_server_sets(self, data: Any, **_: Any) -> Any:
        """Let an answer be sent back as it came."""
        if not isinstance(data, Mapping) or SERVER_SET.isdisjoint(data):
            return data
        return {name: value for name, value in data.items() if name not in SERVER_SET}

    @validates_schema
    def cited(self, data: dict[str, Any], **_: Any) -> None:
        """A record has a source, and sources speak of fields that exist."""
        sources = data.get("sources")
        if not sources:
            raise ValidationError("at least one source is needed", "sources")
        wrong = {
            number: {"fields": [f"there is no field {', '.join(unknown)}"]}
            for number, source in enumerate(sources)
            if (unknown := sorted(set(source.get("fields") or ()).difference(self.fields)))
        }
        if wrong:
            raise ValidationError({"sources": wrong})

    @validates_schema(skip_on_field_errors=False)
    def ends_after_start(self, data: dict[str, Any], **_: Any) -> None:
        """What ends does not end before it starts, and moments lie on the days."""
        wrong = {}
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and moment(end) < moment(start):
            wrong["ends_at"] = ["ends before it starts"]
        for name in ("starts", "ends"):
            day, at = data.get(f"{name}_on"), data.get(f"{name}_at")
            if day and at and not at.startswith(day):
                wrong[f"{name}_at"] = [f"is not on the day of {name}_on, {day}"]
        start, end = starting_day(data), data.get("ends_on")
        if start and end and days(end)[1] < days(start)[0]:
            wrong["ends_on"] = ["ends before it starts"]
        if wrong:
            raise ValidationError(wrong)

    @validates_schema(skip_on_field_errors=False)
    def translated_into_others(self, data: dict[str, Any], **_: Any) -> None:
        """The record's own language stands in its own fields, not in `translations`."""
        own = data.get("lang")
        if own and own in data.get("translations", {}):
            raise ValidationError({"translations": {own: ["is the record's own language"]}})


def starting_day(data: Mapping[str, Any]) -> str | None:
    """Return when something starts: the given day, month or year, or the day of its moment."""
    return data.get("starts_on") or (data.get("starts_at") or "")[:10] or None


class ScopedInput(RecordInput):
    """The write form of a record that can lie near the pilot without being its output."""

    scope = Code(
        Scope,
        load_default=Scope.PILOT.value,
        metadata=facts(
            "Whether it is the pilot's own or only near it; `pilot` when left out.",
            filter="scope",
            facet=True,
        ),
    )


class Translations(fields.Dict):
    """Language → the texts in it. Empty texts and languages without text are dropped."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        found = super()._deserialize(value, attr, data, **kwargs)
        if len(found) < len(value):
            raise ValidationError("one language stands here twice, spelled in two ways")
        full = {
            lang: {name: text for name, text in texts.items() if text}
            for lang, texts in found.items()
        }
        return {lang: texts for lang, texts in sorted(full.items()) if texts}


def translated(schema: type[RecordInput]) -> tuple[str, ...]:
    """Return the names of the fields that `translations` may hold."""
    return tuple(n for n, f in schema._declared_fields.items() if facts_of(f).translated)


def complete(schema: T) -> T:
    """Give a record's schema its `translations`, and its fields the order of the contract."""
    declared = schema._declared_fields
    texts = {name: _optional(declared[name]) for name in translated(schema)}
    name = schema.__name__.removesuffix("Input")
    shape = type(f"{name}TextsInput", (Form,), {"__doc__": f"Texts of a {name}.", **texts})
    declared["translations"] = Translations(
        keys=Language(),
        values=fields.Nested(shape),
        load_default=dict,
        metadata=facts("The texts in other languages: language, field, text."),
    )
    own = [n for n in declared if n not in FIRST + LAST]
    own.sort(key="scope".__eq__)
    schema._declared_fields = {n: declared[n] for n in (*FIRST, *own, *LAST)}
    return schema


def _optional(field: fields.Field[Any]) -> fields.Field[Any]:
    metadata = facts(field.metadata["description"])
    if isinstance(field, fields.List):
        return fields.List(field.inner, validate=field.validate, metadata=metadata)
    longest = field.longest if isinstance(field, Text) else None
    return Text(longest, allow_none=True, metadata=metadata)


def reference_fields(schema: type[Schema]) -> dict[str, str]:
    """Return field → collection for the fields that name other records."""
    found = {}
    for name, field in schema._declared_fields.items():
        if isinstance(field, Reference | References):
            found[name] = field.collection
        elif isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
            for each in field.inner.schema.fields.values():
                if isinstance(each, Reference):
                    found[name] = each.collection
    return found

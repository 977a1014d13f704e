"""Marshmallow's nested messages as a flat list of faults, in words that help."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from marshmallow import Schema, fields

from ..errors import Fault
from .fields import nearest

PLAIN = {
    "Missing data for required field.": "is required",
    "Field may not be null.": "must not be null",
    "Not a valid mapping type.": "must be an object of named values",
    "Not a valid list.": "must be a list",
    "Not a valid string.": "must be text",
    "Invalid input type.": "must be an object of named fields",
    "Invalid type.": "must be an object of named fields",
}
UNKNOWN = "Unknown field."
UNKNOWN_NAME = "there is no such field."
MOST_FAULTS = 200
SERVER_SET = frozenset({"version", "created_at", "updated_at", "url"})
"""What the server sets: shown in answers, ignored in a body."""


def faults(schema: Schema, messages: Mapping[Any, Any]) -> tuple[Fault, ...]:
    """Return one fault for each of the first messages, each at its JSON pointer (RFC 6901)."""
    found = islice(_object(schema, messages, ""), MOST_FAULTS)
    return tuple(Fault(detail, pointer=pointer) for pointer, detail in found)


def unknown_names(schema: Schema, patch: Mapping[str, Any], at: str = "") -> Iterator[Fault]:
    """Yield a fault for each name in a merge patch that no record has.

    Loading cannot tell of a name whose value is null: merging has taken it away by then.
    """
    by_key = {field.data_key or name: field for name, field in schema.fields.items()}
    for name, value in islice(patch.items(), MOST_FAULTS):
        field = by_key.get(name)
        inner = field.value_field if isinstance(field, fields.Dict) else field
        if field is None and name not in SERVER_SET:
            yield Fault(f"{UNKNOWN_NAME}{nearest(name, by_key)}", pointer=pointed(at, name))
        elif isinstance(inner, fields.Nested) and isinstance(value, Mapping):
            here = pointed(at, name)
            parts = {here: value}
            if isinstance(field, fields.Dict):
                parts = {pointed(here, key): part for key, part in value.items()}
            for place, part in parts.items():
                if isinstance(part, Mapping):
                    yield from unknown_names(inner.schema, part, place)


def _object(schema: Schema, messages: Mapping[Any, Any], at: str) -> Iterator[tuple[str, str]]:
    by_key = {field.data_key or name: field for name, field in schema.fields.items()}
    for name, inner in messages.items():
        field = by_key.get(name) or schema.fields.get(name)
        if name == "_schema":
            yield from _leaves(inner, at)
        elif inner == [UNKNOWN]:
            yield pointed(at, name), f"{UNKNOWN_NAME}{nearest(str(name), by_key)}"
        else:
            yield from _value(field, inner, pointed(at, name))


def _value(field: Any, messages: Any, at: str) -> Iterator[tuple[str, str]]:
    if not isinstance(messages, Mapping):
        yield from _leaves(messages, at)
    elif isinstance(field, fields.Nested):
        yield from _object(field.schema, messages, at)
    elif isinstance(field, fields.List):
        for number, inner in messages.items():
            yield from _value(field.inner, inner, pointed(at, number))
    elif isinstance(field, fields.Dict):
        for key, inner in messages.items():
            parts = inner if isinstance(inner, Mapping) else {"value": inner}
            yield from _leaves(parts.get("key", []), pointed(at, key))
            yield from _value(field.value_field, parts.get("value", []), pointed(at, key))
            rest = {n: m for n, m in parts.items() if n not in ("key", "value")}
            yield from _leaves(rest, pointed(at, key))
    else:
        yield from _leaves(messages, at)


def _leaves(messages: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, str):
        yield at, PLAIN.get(messages, messages)
    elif isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _leaves(inner, pointed(at, name))
    else:
        for each in messages:
            yield from _leaves(each, at)


def pointed(at: str, step: Any) -> str:
    """Return the JSON pointer of a step from another (RFC 6901)."""
    return f"{at}/{str(step).replace('~', '~0').replace('/', '~1')}"

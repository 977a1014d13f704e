"""Marshmallow's nested messages as a flat list of faults, in words that help."""

from collections.abc import Iterator, Mapping
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


def faults(schema: Schema, messages: Mapping[Any, Any]) -> tuple[Fault, ...]:
    """Return one fault for each message, each at its JSON pointer (RFC 6901)."""
    found = _object(schema, messages, "")
    return tuple(Fault(detail, pointer=pointer) for pointer, detail in found)


def _object(schema: Schema, messages: Mapping[Any, Any], at: str) -> Iterator[tuple[str, str]]:
    by_key = {field.data_key or name: field for name, field in schema.fields.items()}
    for name, inner in messages.items():
        field = by_key.get(name) or schema.fields.get(name)
        if name == "_schema":
            yield from _leaves(inner, at)
        elif inner == [UNKNOWN]:
            yield pointed(at, name), f"there is no such field.{nearest(str(name), by_key)}".strip()
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

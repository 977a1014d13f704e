"""The shapes of bodies as the contract shows them, derived from the write forms.

Only the contract uses these: bodies are loaded by the write forms themselves.
"""

import copy
from functools import cache
from typing import Any

from marshmallow import Schema

from .answers import set_by_the_server
from .record import RecordInput


class Body(Schema):
    """Base of what is only ever received."""


@cache
def create_shape(schema: type[RecordInput]) -> type[Body]:
    """Return the body of POST: the write form; what the server sets is ignored."""
    return _shape(schema, "Input", {})


@cache
def replace_shape(schema: type[RecordInput]) -> type[Body]:
    """Return the body of PUT: the write form, whose id may be left out."""
    return _shape(schema, "Replacement", {"required": {"id": False}})


@cache
def patch_shape(schema: type[RecordInput]) -> type[Body]:
    """Return the body of PATCH: any part of the write form; null takes a value away."""
    return _shape(schema, "Patch", {"required": dict.fromkeys(schema._declared_fields, False)})


def _shape(schema: type[RecordInput], suffix: str, changed: dict[str, Any]) -> type[Body]:
    optional = changed.get("required", {})
    shown: dict[str, Any] = {}
    for name, field in schema._declared_fields.items():
        shown[name] = copy.copy(field)
        if name in optional:
            shown[name].required = False
        if suffix == "Patch" and name not in ("id", "lang"):
            shown[name].allow_none = True
    for name, field in set_by_the_server().items():
        field.dump_only = True
        shown[name] = field
    texts = {"Input": "to store", "Replacement": "to store under an id", "Patch": "to change"}
    doc = f"{(schema.__doc__ or '').splitlines()[0]} The form {texts[suffix]}."
    name = schema.__name__.removesuffix("Input") + suffix
    return type(name, (Body,), {"__doc__": doc, **shown})

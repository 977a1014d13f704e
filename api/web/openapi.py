"""The contract as OpenAPI 3.1: flask-smorest and apispec, with what they get wrong mended.

The mends, each held by a test in tests/contract: responses are open and say what is always
there; a closed list is one named component; integer bounds of lists and objects, patterns and
formats are right; names come from classes alone; errors are application/problem+json.
"""

from http import HTTPStatus
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin, OpenAPIConverter
from apispec.ext.marshmallow.common import resolve_schema_instance
from flask_smorest.utils import prepare_response
from marshmallow import Schema, fields

from ..schemas.answers import Answer
from ..schemas.dates import OffsetDateTime
from ..schemas.fields import Code, ExternalIds, Long, Text
from ..schemas.problem import Problem
from ..schemas.standards import Url
from .meanings import MEANINGS
from .negotiation import PROBLEM

_ANY = r"[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*"
PROSE = rf"^{_ANY}[^\s\x00-\x1F\x7F-\x9F]{_ANY}$"
ON_EVERY_ANSWER = {
    "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
    "Access-Control-Allow-Origin": {"$ref": "#/components/headers/Access-Control-Allow-Origin"},
}
_MOST = ("maxLength", "maxItems", "maxProperties")


class Converter(OpenAPIConverter):
    """Marshmallow to JSON Schema (draft 2020-12, as OpenAPI 3.1 has it)."""

    field_mapping = {  # noqa: RUF012  apispec declares it as an instance variable
        **OpenAPIConverter.field_mapping,
        fields.URL: ("string", "uri"),
        Url: ("string", "uri"),
        OffsetDateTime: ("string", "date-time"),
        fields.Float: ("number", "double"),
        fields.Integer: ("integer", "int32"),
        Long: ("integer", "int64"),
    }

    def init_attribute_functions(self) -> None:
        """Look at closed lists last, so that the reference stands alone."""
        super().init_attribute_functions()
        self.add_attribute_function(_code_reference)
        self.add_attribute_function(_plain_text)

    def field2default(self, field: fields.Field[Any], **kwargs: Any) -> dict[str, Any]:
        """Return no default: some generators make a field with one mandatory in answers."""
        return {}

    def field2pattern(self, field: fields.Field[Any], **kwargs: Any) -> dict[str, Any]:
        """Return the pattern as ECMA-262 spells the end of a text."""
        found = super().field2pattern(field, **kwargs)
        return {name: value.replace(r"\Z", "$") for name, value in found.items()}

    def field2length(self, field: fields.Field[Any], **kwargs: Any) -> dict[str, Any]:
        """Return bounds under the names that the field's own type has for them."""
        found = super().field2length(field, **kwargs)
        word = "Properties" if isinstance(field, fields.Dict) else None
        return {n.replace("Length", word) if word else n: v for n, v in found.items()}

    def schema2jsonschema(self, schema: Schema) -> dict[str, Any]:
        """Return an answer's shape open, a body's closed."""
        found: dict[str, Any] = super().schema2jsonschema(schema)
        instance = resolve_schema_instance(schema)
        found["description"] = (type(instance).__doc__ or "").strip()
        if isinstance(instance, Answer):
            found = _without_most(found)
            found.pop("additionalProperties", None)
            found.pop("required", None)
            if isinstance(instance, Problem):
                found["properties"]["code"]["x-extensible-enum"] = sorted(MEANINGS)
            if instance.always:
                found["required"] = list(instance.always)
        return found


def _without_most(shape: Any) -> Any:
    """Return an answer's shape without upper limits: what may be stored may grow within v1."""
    if isinstance(shape, list):
        return [_without_most(each) for each in shape]
    if not isinstance(shape, dict):
        return shape
    return {name: _without_most(value) for name, value in shape.items() if name not in _MOST}


def _code_reference(
    self: OpenAPIConverter, field: fields.Field[Any], ret: dict[str, Any], **_: Any
) -> dict[str, Any]:
    if isinstance(field, ExternalIds):
        return {"propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"}}
    if not isinstance(field, Code):
        return {}
    name = field.codes.__name__
    if name not in self.spec.components.schemas:
        self.spec.components.schema(name, code_schema(field.codes))
    reference = {"$ref": f"#/components/schemas/{name}"}
    null = ret.pop("type", None) == ["string", "null"]
    return {"anyOf": [reference, {"type": "null"}]} if null else reference


def _plain_text(
    self: OpenAPIConverter, field: fields.Field[Any], ret: dict[str, Any], **_: Any
) -> dict[str, Any]:
    """Say of texts in bodies that they are neither blank nor hold control characters."""
    if not isinstance(field, Text) or "pattern" in ret or isinstance(field.root, Answer):
        return {}
    return {"pattern": PROSE}


def code_schema(codes: Any) -> dict[str, Any]:
    """Return the component of a closed list."""
    text = " ".join((codes.__doc__ or "").split())
    return {"type": "string", "enum": [code.value for code in codes], "description": text}


def component_name(schema: Any) -> str:
    """Return a class's name; parts of a class are classes of their own."""
    instance = resolve_schema_instance(schema)
    if instance.only is not None or instance.exclude or instance.partial:
        raise ValueError(f"{instance!r}: write a class for this shape")
    return type(instance).__name__.removesuffix("Schema").replace("FaultAnswer", "Fault")


class Plugin(MarshmallowPlugin):
    """The marshmallow plugin with our converter and names."""

    Converter = Converter

    def __init__(self) -> None:
        super().__init__(schema_name_resolver=component_name)


class Api(flask_smorest.Api):
    """The flask-smorest API, answering errors as problems."""

    ERROR_SCHEMA = Problem

    def __init__(self, app: Any, name: str, **kwargs: Any) -> None:
        """Take what the document says; `name` tells the APIs of one app apart."""
        told = {"marshmallow_plugin": Plugin(), "openapi_version": "3.1.0", **kwargs}
        super().__init__(app, spec_kwargs=told, config_prefix=name)

    def register_blueprint(self, blp: Any, **options: Any) -> None:
        """Add routes to app and document; the tag is the blueprint's own name in every version."""
        super().register_blueprint(blp, **options)
        self.spec._tags[-1]["name"] = blp.name

    def _register_error_handlers(self) -> None:
        """Leave errors to `web.problems`."""

    def _register_pagination_header(self) -> None:
        """Leave out flask-smorest's own pagination."""

    def _register_responses(self) -> None:
        named = [(status.name, status.phrase) for status in HTTPStatus if status >= 400]
        for name, description in [*named, ("DEFAULT_ERROR", "Any other error")]:
            response: dict[str, Any] = {
                "description": description,
                "schema": self.ERROR_SCHEMA,
                "headers": ON_EVERY_ANSWER,
            }
            prepare_response(response, self.spec, PROBLEM)
            self.spec.components.response(name, response, lazy=True)

"""seed/bundle.schema.json: the form of bundles, with which editors complete and check them.

It is the write form of the contract, and says besides what the contract leaves to words: which
codes there are, that a list names nothing twice, that a source has an address or a title.
"""

from typing import Any

from .schemas.fields import SLUG
from .schemas.standards import LANGUAGE, TIME_ZONES, Country
from .services.records import COLLECTIONS
from .web.parameters import schema_name

CODES = {"country": sorted(Country.codes), "timezone": sorted(TIME_ZONES)}


def bundle_schema(found: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a bundle: collection → id → write form."""
    components = found["components"]["schemas"]
    bodies = {each.name: f"{schema_name(each)}Replacement" for each in COLLECTIONS}
    wanted = list(bodies.values())
    defined: dict[str, Any] = {}
    while wanted:
        name = wanted.pop()
        if name not in defined:
            defined[name] = _checked(name, _moved(components[name], wanted))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Pilot Cities bundle",
        "description": "Collection, then id, then the record's write form.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {
                "type": "object",
                "propertyNames": {"pattern": SLUG, "maxLength": 80},
                "additionalProperties": {"$ref": f"#/$defs/{body}"},
            }
            for name, body in bodies.items()
        },
        "$defs": dict(sorted(defined.items())),
    }


def _moved(value: Any, wanted: list[str]) -> Any:
    """Return a part of the contract with its references moved, and note what they want."""
    if isinstance(value, list):
        return [_moved(each, wanted) for each in value]
    if not isinstance(value, dict):
        return value
    moved = {n: _moved(v, wanted) for n, v in value.items() if n != "readOnly"}
    if isinstance(value.get("$ref"), str):
        name = value["$ref"].rpartition("/")[2]
        wanted.append(name)
        moved["$ref"] = f"#/$defs/{name}"
    return moved


def _checked(name: str, shape: dict[str, Any]) -> dict[str, Any]:
    """Return a shape that refuses more of what an import refuses."""
    if name == "SourceInput":
        some = [{"required": [each], "properties": {each: {"type": "string"}}} for each in _NAMES]
        return {**shape, "anyOf": some}
    for field, each in shape.get("properties", {}).items():
        if field in CODES:
            each["enum"] = [*CODES[field], None]
        if each.get("type") == "array" and each["items"].get("type") == "string":
            each["uniqueItems"] = True
        if field == "sources":
            each["minItems"] = 1
        if field == "translations":
            each["propertyNames"] = {"pattern": LANGUAGE}
        if field == "version":
            each["minimum"] = 1
    return shape


_NAMES = ("url", "title")

"""The query grammar as OpenAPI parameters."""

from typing import Any

import iso3166
from apispec import APISpec

from ..schemas.dates import PARTIAL_DATE, PartialDate
from ..schemas.fields import SLUG, Code
from ..schemas.standards import Country
from ..services.collection import Collection, Filter, FilterKind
from ..services.listing import includable
from .components import NO_CONTROLS, Parameter, enum_component, listed
from .openapi import code_schema

DAY = "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
OFFSET = "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
MOMENT = f"^{DAY}([Tt ]{CLOCK}{OFFSET}?)?$"
EXAMPLES = {
    "city": ["kharkiv"],
    "project": ["buer-covid-19"],
    "workshop": ["kharkiv-2021-09-03-validation"],
    "country": ["UA"],
    "subdivision": ["UA-63"],
    "unlocode": ["UAHRK"],
    "external_id": ["unece_event:359406"],
    "language": ["ru"],
    "scope": ["pilot"],
    "starts_from": "2021",
    "starts_to": "2021-12",
    "published_from": "2021",
    "published_to": "2023",
    "updated_since": "2026-01-01",
}


def schema_name(collection: Collection) -> str:
    """Return the name of a collection's record in the contract, `Workshop`."""
    return collection.schema.__name__.removesuffix("Input")


def single_parameters(collection: Collection, spec: APISpec) -> list[Any]:
    """Return the parameters of one record of a collection."""
    name = schema_name(collection)
    shown = ["url", "created_at", "updated_at", "version", *collection.fields]
    field = enum_component(spec, f"{name}Field", shown, f"A field of a {name}.")
    only = {
        "name": "fields",
        "in": "query",
        "description": "Only these fields; `id`, `version` and `lang` always come.",
        **listed(field, len(shown)),
    }
    come_along = list(includable(collection))
    if not come_along:
        return ["Lang", only]
    include = enum_component(
        spec, f"{name}Include", come_along, f"What can come along with a {name}."
    )
    along = {
        "name": "include",
        "in": "query",
        "description": "Records that come along under `included`, each once: those that "
        "these name, or that name these.",
        **listed(include, len(come_along)),
        "example": come_along[:1],
    }
    return ["Lang", only, along]


def list_parameters(collection: Collection, spec: APISpec) -> list[Any]:
    """Return the parameters of a collection's list."""
    name = schema_name(collection)
    sorts = [sign + key for key in collection.sorts for sign in ("", "-")]
    sort = enum_component(spec, f"{name}Sort", sorts, "A sort key; `-` turns it round.")
    geographic = [_bbox()] if "latitude" in collection.fields else []
    return [
        *(_filter(each, spec) for each in collection.filters.values()),
        *geographic,
        "Q",
        {
            "name": "sort",
            "in": "query",
            "description": "One key, then the id in the same direction, in byte order; unknown "
            "values last. A date of a month or year stands by its first day upwards and by its "
            "last day downwards. Without it: by id, or with `q` best first.",
            "schema": sort,
        },
        "Limit",
        "Cursor",
        *_facets(collection, spec),
        *single_parameters(collection, spec),
    ]


def _facets(collection: Collection, spec: APISpec) -> list[Parameter]:
    if not collection.facets:
        return []
    name = schema_name(collection)
    facet = enum_component(spec, f"{name}Facet", list(collection.facets), "What can be counted.")
    return [
        {
            "name": "facets",
            "in": "query",
            "description": "Counts over all that match: per value, how many records have it.",
            **listed(facet, len(collection.facets)),
            "example": [collection.facets[0]],
        }
    ]


def _filter(narrowed: Filter, spec: APISpec) -> Parameter:
    shape: Parameter
    if narrowed.kind is FilterKind.SINCE:
        shape = {"schema": {"type": "string", "pattern": MOMENT}}
    elif isinstance(narrowed.value, PartialDate):
        shape = {"schema": {"type": "string", "pattern": PARTIAL_DATE}}
    else:
        shape = listed(_items(narrowed, spec))
    about = narrowed.description
    several = " Several, joined by commas: any of them." if "style" in shape else ""
    found = {"name": narrowed.name, "in": "query", "description": about + several, **shape}
    if narrowed.name in EXAMPLES:
        found["example"] = EXAMPLES[narrowed.name]
    return found


def _items(narrowed: Filter, spec: APISpec) -> dict[str, Any]:
    value = narrowed.value
    if isinstance(value, Code):
        if value.codes.__name__ not in spec.components.schemas:
            spec.components.schema(value.codes.__name__, code_schema(value.codes))
        return {"$ref": f"#/components/schemas/{value.codes.__name__}"}
    if isinstance(value, Country):
        codes = sorted(iso3166.countries_by_alpha2)
        return enum_component(spec, "CountryCode", codes, "ISO 3166-1 alpha-2.")
    pattern = getattr(value, "pattern", "") or NO_CONTROLS
    longest = getattr(value, "longest", 200)
    if narrowed.field == "external_ids":
        pattern = r"^[a-z][a-z0-9_]*:[^\x00-\x1F\x7F,]{1,150}$"
    return {"type": "string", "minLength": 1, "maxLength": longest, "pattern": pattern}


def _bbox() -> Parameter:
    return {
        "name": "bbox",
        "in": "query",
        "description": "Within a box: west, south, east, north in degrees (WGS 84). "
        "West may be greater than east: the box then crosses the 180th meridian.",
        "schema": {
            "type": "array",
            "items": {"type": "number", "minimum": -180, "maximum": 180},
            "minItems": 4,
            "maxItems": 4,
        },
        "style": "form",
        "explode": False,
        "example": [19, 41, 37, 51],
    }


def id_parameter(collection: Collection) -> Parameter:
    """Return the path parameter of one record."""
    return {
        "name": "id",
        "in": "path",
        "required": True,
        "description": f"The id of the {collection.singular}.",
        "schema": {"type": "string", "pattern": SLUG, "maxLength": 80},
    }

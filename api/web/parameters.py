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
from .offers import LIST, Offer
from .openapi import code_schema
from .values import LONGEST_MOMENT, MOMENT

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


def single_parameters(collection: Collection, spec: APISpec, offer: Offer = LIST) -> list[str]:
    """Return the parameters of one record of a collection: the names of components."""
    name = schema_name(collection)
    shown = ["url", "created_at", "updated_at", "version", *collection.fields]
    field = enum_component(spec, f"{name}Field", shown, f"A field of a {name}.")
    found: dict[str, str | Parameter] = {
        "lang": "Lang" if offer.all_languages else "SomeLang",
        "fields": {
            "description": "Only these fields; `id`, `version` and `lang` always come.",
            **listed(field, len(shown)),
        },
    }
    come_along = list(includable(collection))
    if come_along:
        include = enum_component(
            spec, f"{name}Include", come_along, f"What can come along with a {name}."
        )
        found["include"] = {
            "description": "Records that come along under `included`, each once: those that "
            "these name, or that name these.",
            **listed(include, len(come_along)),
            "example": come_along[:1],
        }
    return _components(spec, name, found, offer)


def list_parameters(collection: Collection, spec: APISpec, offer: Offer = LIST) -> list[str]:
    """Return the parameters of a collection's list: the names of components."""
    name = schema_name(collection)
    sorts = [sign + key for key in collection.sorts for sign in ("", "-")]
    sort = enum_component(spec, f"{name}Sort", sorts, "A sort key; `-` turns it round.")
    found: dict[str, str | Parameter] = {
        each.name: _filter(each, spec) for each in collection.filters.values()
    }
    if "latitude" in collection.fields:
        found["bbox"] = _bbox()
    found["q"] = "Q"
    found["sort"] = {
        "description": "One key, then the id in the same direction, in byte order; unknown "
        "values last. A date of a month or year stands by its first day upwards and by its "
        "last day downwards. Without it: by id, or with `q` best first, where a page is asked "
        "for; a feed has the latest change first.",
        "schema": sort,
    }
    found |= {"limit": "Limit", "cursor": "Cursor"}
    if collection.facets:
        found["facets"] = _facets(collection, spec)
    own = [f"{each.title().replace('_', '')}" for each in offer.also]
    shown = single_parameters(collection, spec, offer)
    return [*_components(spec, name, found, offer), *shown, *own]


def _components(
    spec: APISpec, name: str, found: dict[str, str | Parameter], offer: Offer
) -> list[str]:
    """Return the names of the offered parameters, each made a component of the collection."""
    names = []
    for parameter, shape in found.items():
        if parameter in offer.without:
            continue
        if isinstance(shape, str):
            names.append(shape)
            continue
        component = f"{name}{parameter.title().replace('_', '')}"
        if component not in spec.components.parameters:
            spec.components.parameter(component, "query", {"name": parameter, **shape})
        names.append(component)
    return names


def _facets(collection: Collection, spec: APISpec) -> Parameter:
    name = schema_name(collection)
    facet = enum_component(spec, f"{name}Facet", list(collection.facets), "What can be counted.")
    return {
        "description": "Counts over all that match: per value, how many records have it.",
        **listed(facet, len(collection.facets)),
        "example": [collection.facets[0]],
    }


def _filter(narrowed: Filter, spec: APISpec) -> Parameter:
    shape: Parameter
    if narrowed.kind is FilterKind.SINCE:
        shape = _text(MOMENT, LONGEST_MOMENT)
    elif isinstance(narrowed.value, PartialDate):
        shape = _text(PARTIAL_DATE, PartialDate.longest)
    else:
        shape = listed(_items(narrowed, spec))
    about = narrowed.description
    several = " Several, joined by commas: any of them." if "style" in shape else ""
    found = {"description": about + several, **shape}
    if narrowed.name in EXAMPLES:
        found["example"] = EXAMPLES[narrowed.name]
    return found


def _text(pattern: str, longest: int) -> Parameter:
    return {"schema": {"type": "string", "pattern": pattern, "maxLength": longest}}


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
        pattern = r"^[a-z][a-z0-9_]*:[^\x00-\x1F\x7F-\x9F,]{1,150}$"
    return {"type": "string", "minLength": 1, "maxLength": longest, "pattern": pattern}


def _bbox() -> Parameter:
    return {
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

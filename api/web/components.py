"""What all operations of the contract share: parameters, headers, and shapes of parameters."""

from typing import Any

from apispec import APISpec

from ..schemas.fields import SLUG
from ..schemas.standards import LANGUAGE, LanguageTag
from ..services.records import COLLECTIONS
from .openapi import ON_EVERY_ANSWER
from .params import LIMIT
from .values import MOST, MOST_LANGUAGES, MOST_VALUES

Parameter = dict[str, Any]
DRY_RUN = "`true`: the same answer, and no trace."
IF_MATCH = (
    "The ETag of the record that is changed, or `*`. What tells its version counts, so that a "
    "proxy that marks tags does no harm. Without it a change is refused (428)."
)
BEARER = "A token that `pilotcities token issue` gave, of scope `content:write` or `admin`."
INTEGER = {"type": "integer", "format": "int32"}
# Objects whose members are said elsewhere, with names, so that generators need not make some up.
_FREE_FORMS = {
    "LinkedData": "JSON-LD: what it holds says its own `@context`.",
    "FeatureCollection": "GeoJSON (RFC 7946).",
    "BundleInput": "A bundle, as `/api/v1/bundle.schema.json` has it.",
    "BundleSchema": "A JSON Schema (2020-12).",
}
FREE_FORMS = {name: {"$ref": f"#/components/schemas/{name}"} for name in _FREE_FORMS}
NO_CONTROLS = r"^[^\x00-\x1F\x7F-\x9F]+$"


def add_common_components(spec: APISpec) -> None:
    """Add what all operations share: parameters and headers."""
    text = {"type": "string"}
    add = spec.components.parameter
    add("Limit", "query", _limit())
    add(
        "Cursor",
        "query",
        {
            "name": "cursor",
            "description": "`page.next_cursor` of the page before. It holds for the same filters, "
            "`q` and `sort`. Every record that is present and keeps its sort value during the "
            "whole walk appears exactly once.",
            "schema": {**text, "minLength": 1, "maxLength": 4000, "format": "cursor"},
        },
    )
    _add_languages(spec)
    add(
        "Q",
        "query",
        {
            "name": "q",
            "description": "Words that are all to be found, the last one by its beginning; "
            '"…" finds a phrase. Case, accents and apostrophes do not matter, nor which language '
            "a text is in. Best first unless `sort` is given; of the best first, 1,000 can be "
            "paged through.",
            "schema": {**text, "minLength": 1, "maxLength": 200, "pattern": NO_CONTROLS},
            "example": "economic recovery",
        },
    )
    bom = "`true`: a byte order mark first, by which some spreadsheets know UTF-8."
    add("CsvBom", "query", {"name": "csv_bom", "description": bom, "schema": {"type": "boolean"}})
    _add_write_components(spec)
    _add_tags(spec)
    types = [each.name for each in COLLECTIONS]
    enum_component(spec, "RecordType", types, "A type of record: the name of its collection.")
    enum_component(spec, "SearchFacet", ["type"], "What hits can be counted by.")
    _add_headers(spec)
    for name, description in _FREE_FORMS.items():
        spec.components.schema(name, {"type": "object", "description": description})


def _add_headers(spec: APISpec) -> None:
    text = {"type": "string"}
    header = spec.components.header
    header("RequestId", {"description": "The id of the request, in our log too.", "schema": text})
    origin = "`*`: pages of any site may read the answer (CORS)."
    header("Access-Control-Allow-Origin", {"description": origin, "schema": text})
    header("CacheControl", {"description": "How long the answer may be kept.", "schema": text})
    header("Link", {"description": 'The next page, `rel="next"` (RFC 8288).', "schema": text})


def _add_languages(spec: APISpec) -> None:
    tag = {"type": "string", "maxLength": LanguageTag.longest}
    add = spec.components.parameter
    add(
        "Lang",
        "query",
        {
            "name": "lang",
            "description": "Languages (BCP 47) in order of preference. Without it each record "
            "comes in its own language; `*` gives all languages, in the form that a write takes. "
            "`Accept-Language` is not looked at.",
            **listed({**tag, "pattern": rf"^(\*|{LANGUAGE[1:-1]})$"}, MOST_LANGUAGES),
            "example": ["uk", "en"],
        },
    )
    add(
        "SomeLang",
        "query",
        {
            "name": "lang",
            "description": "Languages (BCP 47) in order of preference. Without it each record "
            "comes in its own language.",
            **listed({**tag, "pattern": LANGUAGE}, MOST_LANGUAGES),
            "example": ["uk", "en"],
        },
    )


def _add_tags(spec: APISpec) -> None:
    text = {"type": "string"}
    tag = {"description": "Strong tag; send it back as If-None-Match.", "schema": text}
    spec.components.header("ETag", tag)
    held = "The ETag of the answer that the client holds: a 304 if it is current."
    asked = {"name": "If-None-Match", "description": held, "schema": text}
    spec.components.parameter("HeldTag", "header", asked)
    current = {
        "description": "What the client holds is current.",
        "headers": {"ETag": {"$ref": "#/components/headers/ETag"}, **ON_EVERY_ANSWER},
    }
    spec.components.response("NotModified", current)


def _add_write_components(spec: APISpec) -> None:
    text: dict[str, Any] = {"type": "string"}
    for name, where, parameter, description, schema in (
        ("DryRun", "query", "dry_run", DRY_RUN, {"type": "boolean"}),
        ("IfMatch", "header", "If-Match", IF_MATCH, text),
        ("IfNoneMatch", "header", "If-None-Match", "`*`: create, if there is no record.", text),
        (
            "Reason",
            "query",
            "reason",
            "Why it is deleted.",
            {**text, "maxLength": 1000, "pattern": NO_CONTROLS},
        ),
        (
            "ReplacedBy",
            "query",
            "replaced_by",
            "The id of the record that takes its place.",
            {**text, "pattern": SLUG, "maxLength": 80},
        ),
    ):
        shape = {"name": parameter, "description": description, "schema": schema}
        spec.components.parameter(name, where, shape)
    spec.components.parameter(
        "RevertVersion",
        "query",
        {
            "name": "version",
            "required": True,
            "description": "The version whose content comes back.",
            "schema": {**INTEGER, "minimum": 1, "maximum": 999_999_999},
            "example": 1,
        },
    )
    location = {"description": "The address of the record.", "schema": {**text, "format": "uri"}}
    spec.components.header("Location", location)
    scheme = {"type": "http", "scheme": "bearer", "description": BEARER}
    spec.components.security_scheme("bearer", scheme)


def listed(items: dict[str, Any], most: int = MOST_VALUES) -> Parameter:
    """Return what a parameter of values joined by commas has in common with all such."""
    schema = {"type": "array", "items": items, "minItems": 1, "maxItems": most}
    return {"schema": schema, "style": "form", "explode": False}


def enum_component(spec: APISpec, name: str, values: list[str], description: str) -> dict[str, Any]:
    """Add a closed list as a component, once, and return the reference to it."""
    if name not in spec.components.schemas:
        component = {"type": "string", "enum": values, "description": description}
        spec.components.schema(name, component)
    return {"$ref": f"#/components/schemas/{name}"}


def _limit() -> Parameter:
    return {
        "name": "limit",
        "description": "The most records on a page; 0, for counts alone, needs `facets`.",
        "schema": {**INTEGER, "minimum": 0, "maximum": MOST, "default": LIMIT},
    }

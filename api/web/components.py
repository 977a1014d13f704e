"""What all operations of the contract share: parameters, headers, and shapes of parameters."""

from typing import Any

from apispec import APISpec

from ..schemas.fields import SLUG
from ..schemas.standards import LANGUAGE
from ..services.records import COLLECTIONS
from .params import LIMIT
from .values import MOST, MOST_LANGUAGES, MOST_VALUES

Parameter = dict[str, Any]
DRY_RUN = "`true`: the same answer, and no trace."
IF_MATCH = (
    "The ETag of the record that is changed, or `*`. Only its version part counts, so that a "
    "proxy that marks tags does no harm. Without it a change is refused (428)."
)
BEARER = "A token that `pilotcities token issue` gave, of scope `content:write` or `admin`."
NO_CONTROLS = r"^[^\x00-\x1F\x7F]+$"


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
    add(
        "Lang",
        "query",
        {
            "name": "lang",
            "description": "Languages (BCP 47) in order of preference. Without it each record "
            "comes in its own language; `*` gives all languages, in the form that a write takes. "
            "`Accept-Language` is not looked at.",
            **listed({**text, "pattern": rf"^(\*|{LANGUAGE[1:-1]})$"}, MOST_LANGUAGES),
            "example": ["uk", "en"],
        },
    )
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
    _add_write_components(spec)
    types = [each.name for each in COLLECTIONS]
    enum_component(spec, "RecordType", types, "A type of record: the name of its collection.")
    enum_component(spec, "SearchFacet", ["type"], "What hits can be counted by.")
    header = spec.components.header
    header("RequestId", {"description": "The id of the request, in our log too.", "schema": text})
    header("ETag", {"description": "Strong tag; send it back as If-None-Match.", "schema": text})
    header("CacheControl", {"description": "How long the answer may be kept.", "schema": text})
    header("Link", {"description": 'The next page, `rel="next"` (RFC 8288).', "schema": text})


def _add_write_components(spec: APISpec) -> None:
    text: dict[str, Any] = {"type": "string"}
    for name, where, parameter, description, schema in (
        ("DryRun", "query", "dry_run", DRY_RUN, {"type": "boolean"}),
        ("IfMatch", "header", "If-Match", IF_MATCH, text),
        ("IfNoneMatch", "header", "If-None-Match", "`*`: create, if there is no record.", text),
        ("Reason", "query", "reason", "Why it is deleted.", {**text, "maxLength": 1000}),
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
            "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
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
        "schema": {"type": "integer", "minimum": 0, "maximum": MOST, "default": LIMIT},
    }

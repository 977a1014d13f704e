"""Records as linked data: schema.org, with PROV-O for what rests on what (JSON-LD 1.1).

The context stands in the document, so that a reader needs no request to understand it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from .jsonld_shapes import SCHEMA_ORG, SHAPES
from .places import Places, Record, Shown
from .plain import listed

Node = dict[str, Any]
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_IRI, _DATED = {"@type": "@id"}, {"@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
CONTEXT: Node = {
    "@vocab": SCHEMA_ORG,
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "id": "@id",
    "type": "@type",
    **{
        name: {"@id": SCHEMA_ORG + name, **_IRI}
        for name in (
            "url",
            "sameAs",
            "contentUrl",
            "eventStatus",
            "eventAttendanceMode",
            "actionStatus",
            "superEvent",
            "recordedAt",
            "spatialCoverage",
            "appearance",
            "license",
        )
    },
    **dict.fromkeys(("prov:wasDerivedFrom", "prov:wasInfluencedBy", "prov:used"), _IRI),
    "dcterms:isPartOf": _IRI,
    "dcterms:created": _DATED,
    "dcterms:modified": _DATED,
}


def document(collection: str, record: Record, places: Places) -> Node:
    """Return a record, projected to one language, as a document of its own."""
    return {"@context": CONTEXT, **node(collection, record, places)}


def parts(batches: Iterable[Iterable[Node]]) -> Iterator[bytes]:
    """Yield nodes as one document, a batch at a time."""
    before = b'{"@context":' + orjson.dumps(CONTEXT) + b',"@graph":['
    return listed(before, batches)


def node(collection: str, record: Record, places: Places) -> Node:
    """Return a record as a node that names others by their addresses in the API."""
    shown = Shown(record, places)
    found = {
        "id": record["url"],
        **SHAPES[collection](shown),
        "url": places.page(collection, record["id"]),
        "identifier": _identifiers(record),
        "dcterms:isPartOf": shown.named("projects", record.get("projects")),
        "dcterms:source": [_source(each) for each in record["sources"]],
        "subjectOf": _description(record),
    }
    kept: Node = _pruned(found)
    return kept


def _description(record: Record) -> Node:
    """Return what is said of the record itself: the licence is its own, not that of a document."""
    return {
        "id": f"{record['url']}#record",
        "type": "CreativeWork",
        "license": LICENCE,
        "version": record["version"],
        "dcterms:created": record["created_at"],
        "dcterms:modified": record["updated_at"],
    }


def _identifiers(record: Record) -> list[Node]:
    own = [(name, record.get(name)) for name in ("unlocode", "subdivision", "symbol")]
    return [
        {"type": "PropertyValue", "propertyID": name, "value": value}
        for name, value in (*own, *record["external_ids"].items())
        if value is not None
    ]


def _source(source: Record) -> Node:
    return {
        "type": "CreativeWork",
        "url": source["url"],
        "name": source["title"],
        "dcterms:description": source["note"],
    }


def _pruned(value: Any) -> Any:
    """Return a node without what says nothing."""
    if isinstance(value, dict):
        kept = {name: _pruned(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if each not in (None, [], {})}
    return [_pruned(each) for each in value] if isinstance(value, list) else value

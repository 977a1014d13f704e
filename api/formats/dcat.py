"""What is published here as a catalogue (DCAT 3, JSON-LD): datasets and where each can be had."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .places import Places

Node = dict[str, Any]
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_IRI = {"@type": "@id"}
CONTEXT: Node = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "id": "@id",
    "type": "@type",
    **dict.fromkeys(
        (
            "dcat:accessURL",
            "dcat:downloadURL",
            "dcat:endpointURL",
            "dcat:endpointDescription",
            "dcat:landingPage",
            "dcat:mediaType",
            "dcat:servesDataset",
            "dcat:accessService",
            "dcterms:license",
            "dcterms:conformsTo",
            "foaf:homepage",
        ),
        _IRI,
    ),
    "dcterms:modified": {"@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
}


@dataclass(frozen=True)
class Way:
    """An address at which a dataset can be had, and in which media type."""

    address: str
    media_type: str


@dataclass(frozen=True)
class Dataset:
    """A set of records. `name` stands in its address, `modified` is None while it is empty."""

    name: str
    title: str
    description: str
    modified: str | None
    ways: tuple[Way, ...]


def catalogue(
    title: str, description: str, datasets: Iterable[Dataset], places: Places, version: str
) -> Node:
    """Return the catalogue."""
    here = f"{places.base}/catalog"
    service = f"{here}#api"
    nodes = [_dataset(each, here, service) for each in datasets]
    return {
        "@context": CONTEXT,
        "id": here,
        "type": "dcat:Catalog",
        "dcterms:title": title,
        "dcterms:description": description,
        "dcterms:license": LICENCE,
        "dcterms:publisher": {"type": "foaf:Organization", "foaf:name": title},
        "foaf:homepage": places.site,
        "dcat:dataset": nodes,
        "dcat:service": {
            "id": service,
            "type": "dcat:DataService",
            "dcterms:title": f"{title} API",
            "dcat:version": version,
            "dcat:endpointURL": places.base,
            "dcat:endpointDescription": f"{places.base}/openapi.yaml",
            "dcat:landingPage": f"{places.site}/docs",
            "dcat:servesDataset": [each["id"] for each in nodes],
        },
    }


def _dataset(dataset: Dataset, here: str, service: str) -> Node:
    found: Node = {
        "id": f"{here}#{dataset.name}",
        "type": "dcat:Dataset",
        "dcterms:title": dataset.title,
        "dcterms:description": dataset.description,
        "dcterms:identifier": dataset.name,
        "dcterms:license": LICENCE,
        "dcat:distribution": [
            {
                "id": f"{here}#{dataset.name}-{number}",
                "type": "dcat:Distribution",
                "dcat:accessURL": each.address,
                "dcat:downloadURL": each.address,
                "dcat:mediaType": MEDIA_TYPES + each.media_type,
                "dcat:accessService": service,
                "dcterms:license": LICENCE,
            }
            for number, each in enumerate(dataset.ways, 1)
        ],
    }
    if dataset.modified is not None:
        found["dcterms:modified"] = dataset.modified
    return found

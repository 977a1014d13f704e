"""The description of a pack of files (Frictionless Data Package 1.0, Tabular Data Resource)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Node = dict[str, Any]
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


@dataclass(frozen=True)
class Packed:
    """A file of the pack: its size in bytes and its SHA-256 digest (hexadecimal)."""

    path: str
    size: int
    sha256: str


def package(
    name: str, title: str, version: str, sources: Iterable[Node], resources: list[Node]
) -> Node:
    """Return the description of a pack. `sources`: the sources of its records.

    Each table has its licence; one of the whole pack would be that of others' files, too.
    """
    return {
        "profile": "data-package",
        "name": name,
        "title": title,
        "version": version,
        "sources": [_source(each) for each in sources],
        "resources": resources,
    }


def table(packed: Packed, name: str, about: str, columns: Mapping[str, Node]) -> Node:
    """Return the description of a CSV file: column → its Table Schema field, without the name."""
    fields = [{"name": column, **shape} for column, shape in columns.items()]
    return {
        **_file(packed, name, "text/csv"),
        "profile": "tabular-data-resource",
        "description": about,
        "licenses": [LICENCE],
        "format": "csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "primaryKey": "id"},
    }


def file(packed: Packed, name: str, title: str, media_type: str | None) -> Node:
    """Return the description of any other file, which stays its publisher's."""
    return {
        **_file(packed, name, media_type or "application/octet-stream"),
        "profile": "data-resource",
        "title": title,
        "description": "A document of others: its rights are those of its publisher.",
    }


def _file(packed: Packed, name: str, media_type: str) -> Node:
    return {
        "name": name,
        "path": packed.path,
        "mediatype": media_type,
        "bytes": packed.size,
        "hash": f"sha256:{packed.sha256}",
    }


def _source(source: Node) -> Node:
    known = {"title": source["title"] or source["url"], "path": source["url"]}
    return {name: value for name, value in known.items() if value is not None}

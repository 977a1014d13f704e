"""Records as the pages show them: in one language, with what stands around them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from iso3166 import countries_by_alpha2
from sqlalchemy import Connection

from ..codes import Dimension
from ..formats.world_map import Place
from ..services.collection import Collection
from ..services.listing import page
from ..services.projection import View, project, serving
from ..services.query import Query
from ..services.records import BY_NAME, CITIES, COLLECTIONS, RECOMMENDATIONS
from ..services.surroundings import around, whole
from ..services.trace import STEPS, trace
from ..web.versions import base_url

COVERED = tuple(each for each in COLLECTIONS if each.name in CITIES.empty["coverage"])
"""The record types that a city's `coverage` speaks of."""
PILOT = "buer-covid-19"
"""The project whose cities are the pilot cities. A city of other projects only is not one."""
DIMENSIONS = (*(each.value for each in Dimension), None)

Record = dict[str, Any]


@dataclass(frozen=True)
class Portrait:
    """A record, the records around it (collection → records), and of which there are more."""

    record: Record
    around: dict[str, list[Record]]
    more: dict[str, int | None]


def shown(collection: Collection, snapshot: Record, langs: tuple[str, ...]) -> Record:
    """Return a record in one language, and what a page says besides.

    `own`: the language of what has no translations; `spoken`: those in which it has any text;
    `lacking`: the language that was asked for first, when it is none of those.
    """
    own, translations = snapshot["lang"], snapshot["translations"]
    lacking = bool(langs) and serving(langs[0], own, translations) is None
    record = project(collection, snapshot, View(base_url(), langs)) | {
        "own": own,
        "spoken": [own, *translations],
        "lacking": langs[0] if lacking else None,
        "label": collection.label,
    }
    if country := countries_by_alpha2.get(record.get("country") or ""):
        record["country_name"] = country.apolitical_name
    return record


def portrait(
    connection: Connection, collection: Collection, snapshot: Record, langs: tuple[str, ...]
) -> Portrait:
    """Return a record with all that a page shows of it."""
    chain = trace(connection, snapshot["id"]) if collection is RECOMMENDATIONS else None
    found = {each.name: whole(getattr(chain, each.name)) for each in STEPS if chain}
    found |= around(connection, collection, snapshot, known=found)
    near = {
        name: _pilot_first([shown(BY_NAME[name], each, langs) for each in some.records])
        for name, some in found.items()
    }
    more = {n: some.total for n, some in found.items() if some.total != len(some.records)}
    return Portrait(shown(collection, snapshot, langs), near, more)


def _pilot_first(records: list[Record]) -> list[Record]:
    return sorted(records, key=lambda each: each.get("scope") == "related")


def by_dimension(
    found: dict[str, list[Record]],
) -> list[tuple[str | None, dict[str, list[Record]]]]:
    """Return (dimension, collection → records) for those dimensions that have any."""
    names = ("findings", "recommendations")
    groups = [
        (each, {name: [r for r in found[name] if r["dimension"] == each] for name in names})
        for each in DIMENSIONS
    ]
    return [(each, group) for each, group in groups if any(group.values())]


def pilot_cities(connection: Connection, langs: tuple[str, ...]) -> list[Record]:
    """Return the pilot cities."""
    query = Query(filters=(("project", (PILOT,)),), sort="name", limit=200)
    snapshots, _ = page(connection, CITIES, query)
    return [shown(CITIES, each, langs) for each in snapshots]


def places_of(cities: Iterable[Record]) -> Iterator[Place]:
    """Yield the cities whose place is known."""
    for each in cities:
        if each["latitude"] is not None:
            lang = each["fallbacks"].get("name", each["lang"])
            yield Place(each["id"], each["name"], lang, each["latitude"], each["longitude"])

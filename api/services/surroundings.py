"""What stands around a record: the records that it names, and those that name it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from .collection import Collection
from .finding import total
from .listing import includable, page
from .query import Query
from .records import ACTIONS, BY_NAME, CITIES, COLLECTIONS, DOCUMENTS, PROJECTS, WORKSHOPS
from .relating import related

Snapshot = dict[str, Any]
MOST = 200
"""So many records of a type are shown beside one."""
ORDER = {WORKSHOPS.name: "starts_on", DOCUMENTS.name: "-published_on", ACTIONS.name: "starts_on"}


@dataclass(frozen=True)
class Some:
    """Records of a type, and how many there are, or None if the rest was not counted."""

    records: Sequence[Snapshot]
    total: int | None


def whole(records: Sequence[Snapshot]) -> Some:
    """Return records that are all there are."""
    return Some(records, len(records))


def around(
    connection: Connection,
    collection: Collection,
    record: Snapshot,
    known: Container[str] = (),
) -> dict[str, Some]:
    """Return collection → its records around this one, but for those `known` already.

    Costs at most two statements a type.
    """
    if collection is CITIES:
        found = {PROJECTS.name: _related(connection, collection, record, PROJECTS)}
        return found | {
            each.name: _of_city(connection, each, record["id"])
            for each in COLLECTIONS
            if "city" in each.filters
        }
    return {
        name: _related(connection, collection, record, BY_NAME[name])
        for name in includable(collection)
        if name not in known
    }


def _of_city(connection: Connection, collection: Collection, city: str) -> Some:
    sort = ORDER.get(collection.name, "id")
    query = Query(filters=(("city", (city,)),), sort=sort, limit=MOST)
    records, after = page(connection, collection, query)
    return Some(records, len(records) if after is None else total(connection, collection, query))


def _related(
    connection: Connection, collection: Collection, record: Snapshot, other: Collection
) -> Some:
    records = related(connection, collection, [record], other, MOST + 1)
    return Some(records[:MOST], None if len(records) > MOST else len(records))

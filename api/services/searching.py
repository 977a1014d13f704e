"""/search: one question to all collections, best first."""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Select, func

from ..models import Change
from .collection import Collection
from .query import WINDOW
from .records import BY_NAME, COLLECTIONS
from .search import ENTRY, matching
from .terms import Term

TYPES = tuple(each.name for each in COLLECTIONS)


@dataclass(frozen=True)
class Asked:
    """What is searched for. `offset` counts from the best of the window of the best 1,000."""

    terms: tuple[Term, ...]
    types: tuple[str, ...] = TYPES
    limit: int = 50
    offset: int = 0
    count_types: bool = False
    langs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hits:
    """One page of hits, all types mixed, with the exact total."""

    records: list[tuple[Collection, dict[str, Any]]]
    total: int
    offset: int | None
    types: list[tuple[str, int]]


def search_all(connection: Connection, asked: Asked) -> Hits:
    """Return the hits of a page. Costs two statements."""
    found, rank = matching(connection, asked.terms)
    found = found.where(ENTRY.c.collection.in_(asked.types))
    counts = _counts(connection, found)
    take = min(asked.limit, WINDOW - asked.offset)
    stated = (
        found.with_only_columns(ENTRY.c.collection, Change.snapshot, maintain_column_froms=True)
        .join(Change, Change.seq == ENTRY.c.seq)
        .order_by(rank, ENTRY.c.collection, ENTRY.c.record_id)
    )
    rows = connection.execute(stated.limit(take).offset(asked.offset)).all() if take else []
    total = sum(counts.values())
    past = asked.offset + take
    return Hits(
        [(BY_NAME[name], orjson.loads(snapshot)) for name, snapshot in rows],
        total,
        past if take and past < min(total, WINDOW) else None,
        sorted(counts.items(), key=lambda each: (-each[1], each[0])) if asked.count_types else [],
    )


def _counts(connection: Connection, found: Select[Any]) -> dict[str, int]:
    grouped = found.with_only_columns(ENTRY.c.collection, func.count(), maintain_column_froms=True)
    rows = connection.execute(grouped.group_by(ENTRY.c.collection))
    return {row[0]: row[1] for row in rows}

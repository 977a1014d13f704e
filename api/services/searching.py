"""/search: one question to all collections, best first."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, func, literal, select, union_all

from . import page_texts
from .collection import Collection
from .page_texts import Place
from .query import WINDOW
from .ranking import first, ranked
from .records import BY_NAME, COLLECTIONS, DOCUMENTS
from .search import matching
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
    places: dict[str, Place] = field(default_factory=dict)
    """Document → the page of its files that says what was asked for."""


def search_all(connection: Connection, asked: Asked) -> Hits:
    """Return the hits of a page. Costs two statements, and a third if there are documents."""
    types = [BY_NAME[name] for name in asked.types]
    counts = _counts(connection, asked.terms, types)
    take = min(asked.limit, WINDOW - asked.offset)
    rows = _best(connection, asked, types, take) if take else []
    total = sum(counts.values())
    past = asked.offset + take
    records = [(BY_NAME[name], orjson.loads(snapshot)) for name, snapshot in rows]
    documents = [record["id"] for collection, record in records if collection is DOCUMENTS]
    return Hits(
        records,
        total,
        past if take and past < min(total, WINDOW) else None,
        sorted(counts.items(), key=lambda each: (-each[1], each[0])) if asked.count_types else [],
        page_texts.places(connection, asked.terms, documents),
    )


def _best(
    connection: Connection, asked: Asked, types: list[Collection], limit: int
) -> list[tuple[str, str]]:
    hits = union_all(*(ranked(connection, asked.terms, each) for each in types))
    rows = connection.execute(first(hits, limit, asked.offset))
    return [(row.collection, row.snapshot) for row in rows]


def _counts(
    connection: Connection, terms: tuple[Term, ...], types: list[Collection]
) -> dict[str, int]:
    counted = (
        select(literal(each.name), func.count()).select_from(matching(connection, terms, each))
        for each in types
    )
    rows = connection.execute(union_all(*counted))
    return {row[0]: row[1] for row in rows if row[1]}

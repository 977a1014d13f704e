"""What the services' tests do again and again, each in a transaction of its own."""

from typing import Any

import orjson
from sqlalchemy import Engine

from api.services import catalog, stored
from api.services.catalog import Saved
from api.services.database import reading, writing
from api.services.finding import page
from api.services.query import Query
from api.services.records import BY_NAME
from api.services.terms import read_terms
from tests.factories import DOOR, MAKE, Record, store


def put(engine: Engine, name: str, record_id: str, /, **fields: Any) -> Saved:
    """Save one record of a collection, with good defaults."""
    return store(engine, (name, MAKE[name](record_id, **fields)))[0]


def remove(engine: Engine, name: str, record_id: str, **how: Any) -> Saved:
    """Delete one record."""
    with writing(engine) as connection:
        return catalog.remove(connection, BY_NAME[name], record_id, DOOR, **how)


def snapshot(engine: Engine, name: str, record_id: str) -> Record | None:
    """Return what a record is now."""
    with reading(engine) as connection:
        row = stored.current(connection, BY_NAME[name], record_id)
    return None if row is None else orjson.loads(row.snapshot)


def rows(engine: Engine, statement: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a select."""
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(statement)]


def found(engine: Engine, name: str, q: str, *filters: tuple[str, tuple[Any, ...]]) -> list[str]:
    """Return the ids that a list finds, best first."""
    with reading(engine) as connection:
        query = Query(filters=filters, terms=read_terms(q), sort=None, limit=200)
        return [row[0] for row in page(connection, BY_NAME[name], query).rows]

"""The records that have pages, by id and time of change, as sitemaps list them."""

from datetime import datetime

from sqlalchemy import Connection, select

from .collection import Collection


def addresses(
    connection: Connection, collection: Collection, limit: int, offset: int = 0
) -> list[tuple[str, datetime]]:
    """Return (id, updated_at) of some records of a collection, by id, in one statement."""
    table = collection.table
    stated = select(table.c.id, table.c.updated_at).order_by(table.c.id)
    rows = connection.execute(stated.limit(limit).offset(offset))
    return [(row.id, row.updated_at) for row in rows]

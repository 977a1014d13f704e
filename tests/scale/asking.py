"""Places deep in a list, without walking there."""

from typing import Any

from sqlalchemy import Connection, Engine, select

from api.services.collection import Collection
from api.services.database import reading
from api.services.query import After
from api.services.records import BY_NAME
from api.web.cursors import pack, unpack
from tests.conftest import client_of


def deep_cursor(engine: Engine, name: str, sort: str, past: int) -> str:
    """Return the cursor after `past` records: of a page of one that begins one before."""
    with reading(engine) as connection:
        after = after_of(connection, BY_NAME[name], sort, past - 1)
    body: Any = client_of(engine).get(f"/api/v1/{name}?sort={sort}&limit=1").json
    return _moved(body["page"]["next_cursor"], after)


def _moved(cursor: str, after: After) -> str:
    return pack([unpack(cursor, 3)[0], after.value, after.id])


def after_of(connection: Connection, collection: Collection, sort: str, past: int) -> After:
    up, down = collection.sorts[sort.lstrip("-")]
    column, key = (down, collection.table.c.id) if sort[0] == "-" else (up, collection.table.c.id)
    order = [each.desc() if sort[0] == "-" else each for each in (column, key)]
    found = select(column, key).order_by(*order).offset(past).limit(1)
    value, record_id = connection.execute(found).one()
    return After(value, record_id)

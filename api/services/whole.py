"""All records that a query finds, as one state of the store has them, in bounded memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, select

from .batches import batched
from .collection import Collection
from .database import reading
from .finding import numbers
from .projection import View, project
from .query import JOURNAL_SEQ, SNAPSHOT, Query

Records = list[dict[str, Any]]


@dataclass(frozen=True)
class Whole:
    """Records by the numbers of their journal entries, which stay as they are whatever is written.

    Each batch is read in a transaction of its own, so a slow reader holds none open.
    """

    collection: Collection
    numbers: Sequence[int]

    def batches(self, engine: Engine, view: View) -> Iterator[Records]:
        """Yield the records as a view shows them, some hundred at a time."""
        for some in batched(self.numbers):
            stated = select(JOURNAL_SEQ, SNAPSHOT).where(JOURNAL_SEQ.in_(some))
            with reading(engine) as connection:
                texts = {row.seq: row.snapshot for row in connection.execute(stated)}
            shown = (orjson.loads(texts[number]) for number in some)
            yield [project(self.collection, snapshot, view) for snapshot in shown]


def named(connection: Connection, collection: Collection, ids: Sequence[str]) -> Whole:
    """Return the records of some ids that are there, in the order of the ids' bytes."""
    table = collection.table
    stated = select(table.c.seq).where(table.c.id.in_(ids)).order_by(table.c.id)
    return Whole(collection, connection.execute(stated).scalars().all())


def whole(connection: Connection, collection: Collection, query: Query) -> Whole:
    """Return all that a query finds."""
    return Whole(collection, numbers(connection, collection, query))

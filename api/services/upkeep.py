"""What a database wants now and then, beside the reading and the writing."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Connection, Engine, select

from ..models import Change, SearchEntry, Store
from . import merging
from .collection import Collection
from .database import migrating


class Growth:
    """Tells a database how large things become while one transaction makes them large.

    PostgreSQL's planner learns the sizes of tables: nobody else sees them yet, so nobody else can
    tell it, and it would read whole tables that it takes for empty. SQLite merges its search index
    once at the end, where most of it is new, and not level by level: that takes no longer, and
    leaves less to read.
    """

    def __init__(self, connection: Connection) -> None:
        """Begin with what was known before."""
        self._connection = connection
        self._records = Counter[Collection]()
        self._next = defaultdict[Collection, int](lambda: FIRST)
        self._merges_late = False

    def add(self, collection: Collection, records: int) -> None:
        """Tell of so many records more."""
        self._records[collection] += records
        if self._connection.dialect.name == "postgresql":
            self._analyse(collection)
        elif not self._merges_late and self._is_most():
            merging.merge_late(self._connection)
            self._merges_late = True

    def end(self) -> None:
        """Tell that it was all."""
        if self._merges_late:
            merging.merge(self._connection)

    def _analyse(self, collection: Collection) -> None:
        if self._records[collection] < self._next[collection]:
            return
        self._next[collection] = self._records[collection] * TIMES
        tables = (collection.table, *collection.links.values(), *OF_ALL)
        names = ", ".join(table.name for table in tables)
        self._connection.exec_driver_sql(f"SET LOCAL default_statistics_target = {ROUGHLY}")
        self._connection.exec_driver_sql(f"ANALYZE {names}")

    def _is_most(self) -> bool:
        new = self._records.total()
        return new >= MANY and 2 * new >= self._connection.execute(select(Store.seq)).scalar_one()


ROUGHLY = 10
"""PostgreSQL's target of statistics within the transaction; a tenth of its own, and of the cost."""
FIRST, TIMES = 1_000, 10
"""After how many records of a kind PostgreSQL is told first, and by which growth each time."""
MANY = 10_000
"""From how many records on SQLite's search index is merged at the end."""
OF_ALL: Any = (Change.__table__, SearchEntry.__table__)


def expect_much(connection: Connection) -> None:
    """Let a connection of SQLite that is soon closed keep more pages at hand than a server's do."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size=-{MUCH}")


MUCH = 64_000
"""Kibibytes of pages: an import of 270,000 records takes a twentieth less time than with 8,000."""


def analyse(engine: Engine) -> None:
    """Let the planner know the sizes of things, after a large import."""
    with migrating(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("ANALYZE")


def shred(engine: Engine) -> None:
    """Free what was overwritten or deleted: until then the database's files still hold it."""
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    try:
        if engine.dialect.name == "sqlite":
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            driver.autocommit = True
            driver.execute("VACUUM")
    finally:
        raw.invalidate()

"""What a database wants now and then, beside the reading and the writing."""

from typing import Any

from sqlalchemy import Connection, Engine

from .database import migrating


class Growth:
    """Lets PostgreSQL's planner know the sizes of things while one transaction makes them large.

    Nobody else sees them yet, so nobody else can tell it, and it would read whole tables that it
    takes for empty. SQLite's planner asks for no sizes.
    """

    def __init__(self, connection: Connection) -> None:
        """Begin with what was known before."""
        self._connection, self._records, self._next = connection, 0, FIRST

    def add(self, records: int) -> None:
        """Tell of so many records more."""
        self._records += records
        if self._records >= self._next and self._connection.dialect.name == "postgresql":
            self._connection.exec_driver_sql("ANALYZE")
            self._next = self._records * TIMES


FIRST, TIMES = 2_000, 3
"""After how many records it is told first, and then by which growth each time."""


def expect_much(connection: Connection) -> None:
    """Let a connection of SQLite that is soon closed keep more pages at hand than a server's do."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size=-{MUCH}")


MUCH = 64_000
"""Kibibytes of pages: an import of 270,000 records takes a twentieth less time than with 8,000."""


def analyse(engine: Engine) -> None:
    """Let the planner know the sizes of things, after a large import."""
    with migrating(engine) as connection:
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

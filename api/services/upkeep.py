"""What a database wants now and then, beside the reading and the writing."""

from typing import Any

from sqlalchemy import Engine

from .database import migrating


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

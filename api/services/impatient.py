"""Small writes that would rather be left out than wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from .database import WRITES


@contextmanager
def at_once(engine: Engine) -> Iterator[Connection]:
    """Yield a connection for a small write beside the journal; OperationalError, not waiting,
    when SQLite is being written.
    """
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        driver: Any = connection.connection.driver_connection
        waits = None
        if connection.dialect.name == "sqlite":
            waits = driver.execute("PRAGMA busy_timeout").fetchone()[0]
            driver.execute("PRAGMA busy_timeout = 0")
        try:
            with connection.begin():
                yield connection
        finally:
            if waits is not None:
                driver.execute(f"PRAGMA busy_timeout = {waits}")

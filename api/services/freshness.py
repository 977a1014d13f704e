"""How far each collection has come, known at the cost of one tiny question.

SQLite: `PRAGMA data_version` on a connection that never writes changes with every commit of any
other, in this process or elsewhere. PostgreSQL: the one row of `store`, asked at most every few
milliseconds. Only when these have moved are the collections' own numbers read anew.
"""

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError

from ..errors import StoreUnavailable
from .changes import ends
from .records import COLLECTIONS

STORE_SIGN = "SELECT epoch, generation, seq FROM store"
NAMES = tuple(each.name for each in COLLECTIONS)


@dataclass(frozen=True, eq=False)
class Marks:
    """The store's epoch and index, and collection → its latest entry (see `changes.ends`)."""

    store: str
    latest: Mapping[str, str] = field(default_factory=dict)


class Watch:
    """Tells the present marks of a store. Safe to ask from several threads.

    `seconds`: how long an answer of PostgreSQL is good for; SQLite is asked each time.
    """

    def __init__(self, engine: Engine, seconds: float) -> None:
        self._engine = engine
        self._embedded = engine.dialect.name == "sqlite"
        self._seconds = 0.0 if self._embedded else seconds
        stated = ends(NAMES).compile(engine, compile_kwargs={"literal_binds": True})
        self._read = str(stated)
        self._sign_of = "PRAGMA data_version" if self._embedded else STORE_SIGN
        self._lock = threading.Lock()
        self._connection: Any = None
        self._cursor: Any = None
        self._sign: Any = None
        self._marks = Marks("")
        self._good_until = 0.0
        event.listen(engine, "engine_disposed", lambda _: self.close())

    def present(self) -> Marks:
        """Return the marks; the same object as long as nothing was written.

        StoreUnavailable when the database does not answer.
        """
        if self._seconds and time.monotonic() < self._good_until:
            return self._marks
        with self._lock:
            try:
                return self._asked()
            except (DBAPIError, self._engine.dialect.loaded_dbapi.Error) as error:
                self._close()
                raise StoreUnavailable("The database does not answer.") from error

    def known(self) -> Marks | None:
        """Return the marks if they are known without waiting for anything, else None."""
        if not self._embedded:
            return self._marks if time.monotonic() < self._good_until else None
        if not self._lock.acquire(blocking=False):
            return None
        try:
            if self._connection is None:
                return None
            sign = self._cursor.execute(self._sign_of).fetchone()
            return self._marks if sign == self._sign else None
        except self._engine.dialect.loaded_dbapi.Error:
            return None
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Ask anew next time, as this process has written."""
        self._good_until = 0.0

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._close()

    def _asked(self) -> Marks:
        if self._connection is None:
            self._open()
        asked_at = time.monotonic()
        sign = self._cursor.execute(self._sign_of).fetchone()
        if sign != self._sign:
            row = self._cursor.execute(self._read).fetchone()
            latest = {name: entry or "" for name, entry in zip(NAMES, row[2:], strict=True)}
            self._marks = Marks(f"{row[0]} {row[1]}", latest)
            self._sign = sign
        self._good_until = asked_at + self._seconds
        return self._marks

    def _open(self) -> None:
        taken = self._engine.raw_connection()
        taken.detach()  # it is ours for good, not the pool's
        self._taken = taken  # SQLAlchemy closes a connection that nobody holds
        self._connection = taken.dbapi_connection
        if not self._embedded:
            self._connection.autocommit = True
        self._cursor, self._sign = self._connection.cursor(), None

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(self._engine.dialect.loaded_dbapi.Error):
                connection.close()

"""The engine, and the two kinds of transaction: one snapshot to read, one lock to write.

SQLite reads in a deferred transaction and writes in BEGIN IMMEDIATE; PostgreSQL reads in
REPEATABLE READ READ ONLY and writes after locking the one row of `store`. So every answer is
one state of the store, and the journal's sequence is gapless and in commit order on both.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import (
    Connection,
    Delete,
    Engine,
    Insert,
    Table,
    Update,
    create_engine,
    event,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, DatabaseError

from ..errors import StoreUnavailable, WriteOutsideCatalog
from ..models import LINKS, Change, Store, Tally
from .prepared import Prepared

queries: ContextVar[int] = ContextVar("queries", default=0)
"""How many statements this context (a request, a command) has run."""

_OF_LISTS = {table.name for tables in LINKS.values() for table in tables}
JOURNALLED = frozenset({Change.__tablename__, Tally.__tablename__, *LINKS} | _OF_LISTS)
"""The tables that only the catalog may write (of what SQLAlchemy is asked to; see `_guard`)."""

OUR_FAULT = {"DataError", "IntegrityError", "ProgrammingError"}
"""What a database says of a wrong statement, not of its own state (the names of PEP 249)."""

WRITES = "pilotcities_writes"
_BEGUN = "pilotcities_begun"
READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


def open_engine(url: str, seconds: float = 10.0, pool_size: int = 8) -> Engine:
    """Return an engine for `url`; a write waits up to `seconds` for the store's lock."""
    _refuse_other_databases(url)
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url,
            pool_size=pool_size,
            pool_use_lifo=True,  # few connections are used, and what these have cached
            connect_args={"timeout": seconds},
            json_serializer=_json,
        )
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        options = f"-c statement_timeout={int(seconds * 1000)} -c timezone=UTC"
        engine = create_engine(
            url,
            pool_size=pool_size,
            pool_pre_ping=True,
            connect_args={"options": options},
            json_serializer=_json,
        )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_execute", _guard)
    event.listen(engine, "before_cursor_execute", _count)
    return engine


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _refuse_other_databases(url: str) -> None:
    try:
        driver = make_url(url).drivername
    except (ArgumentError, ValueError):
        driver = ""
    if driver not in ("sqlite", "postgresql", "postgresql+psycopg"):
        raise StoreUnavailable(
            "DATABASE_URL must be sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME."
        )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin, not by the driver
    for pragma in (
        "page_size=8192",  # of a new store: an import takes a tenth less time than with half of it
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged write survives a power cut
        "cache_size=-8000",
        "temp_store=MEMORY",  # what a page finds is small; a file for it costs more than the query
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    if connection.info.get(_BEGUN):
        return
    writes = connection.get_execution_options().get(WRITES, False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif not writes:
        connection.exec_driver_sql(READ_ONLY)


def _guard(connection: Connection, clause: Any, *_: Any) -> None:
    if not isinstance(clause, Insert | Update | Delete):
        return
    table: Any = clause.table
    while not isinstance(table, Table) and hasattr(table, "element"):
        table = table.element
    name = getattr(table, "name", "")
    if name in JOURNALLED and not connection.info.get("catalog"):
        raise WriteOutsideCatalog(f"{name} is written by api.services.catalog and nothing else")


def _count(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
    queries.set(queries.get() + (not statement.startswith(("BEGIN", "SET TRANSACTION"))))


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection whose every statement sees one state; the driver has begun it."""
    driver: Any = engine.dialect.loaded_dbapi
    try:
        with engine.connect() as connection:
            began: Any = connection.connection.cursor()
            began.execute("BEGIN" if engine.dialect.name == "sqlite" else READ_ONLY)
            began.close()
            connection.info[_BEGUN] = True
            try:
                yield connection
            finally:
                connection.info[_BEGUN] = False
    except (DatabaseError, driver.Error) as error:
        if _is_our_fault(error):
            raise
        raise StoreUnavailable("The database does not answer; try again shortly.") from error


def _is_our_fault(error: Exception) -> bool:
    return any(kind.__name__ in OUR_FAULT for kind in type(error).__mro__)


@contextlib.contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that writes beside the journal (the schema, tokens): all or nothing."""
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def changing_schema(engine: Engine) -> Iterator[Connection]:
    """Yield a connection for a migration; of two servers that start at once, one waits."""
    with migrating(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20260001)")
        yield connection


@contextlib.contextmanager
def writing(engine: Engine, *, dry_run: bool = False) -> Iterator[Connection]:
    """Yield a connection that holds the store's lock; commit at the end, or roll all back.

    A `dry_run` rolls back at the end, too. A lock that is not to be had in time is a
    StoreUnavailable.
    """
    driver: Any = engine.dialect.loaded_dbapi
    try:
        with migrating(engine) as connection:
            _LOCK.rows(connection)
            yield connection
            if dry_run:
                connection.rollback()
    except (DatabaseError, driver.Error) as error:
        if _is_our_fault(error):
            raise
        raise StoreUnavailable("The store is busy or does not answer; nothing changed.") from error


_LOCK = Prepared(select(Store.seq).where(Store.id == 1).with_for_update())


@contextlib.contextmanager
def as_catalog(connection: Connection) -> Iterator[None]:
    """Mark a connection as the catalog's while the block runs."""
    before = connection.info.get("catalog", False)
    connection.info["catalog"] = True
    try:
        yield
    finally:
        connection.info["catalog"] = before

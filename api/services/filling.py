"""The first filling of an empty PostgreSQL store: indexes and foreign keys are made at its end.

Both cost three times as much row by row as made at once (PostgreSQL's manual, section 14.4,
"Populating a Database"). It is one transaction: until it ends, the tables can be neither read nor
written by others, and if it fails, nothing has changed. SQLite gains nothing from it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from ..models import SearchEntry
from .database import JOURNALLED
from .prepared import run
from .stored import is_bare

TABLES = sorted(JOURNALLED | {SearchEntry.__tablename__})


Shown = Callable[[Sequence[str]], Iterable[str]]


@contextmanager
def filling(connection: Connection, shown: Shown = iter) -> Iterator[None]:
    """Do without indexes and foreign keys within the block, if the store is an empty one of
    PostgreSQL, the user owns its tables and nobody uses them; what keeps ids and versions apart
    stays. `shown` gives back the statements that make them again, and shows how far it is.

    IntegrityError at the end of the block when a row names one that is not there.
    """
    is_first = connection.dialect.name == "postgresql" and is_bare(connection)
    aside = _set_aside(connection) if is_first else []
    yield
    if aside:
        _do(connection, shown(aside))


def _set_aside(connection: Connection) -> list[str]:
    """Drop all of it or nothing; return what makes it again, in this order."""
    driver: Any = connection.dialect.loaded_dbapi
    if run(connection, _OWNED, (TABLES,)) != [(len(TABLES),)]:
        return []
    found = [each for text in (_KEYS, _INDEXES) for each in run(connection, text, (TABLES,))]
    try:
        with connection.begin_nested():
            _do(connection, [f"LOCK {', '.join(TABLES)} NOWAIT"])
            _do(connection, (dropping for dropping, _ in found))
    except driver.Error:  # somebody uses a table, or something of the operator's own needs an index
        return []
    _do(connection, ["SET LOCAL statement_timeout = 0"])  # sorting all takes its time
    return [making for _, making in reversed(found)]


def _do(connection: Connection, statements: Iterable[str]) -> None:
    cursor: Any = connection.connection.cursor()
    with cursor:
        for each in statements:
            cursor.execute(each)  # without values, so that a % is a %


_OWNED = """
SELECT count(*) FROM pg_class
WHERE relname = ANY(%s) AND relkind = 'r' AND pg_table_is_visible(oid)
  AND pg_has_role(relowner, 'USAGE') AND has_schema_privilege(relnamespace, 'CREATE')
"""
_KEYS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', found.oid::regclass, own.conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', found.oid::regclass, own.conname,
              pg_get_constraintdef(own.oid))
FROM pg_constraint own
JOIN pg_class found ON found.oid = own.conrelid
WHERE own.contype = 'f' AND found.relname = ANY(%s) AND pg_table_is_visible(found.oid)
"""
_INDEXES = """
SELECT format('DROP INDEX %%s', own.oid::regclass), pg_get_indexdef(own.oid)
FROM pg_index
JOIN pg_class own ON own.oid = indexrelid
JOIN pg_class found ON found.oid = indrelid
WHERE NOT indisunique AND NOT indisexclusion AND own.reltablespace = 0
  AND found.relname = ANY(%s) AND pg_table_is_visible(found.oid)
"""

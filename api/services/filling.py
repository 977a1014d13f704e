"""The first filling of an empty PostgreSQL store: indexes and foreign keys are made at its end.

Both cost three times as much row by row as made at once (PostgreSQL's manual, section 14.4,
"Populating a Database"). It is one transaction: until it ends, the tables can be neither read nor
written by others, and if it fails, nothing has changed. SQLite gains nothing from it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from ..models import SearchEntry
from .database import JOURNALLED
from .prepared import run
from .stored import is_bare

TABLES = sorted(JOURNALLED | {SearchEntry.__tablename__})


Shown = Callable[[Sequence[str]], Iterable[str]]


@contextmanager
def filling(connection: Connection, shown: Shown = iter) -> Iterator[None]:
    """Do without indexes and foreign keys within the block, if the store is an empty one of
    PostgreSQL and the user may do so; what keeps ids and versions apart stays. `shown` gives back
    the statements that make them again, and shows how far it is.

    IntegrityError at the end of the block when a row names one that is not there.
    """
    is_first = connection.dialect.name == "postgresql" and is_bare(connection)
    aside = _set_aside(connection) if is_first else []
    yield
    for making in shown(aside):
        connection.exec_driver_sql(making)


def _set_aside(connection: Connection) -> list[str]:
    """Drop what may be dropped; return what makes it again, in this order. Nothing is dropped while
    somebody uses the tables.
    """
    found = [each for text in (_KEYS, _INDEXES) for each in run(connection, text, (TABLES,))]
    if not found:
        return []
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(f"LOCK {', '.join(TABLES)} NOWAIT")
            for dropping, _ in found:
                connection.exec_driver_sql(dropping)
    except OperationalError:
        return []
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # sorting all takes its time
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    return [making for _, making in reversed(found)]


_KEYS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', found.oid::regclass, own.conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', found.oid::regclass, own.conname,
              pg_get_constraintdef(own.oid))
FROM pg_constraint own
JOIN pg_class found ON found.oid = own.conrelid
JOIN pg_class other ON other.oid = own.confrelid
WHERE own.contype = 'f' AND found.relname = ANY(%s) AND pg_table_is_visible(found.oid)
  AND pg_has_role(found.relowner, 'USAGE') AND pg_has_role(other.relowner, 'USAGE')
"""
_INDEXES = """
SELECT format('DROP INDEX %%s', own.oid::regclass), pg_get_indexdef(own.oid)
FROM pg_index
JOIN pg_class own ON own.oid = indexrelid
JOIN pg_class found ON found.oid = indrelid
WHERE NOT indisunique AND own.reltablespace = 0
  AND found.relname = ANY(%s) AND pg_table_is_visible(found.oid)
  AND pg_has_role(found.relowner, 'USAGE')
  AND has_schema_privilege(found.relnamespace, 'CREATE')
"""

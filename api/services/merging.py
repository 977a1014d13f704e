"""When SQLite merges the parts of its search index: a few at a time, or all at the end of a load.

https://sqlite.org/fts5.html section 6.
"""

from sqlalchemy import Connection

from .prepared import run_for_each


def merge_late(connection: Connection) -> None:
    """Let the index grow without being merged, but for what would be too much to open."""
    _configure(connection, automerge=0, crisismerge=64)


def merge(connection: Connection) -> None:
    """Merge the index into one part, and let it be merged as it grows again."""
    connection.exec_driver_sql("INSERT INTO search_fts (search_fts) VALUES ('optimize')")
    _configure(connection, automerge=4, crisismerge=16)  # as FTS5 has them by default


def _configure(connection: Connection, **settings: int) -> None:
    said = "INSERT INTO search_fts (search_fts, rank) VALUES (?, ?)"
    run_for_each(connection, said, list(settings.items()))

"""Which contents are still wanted, and whether those that are wanted are whole."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, select

from .contents import Contents
from .database import reading, writing
from .held import CONTENT, Held, drop
from .records import DOCUMENTS

GRACE = timedelta(hours=24)
"""How long a content is left alone that nothing names: an upload may be about to name it."""


@dataclass(frozen=True)
class Pruned:
    """A content that no document names any more, and since when it has been kept."""

    sha256: str
    kept_at: datetime


def named(connection: Connection) -> dict[str, list[str]]:
    """Return digest → where it stands, for all digests that files of documents name."""
    found: dict[str, list[str]] = {}
    columns: Any = (DOCUMENTS.table.c.id, DOCUMENTS.table.c.files)
    for row in connection.execute(select(*columns).order_by(DOCUMENTS.table.c.id)):
        for file in row.files:
            if file["sha256"]:
                found.setdefault(file["sha256"], []).append(
                    f"documents/{row.id}/files/{file['id']}"
                )
    return found


def stored(connection: Connection) -> dict[str, Held]:
    """Return digest → content, for all that are noted as stored."""
    columns = (CONTENT.c.sha256, CONTENT.c.size, CONTENT.c.media_type)
    return {row.sha256: Held(*row) for row in connection.execute(select(*columns))}


def prune(
    engine: Engine, contents: Contents, *, doing: bool, grace: timedelta = GRACE
) -> list[Pruned]:
    """Return the contents that nothing names; with `doing`, remove them.

    The store's lock is held meanwhile, so that no upload can begin to name one of them.
    """
    late = datetime.now(UTC) - grace
    with writing(engine, dry_run=not doing) as connection:
        wanted = named(connection).keys()
        kept = {digest: at for digest, at in contents.digests() if digest not in wanted}
        leaving = [Pruned(digest, at) for digest, at in sorted(kept.items()) if at <= late]
        staying = wanted | (kept.keys() - {each.sha256 for each in leaving})
        if doing:
            drop(connection, stored(connection).keys() - staying)
            for each in leaving:
                contents.remove(each.sha256)
    if doing:
        _sweep(contents, late)
    return leaving


def _sweep(contents: Contents, late: datetime) -> None:
    """Remove what uploads left half-way when a server was killed."""
    for path in contents.incoming.glob("*"):
        if path.stat().st_mtime <= late.timestamp():
            path.unlink(missing_ok=True)


def damage(engine: Engine, contents: Contents) -> Iterator[str]:
    """Yield a sentence for each content that a file has and that is missing or not whole."""
    with reading(engine) as connection:
        wanted, known = named(connection), stored(connection)
    for digest, places in wanted.items():
        if digest in known:
            wrong = _wrong(contents, known[digest])
            yield from (f"{place}: {wrong}" for place in places if wrong)


def _wrong(contents: Contents, content: Held) -> str | None:
    found = hashlib.sha256()
    try:
        for chunk in contents.chunks(content.sha256, 0, content.size + 1):
            found.update(chunk)
    except FileNotFoundError:
        return f"the content {content.sha256} is missing"
    return None if found.hexdigest() == content.sha256 else f"{content.sha256} is damaged"

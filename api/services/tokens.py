"""Who may write: tokens that are shown once, kept as digests, and checked in constant work."""

import contextlib
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, insert, select, update
from sqlalchemy.exc import OperationalError

from ..errors import Conflict, NotFound, Unauthorized
from ..models import Token
from .database import reading
from .doors import Door, now
from .impatient import at_once
from .prepared import Prepared, read

PREFIX = "upc_"
TOKEN: Any = Token.__table__
_FORM = re.compile(r"upc_[A-Za-z0-9_-]{43}")
_NOTED_EVERY = timedelta(hours=1)


class Scope(StrEnum):
    """What a token allows. Reading needs none."""

    CONTENT_WRITE = "content:write"
    """Create, change, revert and delete records, and import bundles."""
    ADMIN = "admin"
    """Everything that the other scopes allow, and what comes to need an administrator."""


@dataclass(frozen=True)
class Principal:
    """Whom a token stands for. `cities` is None when it is bound to none."""

    token_id: int
    name: str
    scopes: frozenset[Scope]
    cities: frozenset[str] | None

    def may(self, scope: Scope) -> bool:
        """Tell whether the token has a scope; `admin` includes all."""
        return Scope.ADMIN in self.scopes or scope in self.scopes

    @property
    def door(self) -> Door:
        """The door that the principal writes through over HTTP."""
        return Door("http", self.name, self.cities)


def issue(
    connection: Connection,
    name: str,
    scopes: Sequence[Scope],
    cities: Sequence[str] = (),
    lasts: timedelta | None = None,
) -> str:
    """Make a token and return it: it is shown this once. Conflict when the name is taken."""
    if connection.execute(select(TOKEN.c.id).where(TOKEN.c.name == name)).first():
        raise Conflict(f"There is a token named {name!r} already; names are for one token only.")
    token = PREFIX + secrets.token_urlsafe(32)
    at = now()
    connection.execute(
        insert(TOKEN),
        {
            "name": name,
            "digest": digest(token),
            "scopes": sorted(set(scopes)),
            "cities": sorted(set(cities)) or None,
            "created_at": at,
            "expires_at": None if lasts is None else at + lasts,
        },
    )
    return token


def digest(token: str) -> str:
    """Return the SHA-256 digest of a token; its 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def listed(connection: Connection) -> list[dict[str, Any]]:
    """Return all tokens without what would let anyone use them, oldest first."""
    rows = connection.execute(select(*_ASKED).order_by(TOKEN.c.id)).mappings()
    return [dict(row) for row in rows]


def revoke(connection: Connection, name: str) -> None:
    """End a token at once; NotFound when there is no such token that is not revoked."""
    here = (TOKEN.c.name == name) & TOKEN.c.revoked_at.is_(None)
    if connection.execute(update(TOKEN).where(here).values(revoked_at=now())).rowcount == 0:
        raise NotFound(f"There is no token {name!r} that could be revoked.")


def verify(engine: Engine, token: str) -> Principal:
    """Return whom a token stands for; Unauthorized when it is unknown, expired or revoked.

    The token is looked up by its digest, so that the time taken tells nothing of other tokens.
    """
    refused = Unauthorized("The token is unknown, expired or revoked.")
    if not _FORM.fullmatch(token):
        raise refused
    with reading(engine) as connection:
        found = _TOKEN.row(connection, digest=digest(token))
        if found is None:
            raise refused
        pairs = zip(_ASKED, found, strict=True)
        row = {column.name: read(connection, column, value) for column, value in pairs}
    at = now()
    if row["revoked_at"] or (row["expires_at"] and row["expires_at"] <= at):
        raise refused
    _note_use(engine, row["id"], row["last_used_at"], at)
    cities = None if row["cities"] is None else frozenset(row["cities"])
    return Principal(row["id"], row["name"], frozenset(map(Scope, row["scopes"])), cities)


_ASKED = tuple(column for column in TOKEN.c if column.name != "digest")
_TOKEN = Prepared(select(*_ASKED).where(TOKEN.c.digest == bindparam("digest")))


def _note_use(engine: Engine, token_id: int, last: datetime | None, at: datetime) -> None:
    """Note when a token was used, unless someone is writing just now: a later use notes it."""
    if last is None or at - last >= _NOTED_EVERY:
        with contextlib.suppress(OperationalError), at_once(engine) as connection:
            connection.execute(update(TOKEN).where(TOKEN.c.id == token_id).values(last_used_at=at))

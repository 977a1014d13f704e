"""Bearer tokens (RFC 6750): whom a request comes from, and what that allows."""

from flask import g, request

from ..errors import Forbidden, Unauthorized
from ..services.tokens import Principal, Scope, verify
from .db import engine

REALM = "pilot-cities"


def principal() -> Principal | None:
    """Return whom the request's token stands for, None without a token.

    A token that is not valid is Unauthorized.
    """
    if "principal" not in g:
        header = request.headers.get("Authorization")
        g.principal = None
        if header is not None:
            kind, _, token = header.partition(" ")
            if kind.casefold() != "bearer":
                raise Unauthorized("Authorization must be: Bearer and a token.")
            g.principal = verify(engine(), token.strip())
    found: Principal | None = g.principal
    return found


def require(scope: Scope) -> Principal:
    """Return whom the request comes from, when that has the scope."""
    found = principal()
    if found is None:
        raise Unauthorized("This needs a token: Authorization: Bearer upc_…")
    if not found.may(scope):
        raise Forbidden(f"The token {found.name!r} lacks the scope {scope.value}.")
    return found


def challenge(error: Unauthorized | Forbidden) -> str:
    """Return the WWW-Authenticate header for a refusal."""
    if isinstance(error, Forbidden):
        return f'Bearer realm="{REALM}", error="insufficient_scope"'
    given = ', error="invalid_token"' if "Authorization" in request.headers else ""
    return f'Bearer realm="{REALM}"{given}'

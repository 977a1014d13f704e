"""What a request is called in answers and in the log."""

import re
import uuid
from typing import Any

_KEY = "pilotcities.request_id"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")


def new_request_id() -> str:
    """Return an id that no other request has."""
    return uuid.uuid4().hex


def request_id_of(environ: dict[str, Any]) -> str:
    """Return the id of a WSGI request: the client's own, when it is a sane one."""
    found: str | None = environ.get(_KEY)
    if found is None:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        found = given if _GIVEN.fullmatch(given) else new_request_id()
        environ[_KEY] = found
    return found

"""What a request is called in answers and in the log."""

import os
import re
from itertools import count
from secrets import token_hex
from typing import Any

_KEY = "pilotcities.request_id"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")


class _Drawn:
    """What all ids of this process begin with, and their numbers: a drawing each would cost more
    than all else of an answer that is kept.
    """

    start = token_hex(8)
    numbers = count(1)

    @classmethod
    def anew(cls) -> None:
        """Draw again, in a process that has branched off."""
        cls.start, cls.numbers = token_hex(8), count(1)


os.register_at_fork(after_in_child=_Drawn.anew)


def new_request_id() -> str:
    """Return an id that no other request has."""
    return f"{_Drawn.start}{next(_Drawn.numbers):016x}"


def request_id_of(environ: dict[str, Any]) -> str:
    """Return the id of a WSGI request: the client's own, when it is a sane one."""
    found: str | None = environ.get(_KEY)
    if found is None:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        found = given if _GIVEN.fullmatch(given) else new_request_id()
        environ[_KEY] = found
    return found

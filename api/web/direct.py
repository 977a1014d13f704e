"""A way past Flask for the reads that nearly all requests are: a list or a record, as JSON.

Flask spends more on routing, contexts and hooks than such a read takes. What is the least bit
unusual (another format, a token, a fault in the query) is left to Flask, whose answers these equal
(tests/contract/test_direct.py).
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import structlog
from flask import Flask

from ..services.collection import Collection
from ..services.database import queries
from .asking import Asked
from .cache import SHOWS
from .codings import IDENTITY, coding_for
from .conditional import caching
from .db import engine_of
from .limits import is_id
from .metrics import count_route
from .negotiation import JSON
from .pace import Pace
from .params import LIMIT
from .reads import Found, Reads, link, read_list, read_one
from .request_ids import request_id_of

Environ = dict[str, Any]
Start = Callable[..., Any]
Place = tuple[Reads, str | None]
_USUAL = frozenset(("", "*/*", JSON))
_UNUSUAL = ("HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_TRANSFER_ENCODING")
_PLAIN = re.compile(r"[!-~]*", re.ASCII)
log = structlog.get_logger("pilotcities")


def is_short(collection: Collection, query: str) -> bool:
    """Tell whether a list surely is found by an index and shown in about a millisecond: a page of
    usual size, of all or by one filter, with nothing beside it that would have to be found.
    """
    parts = [each.partition("=") for each in query.split("&")] if query else []
    names = {name for name, _, _ in parts}
    filters = names & collection.filters.keys()
    limit = next((value for name, _, value in parts if name == "limit"), "")
    return (
        not any("%" in name or "+" in name for name in names)
        and not names & {"q", "bbox", "include"}
        and len(filters) <= (0 if "facets" in names else 1)
        and (not limit or (limit.isdigit() and int(limit[:4]) <= LIMIT))
    )


class Direct:
    """WSGI middleware behind the cache and before Flask.

    `reads`: name of a collection → its reads, below `prefix`; `headers`: those of every answer.
    """

    def __init__(
        self, app: Flask, prefix: str, reads: Mapping[str, Reads], headers: list[tuple[str, str]]
    ) -> None:
        self.behind: Callable[[Environ, Start], Iterable[bytes]] = app.wsgi_app
        self._app, self._prefix, self._reads, self._headers = app, prefix, reads, headers

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a plain read, or let Flask answer."""
        place = self._place(environ)
        if place is not None:
            began = time.perf_counter()
            queries.set(0)
            try:
                found = self._found(environ, *place)
            except Exception:  # noqa: S110  whatever it is, Flask tells and logs it
                pass
            else:
                self._count(environ, found, place, time.perf_counter() - began)
                return self._sent(environ, start, found)
        return self.behind(environ, start)

    def pace(self, environ: Environ) -> Pace:
        """Tell how a request is best worked on."""
        if engine_of(self._app).dialect.name != "sqlite":
            return Pace.WAITING
        place = self._place(environ)
        if place is None:
            return Pace.WAITING
        reads, record_id = place
        if record_id is not None:
            return Pace.QUICK
        bare = coding_for(environ.get("HTTP_ACCEPT_ENCODING", "")) == IDENTITY  # packing takes long
        short = bare and is_short(reads.collection, environ["QUERY_STRING"])
        return Pace.QUICK if short else Pace.BUSY

    def _place(self, environ: Environ) -> Place | None:
        """Return what is read, and the id of a single record; None for what is not plain."""
        path: str = environ["PATH_INFO"]
        if (
            environ["REQUEST_METHOD"] != "GET"
            or not path.startswith(self._prefix)
            or environ.get("HTTP_ACCEPT", "") not in _USUAL
            or environ.get("CONTENT_LENGTH", "0") not in ("", "0")
            or any(name in environ for name in _UNUSUAL)
            or not _PLAIN.fullmatch(environ["QUERY_STRING"])
        ):
            return None
        name, slash, record_id = path[len(self._prefix) + 1 :].partition("/")
        reads = self._reads.get(name)
        if reads is None or (slash and not is_id(record_id)):
            return None
        return reads, record_id if slash else None

    def _found(self, environ: Environ, reads: Reads, record_id: str | None) -> Found:
        config, path = self._app.config, environ["PATH_INFO"]
        args = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True, errors="strict")
        held, site = environ.get("HTTP_IF_NONE_MATCH", ""), config["PUBLIC_URL"]
        by = Asked(path, args, held, site, f"{site}{self._prefix}", config["BUILD"])
        engine = engine_of(self._app)
        if record_id is None:
            return read_list(engine, reads.collection, reads.list, by)
        return read_one(engine, reads.collection, reads.one, record_id, by)

    def _count(self, environ: Environ, found: Found, place: Place, seconds: float) -> None:
        reads, record_id = place
        route = f"{self._prefix}/{reads.collection.name}{'' if record_id is None else '/<id>'}"
        count_route(self._app, "GET", route, found.status, seconds)
        log.info(
            "request",
            request_id=request_id_of(environ),
            method="GET",
            route=route,
            path=environ["PATH_INFO"],
            status=found.status,
            ms=round(seconds * 1000, 2),
            queries=queries.get(),
        )

    def _sent(self, environ: Environ, start: Start, found: Found) -> list[bytes]:
        environ[SHOWS] = found.shows
        told = caching(found.tag)
        if found.following:
            told.insert(0, ("Link", link(found.following)))
        if found.body is not None:
            length = str(len(found.body))
            told = [("Content-Type", JSON), ("Content-Length", length), *told]
        line = "200 OK" if found.status == 200 else "304 NOT MODIFIED"
        start(line, [*told, *self._headers, ("X-Request-Id", request_id_of(environ))])
        return [] if found.body is None else [found.body]

"""One decorator for the verbs that write: token, precondition, transaction, answer, contract."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request
from sqlalchemy import Connection

from ..services.catalog import Outcome, Saved
from ..services.changes import mark
from ..services.collection import Collection
from ..services.database import writing
from ..services.doors import Door
from ..services.editing import Precondition
from ..services.listing import alone
from ..services.projection import ALL_LANGUAGES
from ..services.query import Query
from ..services.snapshots import Snapshots
from ..services.tokens import Scope
from . import auth, conditional
from .bodies import read_json
from .db import engine
from .envelopes import single_body
from .negotiation import JSON
from .params import Reader
from .values import one_of
from .versions import base_url, version

View = Callable[[Connection, Door, str, Any, Precondition], Saved]
WRITE_ERRORS = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    409: "CONFLICT",
    411: "LENGTH_REQUIRED",
    413: "REQUEST_ENTITY_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "UNPROCESSABLE_ENTITY",
    503: "SERVICE_UNAVAILABLE",
}
CHANGE_ERRORS = {412: "PRECONDITION_FAILED", 428: "PRECONDITION_REQUIRED"}
MISSING_ERRORS = {404: "NOT_FOUND", 410: "GONE"}


VERSION = r'"([0-9]{1,9})[."]'
"""The version part of a record's tag."""
PRINT = r'"[0-9]{1,9}\.([0-9a-f]{8})[0-9a-f]{16}'
"""The part of a record's tag that tells its history."""


def precondition(part: str = VERSION, read: Callable[[str], Any] = int) -> Precondition:
    """Read If-Match and If-None-Match; of a record's tag its version counts, and its print.

    So a proxy that weakens tags (`W/`) or marks them by coding (`-gzip`) does no harm.
    """
    match = request.headers.get("If-Match")
    none = request.headers.get("If-None-Match", "").strip()
    if match is None:
        return Precondition(absent=none == "*")
    if match.strip() == "*":
        return Precondition(exists=True, absent=none == "*")
    found = re.findall(part, match)
    prints = frozenset(re.findall(PRINT, match))
    return Precondition(frozenset(map(read, found)), prints, absent=none == "*")


def is_true(text: str) -> bool:
    """Read `true` or `false`."""
    return one_of(text, ("true", "false")) == "true"


def writes(
    collection: Collection,
    view: View,
    *,
    takes: str | None = None,
    reads: dict[str, Callable[[str], Any]] | None = None,
    required: frozenset[str] = frozenset(),
) -> Callable[..., Response]:
    """Return the function that answers a writing request.

    Order: token, query, body's form, then in one transaction: precondition and content (the
    view). With `dry_run=true` the transaction is rolled back after the answer is made. The view
    gets the body, or, when the verb takes none, the parameters of `reads`, of which some are
    `required`.
    """
    parse = reads or {}

    @wraps(view)
    def answer(id: str = "") -> Response:  # noqa: A002  the contract's name
        door = auth.require(Scope.CONTENT_WRITE).door
        reader = Reader(request.args.items(multi=True), ("dry_run", *parse))
        dry_run = reader.read("dry_run", is_true, False)
        given = {
            name: reader.require(name, read) if name in required else reader.read(name, read)
            for name, read in parse.items()
        }
        reader.finish()
        body = read_json(takes) if takes else given
        with writing(engine(), dry_run=dry_run) as connection:
            saved = view(connection, door, id, body, precondition())
            if saved.outcome is Outcome.DELETED:
                return Response(status=204, headers={"Cache-Control": "no-store"})
            record = alone(connection, collection, id or body["id"])
            history = mark(connection, ()).history
        return _record_response(collection, record, saved, history)

    return answer


def _record_response(
    collection: Collection, record: Snapshots, saved: Saved, history: str
) -> Response:
    """Return a written record in all its languages, with the tag that a GET of it has."""
    address = f"/{collection.name}/{record.ids[0]}"
    query = Query(langs=(ALL_LANGUAGES,))
    response = Response(
        single_body(collection, query, record, {}, base_url()),
        201 if saved.outcome is Outcome.CREATED else 200,
        content_type=JSON,
    )
    tag = conditional.record_tag(record[0], history, version().prefix + address)
    response.headers["ETag"] = f'"{tag}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["Location"] = base_url() + address
    return response

"""The two reads that nearly all requests are, a list and a record: what is asked in, bytes out."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response
from sqlalchemy import Connection, Engine

from ..services import changes
from ..services.collection import Collection
from ..services.database import reading
from ..services.listing import Listing
from ..services.query import Query
from ..services.snapshots import Snapshots
from . import conditional
from .asking import Asked
from .cursors import still_valid, write_cursor
from .envelopes import list_body, single_body
from .negotiation import JSON
from .params import read_list_query, read_single_query

ListView = Callable[[Connection, Query], Listing]
OneView = Callable[[Connection, Query, str], tuple[Snapshots, dict[str, Snapshots]]]


@dataclass(frozen=True)
class Reads:
    """The list of a collection and its single records, as `publish` shows them."""

    collection: Collection
    list: ListView
    one: OneView


@dataclass(frozen=True)
class Found:
    """An answer: its body (None: the client holds it), its tag, the collections that it shows, and
    the address of the next page.
    """

    body: bytes | None
    tag: str
    shows: tuple[str, ...]
    following: str | None = None

    @property
    def status(self) -> int:
        """200, or 304 for whoever holds it."""
        return 304 if self.body is None else 200

    def response(self) -> Response:
        """Return it as Flask has it."""
        if self.body is None:
            return conditional.not_modified(self.tag)
        response = Response(self.body, content_type=JSON)
        if self.following:
            response.headers["Link"] = link(self.following)
        return conditional.cached(response, self.tag, self.shows)


def link(following: str) -> str:
    """Return the header that leads to the next page."""
    return f'<{following}>; rel="next"'


def read_list(engine: Engine, collection: Collection, view: ListView, by: Asked) -> Found:
    """Answer a list."""
    query = read_list_query(collection, by.args)
    shows = (collection.name, *query.include)
    with reading(engine) as connection:
        mark = changes.mark(connection, shows)
        value = by.tag(mark.seq, mark.history)
        if by.holds(value):
            return Found(None, value, shows)
        best_first = query.sort is None  # its cursors hold as long as the collection alone does
        own = changes.mark(connection, [collection.name]) if best_first and query.include else mark
        still_valid(query, own)
        found = view(connection, query)
    cursor = write_cursor(collection.name, query, found.after, own)
    body, following = list_body(collection, query, found, cursor, by)
    return Found(body, value, shows, following)


def read_one(
    engine: Engine, collection: Collection, view: OneView, record_id: str, by: Asked
) -> Found:
    """Answer one record."""
    query = read_single_query(collection, by.args)
    shows = (collection.name, *query.include)
    with reading(engine) as connection:
        record, included = view(connection, query, record_id)
        mark = changes.mark(connection, shows if query.include else [])
    if query.include:
        value = by.tag(mark.seq, mark.history)
    else:
        value = conditional.printed(record[0], by.tag(record[0]["version"], mark.history))
    if by.holds(value):
        return Found(None, value, shows)
    return Found(single_body(collection, query, record, included, by.base), value, shows)

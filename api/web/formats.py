"""Answers in other formats than JSON: how they are asked for and sent.

What holds all that a list finds is one state of the store, sent as it is read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request

from ..formats.places import Places, Record
from ..services import changes, listing
from ..services.batches import AT_ONCE
from ..services.collection import Collection
from ..services.projection import View, project
from ..services.query import Query
from ..services.whole import whole
from . import conditional
from .components import FREE_FORMS
from .db import engine, snapshot
from .envelopes import address
from .negotiation import JSON, negotiate
from .offers import WHOLE, Offer
from .params import Reader, list_reader, read_single_query
from .values import one_of
from .versions import base_url

Batches = Iterable[Iterable[Record]]


@dataclass(frozen=True)
class Asked:
    """What a writer knows of the request besides the records."""

    collection: Collection
    query: Query
    address: str
    places: Places
    marked: bool = False


@dataclass(frozen=True)
class Format:
    """A format of lists, and of single records where `one` writes them.

    `offer`: the parameters that its lists take; `about`: a sentence for the contract; `answer`:
    the view of a list.
    """

    suffix: str
    name: str
    media_type: str
    offer: Offer
    about: str
    answer: Callable[["Format", Collection], Response]
    parts: Callable[[Asked, Batches], Iterator[bytes]] | None = None
    one: Callable[[Asked, Record], bytes] | None = None

    @property
    def content_type(self) -> str:
        """The media type, and that texts are UTF-8."""
        text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if text else self.media_type

    @property
    def shape(self) -> dict[str, str]:
        """What the contract says of an answer's body."""
        named = {"jsonld": FREE_FORMS["LinkedData"], "geojson": FREE_FORMS["FeatureCollection"]}
        return named.get(self.suffix, {"type": "string"}) | {"description": self.about}


def negotiate_format(formats: Sequence[Format]) -> Format | None:
    """Return the format that `Accept` likes best, None for JSON."""
    media_type = negotiate(JSON, *(each.media_type for each in formats))
    return next((each for each in formats if each.media_type == media_type), None)


def places() -> Places:
    """Return where this server's records are found."""
    return Places(current_app.config["PUBLIC_URL"], base_url())


def own_address(suffix: str, **changed: str) -> str:
    """Return the address at which a format is to be had without `Accept`."""
    path, mark, asked = address(**changed).partition("?")
    return f"{path.removesuffix(f'.{suffix}')}.{suffix}{mark}{asked}"


def answer_whole(chosen: Format, collection: Collection) -> Response:
    """Answer all that a query finds: at once if it is little, else as it is read."""
    query, reader = list_reader(collection, request.args.items(multi=True), chosen.offer)
    marked = _is_marked(reader)
    reader.finish()
    with snapshot() as connection:
        mark = changes.mark(connection, [collection.name])
        value = conditional.tag(mark.seq, mark.history, also=chosen.suffix)
        if conditional.is_current(value):
            return conditional.not_modified(value)
        found = whole(connection, collection, query)
    batches = found.batches(engine(), View(base_url(), query.langs))
    write: Any = chosen.parts
    where = own_address(chosen.suffix)
    sent = write(Asked(collection, query, where, places(), marked), batches)
    body = b"".join(sent) if len(found.numbers) <= AT_ONCE else sent
    return conditional.cached(
        Response(body, content_type=chosen.content_type), value, [collection.name]
    )


def _is_marked(reader: Reader) -> bool:
    read: str | None = reader.read("csv_bom", lambda text: one_of(text, ("true", "false")))
    return read == "true"


def answer_one(chosen: Format, collection: Collection, record_id: str) -> Response:
    """Answer one record."""
    query = read_single_query(collection, request.args.items(multi=True), WHOLE)
    with snapshot() as connection:
        history = changes.mark(connection, []).history
        record = listing.single(connection, collection, record_id)
    value = conditional.record_tag(record, history, also=chosen.suffix)
    if conditional.is_current(value):
        return conditional.not_modified(value)
    shown = project(collection, record, View(base_url(), query.langs))
    write: Any = chosen.one
    body = write(Asked(collection, query, own_address(chosen.suffix), places()), shown)
    return conditional.cached(
        Response(body, content_type=chosen.content_type), value, [collection.name]
    )

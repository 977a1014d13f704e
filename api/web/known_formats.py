"""The formats that lists and records can be had in."""

from collections.abc import Iterator

import orjson
from flask import Response, current_app, request

from ..formats import atom, geojson, icalendar, jsonld, table
from ..formats.places import Record
from ..services import changes, listing, mirror
from ..services.collection import Collection
from ..services.doors import spelled
from ..services.projection import View, columns, project
from . import conditional
from .cursors import write_cursor
from .db import snapshot
from .formats import Asked, Batches, Format, answer_whole, own_address, places
from .offers import FEED, TABLE, WHOLE
from .params import read_list_query
from .versions import base_url


def title(collection: Collection) -> str:
    """Return what a feed or calendar of a collection is called."""
    found = f"{current_app.config['API_TITLE']}: {collection.name}"
    narrowed = ("q", "lang", *collection.filters)
    asked = ", ".join(value for name, value in request.args.items() if name in narrowed)
    return f"{found} ({asked})" if asked else found


def _table(asked: Asked, batches: Batches) -> Iterator[bytes]:
    fields = asked.query.fields
    names = [n for n in columns(asked.collection) if fields is None or n in ("id", *fields)]
    if asked.marked:
        yield table.BOM
    yield from table.lines(batches, names)


def _calendar(asked: Asked, batches: Batches) -> Iterator[bytes]:
    yield from icalendar.parts(batches, title(asked.collection), asked.address, asked.places)


def _linked(asked: Asked, batches: Batches) -> Iterator[bytes]:
    name = asked.collection.name
    yield from jsonld.parts(
        (jsonld.node(name, each, asked.places) for each in batch) for batch in batches
    )


def _one_event(asked: Asked, record: Record) -> bytes:
    return b"".join(icalendar.parts([[record]], record["title"], asked.address, asked.places))


def _one_linked(asked: Asked, record: Record) -> bytes:
    return orjson.dumps(jsonld.document(asked.collection.name, record, asked.places)) + b"\n"


def answer_feed(chosen: Format, collection: Collection) -> Response:
    """Answer a page of a list as a feed, the latest change first (RFC 5005: `next` goes on)."""
    query = read_list_query(collection, request.args.items(multi=True), chosen.offer)
    with snapshot() as connection:
        mark = changes.mark(connection, [collection.name])
        value = conditional.tag(mark.seq, mark.history, also=chosen.suffix)
        if conditional.is_current(value):
            return conditional.not_modified(value)
        records, after = listing.page(connection, collection, query)
        at = mirror.written_at(connection, mark.seq)
    there, view = places(), View(base_url(), query.langs)
    cursor = write_cursor(collection.name, query, after, mark)
    feed = atom.Feed(
        name=own_address(chosen.suffix).removeprefix(there.site),
        title=title(collection),
        publisher=current_app.config["API_TITLE"],
        address=own_address(chosen.suffix),
        page=there.site,
        updated=spelled(at) if at else None,
        following=cursor and own_address(chosen.suffix, cursor=cursor),
    )
    shown = (project(collection, each, view) for each in records)
    entries = [atom.entry(collection.name, each, collection.label, there) for each in shown]
    body = atom.document(feed, entries)
    return conditional.cached(
        Response(body, content_type=chosen.content_type), value, [collection.name]
    )


CSV = Format(
    "csv",
    "CSV",
    "text/csv",
    TABLE,
    "All that is found, not a page. Columns stay in their order, new ones come last. Lists are "
    "joined by `|` (with a backslash before a `|` of their own), what has parts is JSON. A text "
    "that a spreadsheet would take for a formula, or that begins with an apostrophe, has an "
    "apostrophe before it.",
    answer_whole,
    _table,
)
JSONLD = Format(
    "jsonld",
    "JSON-LD",
    "application/ld+json",
    WHOLE,
    "In the words of schema.org, and of PROV-O for what rests on what; the context stands in the "
    "document.",
    answer_whole,
    _linked,
    _one_linked,
)
GEOJSON = Format(
    "geojson",
    "GeoJSON",
    "application/geo+json",
    WHOLE,
    "RFC 7946: a point for each, or a null geometry where none is known.",
    answer_whole,
    lambda _, batches: geojson.parts(batches),
)
ICALENDAR = Format(
    "ics",
    "a calendar",
    "text/calendar",
    WHOLE,
    "iCalendar (RFC 5545): subscribe to it. One language a calendar; what has no known day is "
    "left out, and no time is made up. Ids stay the same on whatever server.",
    answer_whole,
    _calendar,
    _one_event,
)
ATOM = Format(
    "atom",
    "a feed",
    "application/atom+xml",
    FEED,
    "Atom (RFC 4287), the latest change first; `next` leads to older ones.",
    answer_feed,
)


def formats_of(collection: Collection) -> tuple[Format, ...]:
    """Return the formats that a collection can be had in besides JSON."""
    return (CSV, JSONLD, *_OWN.get(collection.name, ()))


_OWN = {"cities": (GEOJSON,), "workshops": (ICALENDAR, ATOM), "documents": (ATOM,)}

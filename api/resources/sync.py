"""The feed, the state and the snapshot, for those who keep a copy of everything."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson
from flask import Response, request

from ..schemas.sync import ChangeList, StateAnswer
from ..services import changes, mirror
from ..services.collection import Collection
from ..services.database import reading
from ..services.doors import spelled
from ..services.history import Version
from ..services.mirror import Place
from ..services.projection import ALL_LANGUAGES, View, project
from ..services.records import BY_NAME, COLLECTIONS
from ..web import conditional
from ..web.blueprint import READ_ERRORS, Blueprint
from ..web.db import engine, snapshot
from ..web.envelopes import address
from ..web.feed import kept_digest, read_place, refuse_other_history, soon, write_place
from ..web.known_formats import ATOM
from ..web.negotiation import JSON, json_response, negotiate
from ..web.params import LIMIT, Reader
from ..web.values import one_of, read_limit, some_of
from ..web.versions import base_url
from .change_feed import TYPES, TYPES_PARAMETER, changes_feed

NDJSON = "application/x-ndjson"
ERRORS = READ_ERRORS | {410: "GONE"}
blueprint = Blueprint("sync", "sync", description="Exact copies, and the proof that they are.")


@blueprint.route("/changes")
@blueprint.operation(
    "list_changes",
    "Follow changes",
    answer=ChangeList,
    errors=ERRORS,
    parameters=[
        "Cursor",
        "Limit",
        TYPES_PARAMETER,
        {
            "name": "bodies",
            "in": "query",
            "description": "`false`: without the records themselves.",
            "schema": {"type": "boolean"},
        },
    ],
)
def list_changes() -> Response:
    """Follow changes

    Each record that changed after the cursor once, with its latest version, deletions among them,
    in the order of writing; without a cursor, from the beginning. `next_cursor` is always there:
    call again with it, now or later. A 410 `history_changed` tells that the store was restored or
    made anew: begin again with the snapshot.
    """
    if negotiate(JSON, ATOM.media_type) != JSON:
        return changes_feed()
    reader = Reader(request.args.items(multi=True), ("cursor", "limit", "types", "bodies"))
    limit = reader.read("limit", read_limit, LIMIT)
    names = reader.read("types", lambda text: some_of(text, TYPES), TYPES)
    bodies = reader.read("bodies", lambda text: one_of(text, ("true", "false")) == "true", True)
    place = reader.read("cursor", lambda text: read_place(text, names))
    reader.finish()
    with snapshot() as connection:
        if place is not None:
            refuse_other_history(connection, place)
        mark = changes.mark(connection, names)
        value = conditional.tag(mark.seq, mark.history)
        if conditional.is_current(value):
            return soon(conditional.not_modified(value))
        after = 0 if place is None else place.seq
        found = mirror.changed(connection, names, after, limit + 1)
        more = len(found) > limit
        last = found[limit - 1].seq if more else max(mark.seq, after)
        following = mirror.place_at(connection, mark.epoch, last)
    cursor = write_place(following, names)
    body = {
        "data": [_entry(each, bodies) for each in found[:limit]],
        "page": {"limit": limit, "next_cursor": cursor, "has_more": more},
        "links": {"self": address(), "next": address(cursor=cursor)},
    }
    return soon(conditional.cached(json_response(body), value, names))


@blueprint.route("/state")
@blueprint.operation(
    "get_state",
    "Get the state",
    answer=StateAnswer,
    parameters=[TYPES_PARAMETER],
)
def get_state() -> Response:
    """Get the state

    How many records each type has, and a digest of their ids and versions: a copy that followed the
    feed to the same cursor comes to the same, or is wrong.
    """
    negotiate(JSON)
    reader = Reader(request.args.items(multi=True), ("types",))
    names = reader.read("types", lambda text: some_of(text, TYPES), TYPES)
    reader.finish()
    with snapshot() as connection:
        place = mirror.present_place(connection)
        value = conditional.tag(place.seq, f"{place.epoch} {place.entry}")
        if conditional.is_current(value):
            return soon(conditional.not_modified(value))
        types = {name: kept_digest(connection, BY_NAME[name]) for name in names}
    data = {
        "cursor": write_place(place, names),
        "types": {n: {"count": each.count, "digest": each.digest} for n, each in types.items()},
    }
    return soon(conditional.cached(json_response({"data": data}), value, names))


@blueprint.route("/snapshot")
@blueprint.operation(
    "get_snapshot",
    "Download everything",
    answer={"type": "string", "description": "Lines of JSON."},
    content_type=NDJSON,
    parameters=[TYPES_PARAMETER],
)
def get_snapshot() -> Response:
    """Download everything

    NDJSON. The first line holds `cursor`, at which the feed goes on; `at`, when its last change was
    written (null when there never was one); and `count`, how many lines follow, so that a
    download that was cut short is noticed. Every other line is a record: `type`, and `data` as
    `lang=*` shows it. All of it is one state of the store, whatever is written meanwhile; records
    come after those that they name. An import takes it as it is.
    """
    negotiate(NDJSON)
    reader = Reader(request.args.items(multi=True), ("types",))
    names = reader.read("types", lambda text: some_of(text, TYPES), TYPES)
    reader.finish()
    with snapshot() as connection:
        place = mirror.present_place(connection)
        at = mirror.written_at(connection, place.seq)
        counts = changes.counts(connection)
    count = sum(counts[name] for name in names)
    value = conditional.tag(place.seq, f"{place.epoch} {place.entry}")
    if conditional.is_current(value):
        return soon(conditional.not_modified(value))
    response = Response(_lines(place, at, names, count), content_type=NDJSON)
    return soon(conditional.cached(response, value))


def _lines(
    place: Place, at: datetime | None, names: tuple[str, ...], count: int
) -> Iterator[bytes]:
    """Yield the snapshot some hundred records at a time, each read in a transaction of its own."""
    store, ordered = engine(), [each for each in COLLECTIONS if each.name in names]
    view = View(base_url(), (ALL_LANGUAGES,))
    first = {"cursor": write_place(place, names), "at": at and spelled(at), "count": count}

    def pages() -> Iterator[bytes]:
        yield orjson.dumps(first) + b"\n"
        for collection in ordered:
            after = ""
            while True:
                with reading(store) as connection:
                    rows = mirror.snapshot_page(connection, collection, place.seq, after)
                if not rows:
                    break
                yield b"".join(_line(collection, row.snapshot, view) for row in rows)
                after = rows[-1].record_id

    return pages()


def _line(collection: Collection, text: str, view: View) -> bytes:
    record = project(collection, orjson.loads(text), view)
    return orjson.dumps({"type": collection.name, "data": record}) + b"\n"


def _entry(change: Version, bodies: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "seq": change.seq,
        "type": change.collection,
        "id": change.record_id,
        "op": change.op,
        "version": change.version,
        "at": spelled(change.at),
    }
    record = change.record
    if record is None:
        entry["replaced_by"] = change.replaced_by
    elif bodies:
        view = View(base_url(), (ALL_LANGUAGES,))
        entry["data"] = project(BY_NAME[change.collection], record, view)
    return entry

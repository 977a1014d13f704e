"""What changed last, for feed readers."""

from xml.etree.ElementTree import Element

from flask import Response, current_app, request

from ..formats import atom
from ..services import changes, mirror
from ..services.doors import spelled
from ..services.history import Version
from ..services.projection import View, project
from ..services.records import BY_NAME
from ..web import conditional
from ..web.blueprint import Blueprint
from ..web.components import listed
from ..web.db import snapshot
from ..web.feed import soon
from ..web.formats import own_address, places
from ..web.known_formats import ATOM
from ..web.negotiation import negotiate
from ..web.params import LIMIT, Reader
from ..web.values import read_limit, read_some_langs, some_of
from ..web.versions import base_url

blueprint = Blueprint("feeds", "feeds", description="Feeds for feed readers.")
TYPES = tuple(BY_NAME)
TYPES_PARAMETER = {
    "name": "types",
    "in": "query",
    "description": "Only these types.",
    **listed({"$ref": "#/components/schemas/RecordType"}, len(TYPES)),
}


@blueprint.route("/changes.atom")
@blueprint.operation(
    "list_changes_atom",
    "Follow changes in a feed reader",
    answer=ATOM.shape,
    content_type=ATOM.media_type,
    parameters=["Limit", TYPES_PARAMETER, "SomeLang"],
)
def list_changes_atom() -> Response:
    """Follow changes in a feed reader

    The records that changed last, the newest first, deletions among them (RFC 6721). To keep a
    copy follow `/changes`: a feed reader that comes late misses what no longer fits on this page.
    """
    negotiate(ATOM.media_type)
    return changes_feed()


def changes_feed() -> Response:
    """Answer the feed."""
    reader = Reader(request.args.items(multi=True), ("limit", "types", "lang"))
    limit = reader.read("limit", read_limit, LIMIT)
    names = reader.read("types", lambda text: some_of(text, TYPES), TYPES)
    langs = reader.read("lang", read_some_langs, ())
    reader.finish()
    with snapshot() as connection:
        mark = changes.mark(connection, names)
        value = conditional.tag(mark.seq, mark.history, also=ATOM.suffix)
        if conditional.is_current(value):
            return soon(conditional.not_modified(value))
        found = mirror.latest(connection, names, limit)
        at = mirror.written_at(connection, mark.seq)
    title, here, there = current_app.config["API_TITLE"], own_address(ATOM.suffix), places()
    name = here.removeprefix(there.site)
    updated = spelled(at) if at else None
    feed = atom.Feed(name, f"{title}: changes", title, here, there.site, updated)
    view = View(base_url(), langs)
    body = atom.document(feed, [_entry(each, view) for each in found])
    return soon(conditional.cached(Response(body, content_type=ATOM.content_type), value, names))


def _entry(change: Version, view: View) -> Element:
    record, collection = change.record, BY_NAME[change.collection]
    if record is None:
        when = spelled(change.at)
        return atom.tombstone(collection.name, change.record_id, when, change.reason)
    shown = project(collection, record, view)
    return atom.entry(collection.name, shown, collection.label, places())

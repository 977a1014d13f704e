"""The bodies of answers: data, page, links, and what was asked for beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from ..services.collection import Collection
from ..services.listing import Listing
from ..services.page_texts import Place
from ..services.projection import View, project
from ..services.query import Query
from ..services.records import BY_NAME, DOCUMENTS
from ..services.snapshots import Snapshots, as_shown
from ..services.snippets import why
from .asking import Asked, asked
from .versions import base_url

Body = dict[str, Any]
Places = Mapping[str, Place]


def view_of(query: Query, base: str | None = None, *, whole: bool = False) -> View:
    """Return how a query wants records shown; `whole`: with all their fields."""
    return View(base or base_url(), query.langs, None if whole else query.fields)


def address(**changed: str) -> str:
    """Return the address of this request at PUBLIC_URL, with some parameters changed."""
    return asked().address(**changed)


def show_all(collection: Collection, snapshots: Snapshots, view: View) -> list[bytes]:
    """Return records as a view shows them, as JSON."""
    return [
        _shown(collection, snapshots, place, view, cut)
        for place, cut in enumerate(_cut(collection, snapshots, view))
    ]


def show_found(
    collection: Collection, snapshots: Snapshots, view: View, query: Query, places: Places
) -> list[bytes]:
    """Return records that words have found, as JSON: each with why it was found."""
    whole, found = replace(view, fields=None), []
    for place, cut in enumerate(_cut(collection, snapshots, view)):
        snapshot = snapshots[place]
        texts = project(collection, snapshot, whole) if cut is None else snapshot
        told = why(collection, texts, snapshot, query.terms or (), places.get(snapshot["id"]))
        if collection is not DOCUMENTS:
            del told["found_in"]
        shown = _shown(collection, snapshots, place, view, cut)
        found.append(b"%b,%b" % (shown[:-1], orjson.dumps(told)[1:]))
    return found


def _cut(collection: Collection, snapshots: Snapshots, view: View) -> list[bytes | None]:
    """Return the JSON of those records that need not be computed for a language."""
    if view.langs:
        return [None] * len(snapshots)
    return as_shown(collection, snapshots, view.base)


def _shown(
    collection: Collection, snapshots: Snapshots, place: int, view: View, cut: bytes | None
) -> bytes:
    if cut is not None and view.fields is None:
        return cut
    return orjson.dumps(project(collection, snapshots[place], view))


def single_body(
    collection: Collection,
    query: Query,
    record: Snapshots,
    included: Mapping[str, Snapshots],
    base: str,
) -> bytes:
    """Return the body of one record's answer."""
    [data] = show_all(collection, record, view_of(query, base))
    return b"".join((b'{"data":', data, *_included(included, query, base), b"}\n"))


def list_body(
    collection: Collection, query: Query, found: Listing, cursor: str | None, by: Asked
) -> tuple[bytes, str | None]:
    """Return the body of a page, and the address of the next one."""
    following = None if cursor is None else by.address(cursor=cursor)
    view = view_of(query, by.base)
    if query.terms is None:
        data = show_all(collection, found.records, view)
    else:
        data = show_found(collection, found.records, view, query, found.places)
    page = {"limit": query.limit, "total": found.total, "next_cursor": cursor}
    parts = [b'{"data":[', *_listed(data), b'],"page":', orjson.dumps(page)]
    parts += [b',"links":', orjson.dumps({"self": by.address(), "next": following})]
    parts += _included(found.included, query, by.base)
    if query.facets:
        facets = {
            name: [{"value": value, "count": count} for value, count in counts]
            for name, counts in found.facets.items()
        }
        parts += [b',"facets":', orjson.dumps(facets)]
    return b"".join((*parts, b"}\n")), following


def _included(included: Mapping[str, Snapshots], query: Query, base: str) -> Iterable[bytes]:
    """Yield what comes along, collection → records, if anything was asked to."""
    if query.include:
        view, begins = view_of(query, base, whole=True), b',"included":{'
        for name, records in included.items():
            yield b'%b"%b":[' % (begins, name.encode())
            yield from _listed(show_all(BY_NAME[name], records, view))
            yield b"]"
            begins = b","
        yield b"}"


def _listed(data: Iterable[bytes]) -> Iterable[bytes]:
    """Yield records with commas between them."""
    between = b""
    for each in data:
        yield between
        yield each
        between = b","

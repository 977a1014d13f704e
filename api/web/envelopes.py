"""The bodies of answers: data, page, links, and what was asked for beside them."""

from collections.abc import Mapping
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


def view_of(query: Query, base: str | None = None, *, whole: bool = False) -> View:
    """Return how a query wants records shown; `whole`: with all their fields."""
    return View(base or base_url(), query.langs, None if whole else query.fields)


def address(**changed: str) -> str:
    """Return the address of this request at PUBLIC_URL, with some parameters changed."""
    return asked().address(**changed)


def show(
    collection: Collection, query: Query, snapshot: Body, base: str, place: Place | None = None
) -> Body:
    """Return a record as a list or a single answer shows it; after `q`, with why it was found."""
    if query.terms is None:
        return project(collection, snapshot, view_of(query, base))
    whole = project(collection, snapshot, view_of(query, base, whole=True))
    shown = project(collection, snapshot, view_of(query, base))
    told = why(collection, whole, snapshot, query.terms, place)
    if collection is not DOCUMENTS:
        del told["found_in"]
    return shown | told


def show_included(included: Mapping[str, Snapshots], query: Query, base: str) -> Body:
    """Return what comes along: collection → records."""
    view = view_of(query, base, whole=True)
    return {name: show_all(BY_NAME[name], each, view) for name, each in included.items()}


def show_all(collection: Collection, snapshots: Snapshots, view: View) -> list[Any]:
    """Return records as a view shows them, where that is possible as JSON that is ready."""
    if view.langs or view.fields is not None:
        return [project(collection, each, view) for each in snapshots]
    return [
        project(collection, snapshots[place], view) if text is None else orjson.Fragment(text)
        for place, text in enumerate(as_shown(collection, snapshots, view.base))
    ]


def single_body(
    collection: Collection,
    query: Query,
    snapshot: Body,
    included: Mapping[str, Snapshots],
    base: str,
) -> Body:
    """Return the body of one record's answer."""
    body = {"data": show(collection, query, snapshot, base)}
    if query.include:
        body["included"] = show_included(included, query, base)
    return body


def list_body(
    collection: Collection, query: Query, found: Listing, cursor: str | None, by: Asked
) -> tuple[Body, str | None]:
    """Return the body of a page, and the address of the next one."""
    following = None if cursor is None else by.address(cursor=cursor)
    if query.terms is None:
        data = show_all(collection, found.records, view_of(query, by.base))
    else:
        data = [
            show(collection, query, each, by.base, found.places.get(each["id"]))
            for each in found.records
        ]
    body: Body = {
        "data": data,
        "page": {"limit": query.limit, "total": found.total, "next_cursor": cursor},
        "links": {"self": by.address(), "next": following},
    }
    if query.include:
        body["included"] = show_included(found.included, query, by.base)
    if query.facets:
        body["facets"] = {
            name: [{"value": value, "count": count} for value, count in counts]
            for name, counts in found.facets.items()
        }
    return body, following

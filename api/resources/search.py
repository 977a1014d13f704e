"""Search over all types at once."""

from flask import Response, request
from marshmallow import ValidationError, fields

from ..schemas.answers import Answer, FacetCount, FoundIn, Links, Page, Snippet
from ..schemas.facts import facts
from ..services import changes
from ..services.changes import Mark
from ..services.collection import Collection
from ..services.page_texts import Place
from ..services.projection import View, project
from ..services.query import WINDOW
from ..services.records import DOCUMENTS
from ..services.searching import TYPES, Asked, Hits, search_all
from ..services.snippets import why
from ..web import conditional
from ..web.blueprint import Blueprint
from ..web.components import listed
from ..web.cursors import bound_to, expired, pack, unpack
from ..web.db import snapshot
from ..web.envelopes import Body, address
from ..web.negotiation import JSON, json_response, negotiate
from ..web.params import LIMIT, Reader
from ..web.values import read_langs, read_limit, read_terms_of, some_of
from ..web.versions import base_url

blueprint = Blueprint("search", "search", description="All types at once.")
NAMES = ("q", "types", "limit", "cursor", "lang", "facets")


class SearchHit(Answer):
    """A record that was found."""

    always = ("type", "id", "url", "lang", "title", "snippet", "found_in")
    type = fields.String(metadata=facts("Its collection.", example="workshops"))
    id = fields.String(metadata=facts("Its id.", example="kharkiv-2021-09-03-validation"))
    url = fields.URL(metadata=facts("Its address."))
    lang = fields.String(metadata=facts("The language of `title`.", example="en"))
    title = fields.String(metadata=facts("Its name, title or text."))
    snippet = fields.Nested(
        Snippet, allow_none=True, metadata=facts("Why it was found, where that text is shown.")
    )
    found_in = fields.Nested(
        FoundIn, allow_none=True, metadata=facts("Of a document: the page that says all of it.")
    )


class SearchAnswer(Answer):
    """Hits, best first."""

    always = ("data", "page", "links")
    data = fields.List(fields.Nested(SearchHit), metadata=facts("The hits."))
    page = fields.Nested(Page, metadata=facts("Where in the list this page is."))
    links = fields.Nested(Links, metadata=facts("This page and the next."))
    facets = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Nested(FacetCount)),
        metadata=facts("With `facets=type` only: how many hits of each type."),
    )


@blueprint.route("/search")
@blueprint.operation(
    "search_records",
    "Search all types",
    answer=SearchAnswer,
    headers={"Link": {"$ref": "#/components/headers/Link"}},
    parameters=[
        {
            "name": "q",
            "in": "query",
            "required": True,
            "description": "As on the lists: all words, the last by its beginning; "
            '"…" finds a phrase.',
            "schema": {
                "type": "string",
                "minLength": 1,
                "maxLength": 200,
                "pattern": r"^[^\x00-\x1F\x7F-\x9F]*[^\x00-\x20\x7F-\x9F][^\x00-\x1F\x7F-\x9F]*$",
            },
            "example": "validation kharkiv",
        },
        {
            "name": "types",
            "in": "query",
            "description": "Only these types.",
            **listed({"$ref": "#/components/schemas/RecordType"}, len(TYPES)),
        },
        "Lang",
        "Limit",
        "Cursor",
        {
            "name": "facets",
            "in": "query",
            "description": "`type`: how many hits of each type.",
            **listed({"$ref": "#/components/schemas/SearchFacet"}, 1),
        },
    ],
)
def search() -> Response:
    """Search all types

    Best first; of the best, 1,000 can be paged through. Of more than 1,000 matches of a type the
    newest 1,000 are ranked; all are counted. A cursor holds until a record changes.
    """
    negotiate(JSON)
    asked, place = _read()
    with snapshot() as connection:
        mark = changes.mark(connection, asked.types)
        value = conditional.tag(mark.seq, mark.history)
        if conditional.is_current(value):
            return conditional.not_modified(value)
        if place is not None and place != f"{mark.epoch}.{mark.seq}":
            raise expired()
        found = search_all(connection, asked)
    body, following = _body(asked, found, mark)
    response = json_response(body)
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return conditional.cached(response, value, asked.types)


def _read() -> tuple[Asked, str | None]:
    reader = Reader(request.args.items(multi=True), NAMES)
    given = reader.given
    terms = reader.require("q", read_terms_of) or ()
    types = reader.read("types", lambda text: some_of(text, TYPES), TYPES)
    least = 0 if "facets" in given else 1
    limit = reader.read("limit", lambda text: read_limit(text, least), LIMIT)
    counts = reader.read("facets", lambda text: some_of(text, ("type",)), ())
    bound = bound_to("search", terms, types)
    offset, place = reader.read("cursor", lambda text: _place(text, bound), (0, None))
    langs = reader.read("lang", read_langs, ())
    reader.finish()
    return Asked(terms, types, limit, offset, bool(counts), langs), place


def _place(text: str, bound: str) -> tuple[int, str]:
    query, offset, place = unpack(text, 3)
    if query != bound:
        raise ValidationError("belongs to another query; q and types must stay the same")
    if not isinstance(offset, int) or not 0 < offset < WINDOW or not isinstance(place, str):
        raise ValidationError("is not a cursor of this list")
    return offset, place


def _body(asked: Asked, found: Hits, mark: Mark) -> tuple[Body, str | None]:
    cursor = None
    if found.offset is not None:
        place = f"{mark.epoch}.{mark.seq}"
        cursor = pack([bound_to("search", asked.terms, asked.types), found.offset, place])
    following = None if cursor is None else address(cursor=cursor)
    body: Body = {
        "data": [
            _hit(asked, collection, record, found.places) for collection, record in found.records
        ],
        "page": {"limit": asked.limit, "total": found.total, "next_cursor": cursor},
        "links": {"self": address(), "next": following},
    }
    if asked.count_types:
        counts = [{"value": value, "count": count} for value, count in found.types]
        body["facets"] = {"type": counts}
    return body, following


def _hit(asked: Asked, collection: Collection, record: Body, places: dict[str, Place]) -> Body:
    place = places.get(record["id"]) if collection is DOCUMENTS else None
    shown = project(collection, record, View(base_url(), asked.langs))
    fallbacks = shown.get("fallbacks", {})
    return {
        "type": collection.name,
        "id": shown["id"],
        "url": shown["url"],
        "lang": fallbacks.get(collection.label, shown["lang"]),
        "title": shown[collection.label],
        **why(collection, shown, record, asked.terms, place),
    }

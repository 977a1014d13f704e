"""Search for people: the service of /api/v1/search as a page that needs no JavaScript."""

from urllib.parse import urlencode

from flask import Blueprint, Response, request
from markupsafe import Markup

from ..services import changes
from ..services.collection import Collection
from ..services.page_texts import Place
from ..services.query import WINDOW
from ..services.records import BY_NAME, DOCUMENTS
from ..services.searching import TYPES, Asked, Hits, search_all
from ..services.snippets import why
from ..web import conditional
from ..web.db import snapshot
from ..web.envelopes import address
from ..web.formats import places
from ..web.params import Reader
from ..web.values import read_limit, read_some_langs, read_terms_of, some_of
from .portraits import Record, shown
from .rendering import answer_errors, asked, page, render, tag

blueprint = Blueprint("searching", __name__)
answer_errors(blueprint)
AT_ONCE = 20
NAMES = ("q", "types", "page", "lang")
MORE = ("findings", "actions")
"""Types without pages of their own, whose records stand on their cities' pages."""


@blueprint.get("/search")
def search() -> Response:
    """Show what was found, best first, or how to search when nothing is asked."""
    question, number = _read()
    with snapshot() as connection:
        value = tag(changes.mark(connection, BY_NAME))
        if conditional.is_current(value):
            return conditional.not_modified(value)
        found = search_all(connection, question) if question.terms else Hits([], 0, None, [])
    html = render(
        "search.html",
        question.langs,
        hits=[_hit(each, record, question, found.places) for each, record in found.records],
        total=found.total,
        window=WINDOW,
        counts=found.types,
        chosen=question.types if question.types != TYPES else (),
        asking=bool(request.args.get("q", "").strip()),
        number=number,
        first=question.offset + 1,
        narrow=lambda each: _again(types=each),
        widen=_again(),
        previous=address(page=str(number - 1)) if number > 1 else None,
        following=found.offset and address(page=str(number + 1)),
    )
    return page(html, value)


def _read() -> tuple[Asked, int]:
    reader = Reader(asked(*NAMES), NAMES)
    blank = not reader.given.get("q", "").strip()
    terms = () if blank else reader.read("q", read_terms_of, ())
    types = reader.read("types", lambda text: some_of(text, TYPES), TYPES)
    number = min(reader.read("page", read_limit, 1), WINDOW // AT_ONCE)
    langs = reader.read("lang", read_some_langs, ())
    reader.finish()
    return Asked(terms, types, AT_ONCE, (number - 1) * AT_ONCE, True, langs), number


def _hit(
    collection: Collection, snapshot: Record, question: Asked, said: dict[str, Place]
) -> Record:
    record = shown(collection, snapshot, question.langs)
    place = said.get(snapshot["id"]) if collection is DOCUMENTS else None
    found = why(collection, record, snapshot, question.terms, place)
    told = found["snippet"]
    return {
        "collection": collection,
        "record": record,
        "where": _where(collection, record),
        "snippet": told and told | {"html": Markup(told["html"])},  # noqa: S704  it is escaped
        "found_in": found["found_in"],
    }


def _where(collection: Collection, record: Record) -> str:
    """Return the page on which a record stands; its JSON when it stands on none."""
    there = places()
    if collection.name in MORE and record["cities"]:
        city = there.page("cities", record["cities"][0])
        return f"{city}#{collection.singular}-{record['id']}"
    return there.page(collection.name, record["id"])


def _again(**changed: str) -> str:
    """Return the address of this search, from its first page, and with other types."""
    kept = {name: request.args[name] for name in ("q", "lang") if name in request.args}
    return f"/search?{urlencode(kept | changed, safe=',')}"

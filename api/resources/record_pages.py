"""A page for each city, workshop, document and recommendation, and lists that lead to them."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, Response

from ..formats import jsonld
from ..formats.places import Places
from ..formats.world_map import draw
from ..services import changes, listing
from ..services.collection import Collection
from ..services.query import Query
from ..services.records import BY_NAME, CITIES, DOCUMENTS, PROJECTS, RECOMMENDATIONS, WORKSHOPS
from ..web import conditional
from ..web.cursors import write_cursor
from ..web.db import snapshot
from ..web.envelopes import address
from ..web.formats import places
from ..web.known_formats import formats_of
from ..web.offers import Offer
from ..web.params import read_list_query
from .portraits import (
    COVERED,
    Portrait,
    Record,
    by_dimension,
    pilot_cities,
    places_of,
    portrait,
    shown,
)
from .rendering import answer_errors, asked, page, read_languages, render, tag

blueprint = Blueprint("records", __name__)
answer_errors(blueprint)
LISTS = {
    CITIES: ("name", "The cities of the projects, and others that were referred to."),
    WORKSHOPS: ("-starts_on", "Workshops, debates and meetings, the latest first."),
    DOCUMENTS: ("-published_on", "Reports, plans, agendas and their files, the latest first."),
    RECOMMENDATIONS: ("id", "What cities were advised to do."),
}
"""Collection → what its list is sorted by, and a sentence about it."""
HIDDEN = ("fields", "include", "facets", "limit", "bbox")


def _list_view(collection: Collection) -> Callable[[], Response]:
    def view() -> Response:
        sort, about = LISTS[collection]
        offer = Offer(HIDDEN, sort=sort, all_languages=False)
        names = ("q", "sort", "cursor", "lang", *collection.filters)
        query = read_list_query(collection, asked(*names), offer)
        with snapshot() as connection:
            mark = changes.mark(connection, BY_NAME)
            value = tag(mark)
            if conditional.is_current(value):
                return conditional.not_modified(value)
            own = changes.mark(connection, [collection.name])
            found = listing.listing(connection, collection, query)
        cursor = write_cursor(collection.name, query, found.after, own)
        html = render(
            "list.html",
            query.langs,
            collection=collection,
            about=about,
            records=[shown(collection, each, query.langs) for each in found.records],
            total=found.total,
            following=cursor and address(cursor=cursor),
            formats=formats_of(collection),
            narrowed=_narrowed(query),
        )
        return page(html, value)

    return view


def _narrowed(query: Query) -> str:
    """Return what a list was narrowed by, in words."""
    told = [f"{name} {', '.join(map(str, values))}" for name, values in query.filters]
    return " and ".join(told + ["the words that were asked for"] * (query.terms is not None))


def _record_view(collection: Collection) -> Callable[[str], Response]:
    def view(id: str) -> Response:  # noqa: A002  the contract's name
        langs = read_languages()
        with snapshot() as connection:
            record = listing.single(connection, collection, id)
            value = tag(changes.mark(connection, BY_NAME))
            if conditional.is_current(value):
                return conditional.not_modified(value)
            found = portrait(connection, collection, record, langs)
            cities = pilot_cities(connection, langs) if collection is CITIES else []
        there = places()
        values = _values(collection, found, there, langs)
        if collection is CITIES:
            values |= _city_values(found, cities)
        html = render(f"{collection.singular}.html", langs, **values)
        return page(html, value, links=_links(values))

    return view


def _values(
    collection: Collection, found: Portrait, there: Places, langs: tuple[str, ...]
) -> Record:
    """Return what every page of a record shows."""
    record = found.record
    home = there.page(collection.name, record["id"])
    asked_for = f"?{urlencode({'lang': ','.join(langs)}, safe=',')}" if langs else ""
    return {
        "collection": collection,
        "record": record,
        "around": found.around,
        "more_of": found.more,
        "home": home,
        "canonical": _in_language(home, record),
        "json": f"{record['url']}{asked_for}",
        "alternates": [
            (form, f"{record['url']}.{form.suffix}{asked_for}")
            for form in formats_of(collection)
            if form.one is not None
        ],
        "linked": jsonld.document(collection.name, record, there),
        "project": next(iter(found.around.get(PROJECTS.name, ())), None),
    }


def _city_values(found: Portrait, cities: list[Record]) -> Record:
    located = found.record["latitude"] is not None
    others = [each for each in cities if each["id"] != found.record["id"]]
    return {
        "map": draw(places_of([found.record, *others])) if located else None,
        "dimensions": by_dimension(found.around),
        "types": [each.name for each in COVERED],
    }


def _in_language(home: str, record: Record) -> str:
    """Return the one address of what is shown: a page in another language is another page."""
    return home if record["lang"] == record["own"] else f"{home}?lang={record['lang']}"


def _links(values: Record) -> tuple[str, ...]:
    """Return the links of the header (RFC 8288) that programs follow from a page to the data."""
    formats = [(values["json"], "application/json")]
    formats += [(where, form.media_type) for form, where in values["alternates"]]
    return (
        f'<{values["canonical"]}>; rel="canonical"',
        *(f'<{where}>; rel="alternate"; type="{kind}"' for where, kind in formats),
    )


for _each in LISTS:
    blueprint.add_url_rule(f"/{_each.name}", f"{_each.name}_list", _list_view(_each))
    blueprint.add_url_rule(f"/{_each.name}/<id>", _each.singular, _record_view(_each))

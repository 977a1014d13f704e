"""The addresses of all pages for search engines (sitemaps.org), and robots.txt (RFC 9309)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app
from werkzeug.exceptions import NotFound

from ..services import changes
from ..services.addresses import addresses
from ..services.collection import Collection
from ..services.doors import spelled
from ..services.records import BY_NAME
from ..web import conditional
from ..web.db import snapshot
from ..web.formats import places
from .record_pages import LISTS

blueprint = Blueprint("sitemap", __name__)
MOST = 50_000
"""So many addresses a sitemap may hold."""
XML = "application/xml; charset=utf-8"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NAMES = tuple(each.name for each in LISTS)
PLAIN = ("/", *(f"/{name}" for name in NAMES), "/docs")
"""The pages that show no single record."""


@blueprint.get("/sitemap.xml")
def whole() -> Response:
    """List all pages, or the sitemaps that list them when they are too many for one."""
    with snapshot() as connection:
        mark = changes.mark(connection, NAMES)
        value = conditional.tag(mark.seq, mark.history)
        if conditional.is_current(value):
            return conditional.not_modified(value)
        all_counts = changes.counts(connection)
        counts = {each: all_counts[each.name] for each in LISTS}
        many = len(PLAIN) + sum(counts.values()) > MOST
        parts = () if many else [(each, addresses(connection, each, MOST)) for each in LISTS]
    site = places().site
    if many:
        names = [f"{c.name}-{n + 1}" for c, size in counts.items() for n in range(-(-size // MOST))]
        found = (_entry("sitemap", f"{site}/sitemap-{name}.xml") for name in ("pages", *names))
        return _xml("sitemapindex", found, value, NAMES)
    entries = (each for collection, rows in parts for each in _records(collection, rows))
    return _xml("urlset", (*_plain(site), *entries), value, NAMES)


@blueprint.get("/sitemap-pages.xml")
def plain() -> Response:
    """List the pages that show no single record."""
    value = conditional.tag(0, "")
    if conditional.is_current(value):
        return conditional.not_modified(value)
    return _xml("urlset", _plain(places().site), value, ())


@blueprint.get("/sitemap-<name>-<int:number>.xml")
def part(name: str, number: int) -> Response:
    """List some of the pages of a type."""
    collection = BY_NAME.get(name)
    if collection is None or collection not in LISTS or not 0 < number < 10**6:
        raise NotFound
    with snapshot() as connection:
        mark = changes.mark(connection, [name])
        value = conditional.tag(mark.seq, mark.history)
        if conditional.is_current(value):
            return conditional.not_modified(value)
        rows = addresses(connection, collection, MOST, (number - 1) * MOST)
    if not rows:
        raise NotFound
    return _xml("urlset", _records(collection, rows), value, (name,))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let robots read all but the results of searches, and tell them where all pages are."""
    value = conditional.tag(0, "")
    if conditional.is_current(value):
        return conditional.not_modified(value)
    site = current_app.config["PUBLIC_URL"]
    lines = ("User-agent: *", "Disallow: /search", "Allow: /", "", f"Sitemap: {site}/sitemap.xml")
    text = "\n".join(lines) + "\n"
    return conditional.cached(Response(text, content_type="text/plain; charset=utf-8"), value, ())


def _plain(site: str) -> list[str]:
    return [_entry("url", f"{site}{path}") for path in PLAIN]


def _records(collection: Collection, rows: list[tuple[str, datetime]]) -> Iterator[str]:
    there = places()
    for record_id, updated_at in rows:
        yield _entry("url", there.page(collection.name, record_id), spelled(updated_at))


def _entry(kind: str, address: str, changed: str | None = None) -> str:
    lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<{kind}><loc>{escape(address)}</loc>{lastmod}</{kind}>"


def _xml(kind: str, entries: Iterable[str], value: str, shows: tuple[str, ...]) -> Response:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{kind} xmlns="{NAMESPACE}">']
    text = "\n".join((*lines, *entries, f"</{kind}>", ""))
    return conditional.cached(Response(text, content_type=XML), value, shows)

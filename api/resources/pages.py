"""Pages for people: the home page, and the console in which the contract can be tried."""

from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

import langcodes
import orjson
from flask import Blueprint, Response, current_app, render_template, request, send_from_directory
from iso3166 import countries_by_alpha2
from sqlalchemy import Connection

from ..codes import CoverageStatus, Scope
from ..services import changes
from ..services.projection import View, project
from ..services.query import Query, facet, page
from ..services.records import BY_NAME, CITIES, COLLECTIONS
from ..web import conditional
from ..web.db import snapshot
from ..web.envelopes import base_url

blueprint = Blueprint("pages", __name__, template_folder="templates")
STATIC = Path(__file__).parent / "static"
CONSOLE = Path(str(files("flask_swagger_ui"))) / "dist"
YEAR, HOUR = 31_536_000, 3_600
POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'self'"
"""Content-Security-Policy: nothing from elsewhere, and nothing inline."""
CONSOLE_POLICY = f"{POLICY}; img-src 'self' data:; connect-src 'self' "
"""Swagger UI draws its arrows from data: addresses, and asks the server that the contract names
(PUBLIC_URL, which follows), though the page may have been opened under another name of it."""
COVERED = tuple(each for each in COLLECTIONS if each.name in CITIES.empty["coverage"])
"""The record types that a city's `coverage` speaks of."""

Record = dict[str, Any]


def fingerprint() -> str:
    """Return a digest of the static files. It is part of their addresses and of the pages' tags,
    so that caches may keep a file for a year and still nobody sees an old one.
    """
    digest = blake2b((CONSOLE / "VERSION").read_bytes(), digest_size=6)
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


FINGERPRINT = fingerprint()


@blueprint.get("/")
def home() -> Response:
    """Show what this is, the cities, and where everything is."""
    with snapshot() as connection:
        mark = changes.mark(connection, BY_NAME)
        value = conditional.tag(mark.seq, f"{mark.epoch} {FINGERPRINT}")
        if conditional.is_current(value):
            return conditional.not_modified(value)
        counts = changes.counts(connection)
        rows = page(connection, CITIES, Query(sort="name", limit=200)).rows
        found = {scope.value: _by_city(connection, scope) for scope in Scope}
    cities = [_city(orjson.loads(text)) for _, _, text in rows]
    pilots = [each for each in cities if each["projects"]]
    shown = {
        "searched": [each for each in pilots if _searched(each)],
        "others": sorted(
            (each for each in pilots if not _searched(each)),
            key=lambda each: (each["country_name"] or "", each["name"]),
        ),
        "mentioned": [each for each in cities if not each["projects"]],
    }
    return _page("home.html", value, POLICY, counts=counts, found=found, pilots=pilots, **shown)


@blueprint.get("/docs", strict_slashes=False)
def docs() -> Response:
    """Show the console."""
    value = conditional.tag(0, FINGERPRINT)
    if conditional.is_current(value):
        return conditional.not_modified(value)
    return _page("docs.html", value, CONSOLE_POLICY + current_app.config["PUBLIC_URL"])


@blueprint.get("/static/<path:name>")
def static_file(name: str) -> Response:
    """Send a file of these pages."""
    return _file(STATIC, name)


@blueprint.get("/docs/assets/<path:name>")
def assets(name: str) -> Response:
    """Send a file of Swagger UI, as its package ships it."""
    return _file(CONSOLE, name)


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Send the icon to browsers that show plain JSON, and so ask for it here."""
    return _file(STATIC, "favicon.svg")


def _by_city(connection: Connection, scope: Scope) -> dict[str, dict[str | None, int]]:
    """Return how many records of a scope each city has: collection → city → number."""
    query = Query(filters=(("scope", (scope.value,)),))
    return {each.name: dict(facet(connection, each, query, "city")) for each in COVERED}


def _city(snapshot: Record) -> Record:
    """Return a city in English, or else in its own language, with what the page says beside it:
    its country's name, and its own name in the language that is most spoken there.

    The notes of its coverage have no translations: they are in `own`.
    """
    shown = project(CITIES, snapshot, View(base_url(), ("en",)))
    own, country = snapshot["lang"], countries_by_alpha2.get(shown["country"] or "")
    local = str(langcodes.get(f"und-{country.alpha2}").maximize().language) if country else own
    named = {own: snapshot} | snapshot.get("translations", {})
    name = named.get(local, {}).get("name")
    return shown | {
        "own": own,
        "country_name": country.apolitical_name if country else None,
        "local": local,
        "local_name": name if name != shown["name"] else None,
    }


def _searched(city: Record) -> bool:
    """Tell whether every type of record was looked for."""
    found = (city["coverage"].get(each.name) or {} for each in COVERED)
    done = (CoverageStatus.COLLECTED, CoverageStatus.NONE_FOUND)
    return all(each.get("status") in done for each in found)


def _page(template: str, value: str, policy: str, **values: object) -> Response:
    html = render_template(
        template,
        base=base_url(),
        version=FINGERPRINT,
        types=[each.name for each in COVERED],
        **values,
    )
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    return conditional.cached(response, value)


def _file(folder: Path, name: str) -> Response:
    named = request.args.get("v") == FINGERPRINT
    response = send_from_directory(folder, name, max_age=YEAR if named else HOUR)
    response.headers["X-Content-Type-Options"] = "nosniff"
    if named:
        response.cache_control.immutable = True
    return response

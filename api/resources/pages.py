"""The home page, the console in which the contract can be tried, and what pages are made with."""

from pathlib import Path
from typing import Any

import langcodes
import orjson
from flask import Blueprint, Response, current_app, request, send_from_directory
from iso3166 import countries_by_alpha2
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from ..codes import CoverageStatus, Scope
from ..formats.world_map import draw
from ..services import changes
from ..services.finding import facet, page
from ..services.projection import View, project
from ..services.query import Query
from ..services.records import BY_NAME, CITIES
from ..web import conditional
from ..web.db import snapshot
from ..web.problems import problem_of
from ..web.versions import base_url
from .portraits import COVERED, PILOT, places_of
from .rendering import (
    CONSOLE,
    FINGERPRINT,
    POLICY,
    STATIC,
    answer_errors,
    error_page,
    render,
    tag,
)
from .rendering import page as page_of
from .wording import teach

blueprint = Blueprint("pages", __name__, template_folder="templates")
blueprint.record_once(lambda state: teach(state.app))
answer_errors(blueprint)
YEAR, HOUR = 31_536_000, 3_600
CONSOLE_POLICY = f"{POLICY}; img-src 'self' data:; connect-src 'self' "
"""Swagger UI draws its arrows from data: addresses, and asks the server that the contract names
(PUBLIC_URL, which follows), though the page may have been opened under another name of it."""
FOR_PROGRAMS = ("/api/", "/health/", "/static/", "/docs/assets/", "/.well-known/")
"""Where what is not found is a problem document, whoever asks."""

Record = dict[str, Any]


@blueprint.get("/")
def home() -> Response:
    """Show what this is, the cities, and where everything is."""
    with snapshot() as connection:
        value = tag(changes.mark(connection, BY_NAME))
        if conditional.is_current(value):
            return conditional.not_modified(value)
        counts = changes.counts(connection)
        rows = page(connection, CITIES, Query(sort="name", limit=200)).rows
        found = {scope.value: _by_city(connection, scope) for scope in Scope}
    cities = [_city(orjson.loads(text)) for _, _, text in rows]
    pilots = [each for each in cities if PILOT in each["projects"]]
    shown: dict[str, Any] = {
        "searched": [each for each in pilots if _searched(each)],
        "others": sorted(
            (each for each in pilots if not _searched(each)),
            key=lambda each: (each["country_name"] or "", each["name"]),
        ),
        "mentioned": [each for each in cities if PILOT not in each["projects"]],
        "map": draw(places_of(pilots)),
    }
    types = [each.name for each in COVERED]
    html = render("home.html", counts=counts, found=found, pilots=pilots, types=types, **shown)
    return page_of(html, value)


@blueprint.get("/docs", strict_slashes=False)
def docs() -> Response:
    """Show the console."""
    value = conditional.tag(0, FINGERPRINT)
    if conditional.is_current(value):
        return conditional.not_modified(value)
    policy = CONSOLE_POLICY + current_app.config["PUBLIC_URL"]
    return page_of(render("docs.html"), value, policy=policy, shows=())


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


@blueprint.app_errorhandler(404)
def nowhere(error: NotFound) -> Response:
    """Tell a person that there is nothing at an address, and a program likewise."""
    person = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
    if person and not request.path.startswith(FOR_PROGRAMS):
        return error_page(error)
    return problem_of(error)


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


def _file(folder: Path, name: str) -> Response:
    named = request.args.get("v") == FINGERPRINT
    response = send_from_directory(folder, name, max_age=YEAR if named else HOUR)
    response.headers["X-Content-Type-Options"] = "nosniff"
    if named:
        response.cache_control.immutable = True
    return response

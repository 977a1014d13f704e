"""Pages for people: the home page, and the console in which the contract can be tried."""

from importlib.resources import files
from pathlib import Path

import orjson
from flask import Blueprint, Response, current_app, render_template, send_from_directory

from ..services import changes
from ..services.projection import View, project
from ..services.query import Query, page
from ..services.records import CITIES
from ..web.db import snapshot
from ..web.envelopes import base_url

blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static")
CONSOLE = Path(str(files("flask_swagger_ui"))) / "dist"
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'self'"
)
"""Content-Security-Policy: nothing from elsewhere. Swagger UI styles its elements inline."""


@blueprint.get("/")
def home() -> Response:
    """Show what this is, the cities, and where everything is."""
    with snapshot() as connection:
        counts = changes.counts(connection)
        rows = page(connection, CITIES, Query(sort="name", limit=200)).rows
    cities = [project(CITIES, orjson.loads(text), View(base_url())) for _, _, text in rows]
    return _page("home.html", counts=counts, cities=cities)


@blueprint.get("/docs")
def docs() -> Response:
    """Show the console."""
    return _page("docs.html")


@blueprint.get("/docs/assets/<path:name>")
def assets(name: str) -> Response:
    """Send a file of Swagger UI, as its package ships it."""
    return send_from_directory(CONSOLE, name, max_age=86_400)


def _page(template: str, **values: object) -> Response:
    html = render_template(template, base=base_url(), config=current_app.config, **values)
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "public, max-age=60"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

"""Pages for people, made from templates: what all of them share."""

from collections.abc import Iterable
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from ..errors import PilotCitiesError
from ..formats.places import PAGED
from ..schemas.fields import nearest
from ..services.changes import Mark
from ..services.records import BY_NAME
from ..web import conditional
from ..web.params import Raw, Reader
from ..web.problems import problem_of
from ..web.values import read_some_langs
from ..web.versions import base_url

STATIC = Path(__file__).parent / "static"
CONSOLE = Path(str(files("flask_swagger_ui"))) / "dist"
HTML = "text/html; charset=utf-8"
POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
"""Content-Security-Policy: nothing from elsewhere, and nothing inline that runs."""
MOST_SLIPS = 20
"""So many unknown parameters are held against the known ones."""


def fingerprint() -> str:
    """Return a digest of the static files. It is part of their addresses and of the pages' tags,
    so that caches may keep a file for a year and still nobody sees an old one.
    """
    digest = blake2b((CONSOLE / "VERSION").read_bytes(), digest_size=6)
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


FINGERPRINT = fingerprint()


def tag(mark: Mark) -> str:
    """Return the tag of a page that shows what the store is at a mark."""
    return conditional.tag(mark.seq, f"{mark.history} {FINGERPRINT}")


def asked(*names: str) -> Raw:
    """Return the parameters of a page's address.

    Mail programs and social media add their own, such as `utm_source`: those are passed over,
    but a slip of a known name is not, and will be refused.
    """
    given = list(request.args.items(multi=True))
    unknown = [name for name, _ in given if name not in names]
    slips = [name for name in unknown[:MOST_SLIPS] if nearest(name[:100], names)]
    return [(name, value) for name, value in given if name in (*names, *slips)]


def read_languages() -> tuple[str, ...]:
    """Return the languages that a page is asked for in, which may be all that is asked."""
    reader = Reader(asked("lang"), ("lang",))
    found: tuple[str, ...] = reader.read("lang", read_some_langs, ())
    reader.finish()
    return found


def render(template: str, langs: tuple[str, ...] = (), **values: object) -> str:
    """Return a page's HTML. Links within the site go on in the same languages."""
    return render_template(
        template,
        site=current_app.config["PUBLIC_URL"],
        base=base_url(),
        version=FINGERPRINT,
        langs=langs,
        PAGED=PAGED,
        **values,
    )


def page(
    html: str,
    value: str,
    *,
    links: tuple[str, ...] = (),
    policy: str = POLICY,
    shows: Iterable[str] = BY_NAME,
) -> Response:
    """Return a page as an answer with this tag; `links` are values of the header Link, `shows` the
    collections that it depends on.
    """
    response = _dressed(Response(html, content_type=HTML), policy)
    if links:
        response.headers["Link"] = ", ".join(links)
    return conditional.cached(response, value, shows)


def error_page(error: Exception) -> Response:
    """Return the page that says to a person what the problem document says to a program."""
    response = problem_of(error)
    told: Any = response.get_json()
    response.set_data(render("error.html", told=told))
    response.content_type = HTML
    return _dressed(response, POLICY)


def answer_errors(blueprint: Blueprint) -> None:
    """Make what goes wrong in a blueprint a page."""
    blueprint.register_error_handler(PilotCitiesError, error_page)


def _dressed(response: Response, policy: str) -> Response:
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

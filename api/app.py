"""The composition root: settings → store → API → blueprints. Nothing imports it but the edge."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import flask
from flask_cors import CORS
from sqlalchemy import Engine
from werkzeug.routing import BaseConverter

from .resources import BLUEPRINTS, HEALTH, PAGES
from .services.contents import open_contents
from .services.database import open_engine
from .services.freshness import Watch
from .settings import ROOT, Settings, project_version
from .web.cache import Cache
from .web.components import add_common_components
from .web.contents import use_contents
from .web.db import use_engine
from .web.description import DEPRECATIONS, DESCRIPTION, INFO, TITLE
from .web.direct import Direct
from .web.limits import limit_requests
from .web.observe import configure_log, observe
from .web.openapi import Api
from .web.problems import handle_problems
from .web.versions import FIRST, Version, api_of, mount, tell_of_deprecations

V1 = Version(FIRST, BLUEPRINTS, ROOT / "openapi.yaml", DEPRECATIONS)
"""The version that is served. A later one is mounted beside it by naming both."""
EXPOSED = [
    *("ETag", "Link", "Location", "X-Request-Id", "Retry-After", "Deprecation", "Sunset"),
    *("Accept-Ranges", "Content-Disposition", "Content-Location", "Content-Range", "Repr-Digest"),
]
ALLOWED = [
    *("Authorization", "Content-Type", "If-Match", "If-None-Match", "X-Request-Id"),
    *("Range", "If-Range", "Content-Digest", "Repr-Digest"),
]


ON_ALL = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", ", ".join(sorted(EXPOSED))),
]
"""What flask-cors adds to every answer of a GET."""


class Dotless(BaseConverter):
    """A part of a path without a dot: what follows one is a format, and never part of an id."""

    regex = "[^/.]+"


def create_app(
    settings: Settings, engine: Engine | None = None, versions: Sequence[Version] = (V1,)
) -> flask.Flask:
    """Return the WSGI application. Neither migrates nor seeds."""
    configure_log(settings.log_level)
    app = flask.Flask("api", static_folder=None)
    app.config.update(
        API_TITLE=TITLE,
        API_VERSION=project_version(),
        DESCRIPTION=DESCRIPTION,
        PUBLIC_URL=settings.public_url,
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        MAX_IMPORT_BYTES=settings.max_import_bytes,
        MAX_FILE_BYTES=settings.max_file_bytes,
        BUILD=f"{build(versions)} {settings.public_url}",
    )
    app.url_map.merge_slashes = False  # its redirects are made from Host
    app.url_map.converters["default"] = Dotless
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    store = engine or open_engine(
        settings.store_url, settings.statement_seconds, settings.threads + 2
    )
    use_contents(app, open_contents(settings.files_url, settings.data_dir))
    observe(app)
    limit_requests(app)
    handle_problems(app)
    CORS(
        app,
        send_wildcard=True,
        methods=["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=ALLOWED,
        expose_headers=EXPOSED,
        max_age=86_400,
    )
    for each in versions:
        api = Api(app, each.name, title=TITLE, version=app.config["API_VERSION"], **INFO)
        add_common_components(api.spec)
        mount(app, each, api)
    api_of(app, versions[0].prefix).register_blueprint(HEALTH, url_prefix="/health")
    tell_of_deprecations(app)
    for page in PAGES:
        app.register_blueprint(page)
    if versions[0] is V1 and not V1.deprecations:  # else Flask tells of what will go
        found = {each.name: each.reads for each in V1.blueprints if each.reads}
        app.wsgi_app = Direct(app, FIRST, found, ON_ALL)  # type: ignore[assignment]  # as below
    use_store(app, store, settings)
    return app


def use_store(app: flask.Flask, store: Engine, settings: Settings) -> None:
    """Give an app its store and the cache in front of it, in place of those that it had."""
    use_engine(app, store)
    bare: Any = app.wsgi_app.behind if isinstance(app.wsgi_app, Cache) else app.wsgi_app
    watch = Watch(store, settings.cache_milliseconds / 1000)
    cache = Cache(bare, watch, settings.cache_bytes)
    app.wsgi_app = cache  # type: ignore[assignment]  # a WSGI application, if not a method
    app.extensions["pilotcities-cache"] = cache


def build(versions: Sequence[Version]) -> str:
    """Return a digest of this code, so that tags change when what answers are made by does."""
    digest = blake2b(digest_size=8)
    code = (path for path in (ROOT / "api").rglob("*") if path.suffix in (".py", ".html", ".yaml"))
    for path in (*sorted(code), *(each.document for each in versions)):
        digest.update(path.read_bytes() if path.exists() else b"")
    digest.update(repr([each.deprecations for each in versions]).encode())
    return digest.hexdigest()

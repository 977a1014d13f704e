"""The composition root: settings → store → API → blueprints. Nothing imports it but the edge."""

from hashlib import blake2b
from importlib.metadata import version

import flask
from flask_cors import CORS
from sqlalchemy import Engine

from .resources import BLUEPRINTS, HEALTH, PAGES
from .services.database import open_engine
from .settings import ROOT, Settings
from .web.components import add_common_components
from .web.db import use_engine
from .web.description import DESCRIPTION, INFO, TITLE
from .web.limits import limit_requests
from .web.observe import configure_log, observe
from .web.openapi import Api
from .web.problems import handle_problems

EXPOSED = ["ETag", "Link", "Location", "X-Request-Id", "Retry-After", "Deprecation", "Sunset"]
ALLOWED = ["Authorization", "Content-Type", "If-Match", "If-None-Match", "X-Request-Id"]
PREFIX = "/api/v1"


def create_app(settings: Settings, engine: Engine | None = None) -> flask.Flask:
    """Return the WSGI application. Neither migrates nor seeds."""
    configure_log(settings.log_level)
    app = flask.Flask("api", static_folder=None)
    app.config.update(
        API_TITLE=TITLE,
        API_VERSION=version("pilot-cities"),
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
        API_SPEC_OPTIONS=INFO,
        DESCRIPTION=DESCRIPTION,
        PUBLIC_URL=settings.public_url,
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        MAX_IMPORT_BYTES=settings.max_import_bytes,
        BUILD=f"{build()} {settings.public_url}",
    )
    app.url_map.merge_slashes = False  # its redirects are made from Host
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    use_engine(
        app,
        engine or open_engine(settings.store_url, settings.statement_seconds, settings.threads + 2),
    )
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
    api = Api(app)
    add_common_components(api.spec)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint, url_prefix=PREFIX)
    api.register_blueprint(HEALTH, url_prefix="/health")
    app.register_blueprint(PAGES)
    app.extensions["pilotcities-api"] = api
    return app


def build() -> str:
    """Return a digest of this code, so that tags change when what answers are made by does."""
    digest = blake2b(digest_size=8)
    for path in sorted((ROOT / "api").rglob("*")):
        if path.suffix in (".py", ".html", ".yaml") or path == ROOT / "openapi.yaml":
            digest.update(path.read_bytes())
    digest.update((ROOT / "openapi.yaml").read_bytes() if (ROOT / "openapi.yaml").exists() else b"")
    return digest.hexdigest()

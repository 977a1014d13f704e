"""The versions of the API that one server has side by side, each below its own prefix."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask_smorest import Blueprint

from .deprecation import Deprecation, Notice, address_of, notices, tell
from .openapi import Api

_KEY = "pilotcities-versions"
FIRST = "/api/v1"


@dataclass(frozen=True)
class Version:
    """A version: its prefix (`/api/v1`), its routes, its contract's file, and what will go.

    A later version lists the blueprints that it shares with an earlier one, and its own in place of
    those that differ.
    """

    prefix: str
    blueprints: tuple[Blueprint, ...]
    document: Path
    deprecations: tuple[Deprecation, ...] = ()

    @property
    def name(self) -> str:
        """The last word of the prefix, `v1`."""
        return self.prefix.rpartition("/")[2]


@dataclass(frozen=True)
class Mounted:
    """A version in a running app."""

    version: Version
    api: Api
    notices: dict[tuple[str, str], list[Notice]]


def mount(app: Flask, version: Version, api: Api) -> None:
    """Add a version's routes to an app. The first one answers for what lies outside of all."""
    mounted: dict[str, Mounted] = app.extensions.setdefault(_KEY, {})
    for blueprint in version.blueprints:
        name = f"{version.name}-{blueprint.name}" if mounted else blueprint.name
        api.register_blueprint(blueprint, name=name, url_prefix=version.prefix)
    told = notices(api.spec.to_dict(), version.deprecations) if version.deprecations else {}
    mounted[version.prefix] = Mounted(version, api, told)


def tell_of_deprecations(app: Flask) -> None:
    """Make answers tell of what will go."""

    @app.after_request
    def announce(response: Response) -> Response:
        told = _mounted().notices
        if told and request.url_rule is not None:
            tell(response, told.get(address_of(request.url_rule.rule, request.method), []))
        return response


def _mounted() -> Mounted:
    mounted: dict[str, Mounted] = current_app.extensions[_KEY]
    for prefix, each in mounted.items():
        if request.path == prefix or request.path.startswith(f"{prefix}/"):
            return each
    return next(iter(mounted.values()))


def version() -> Version:
    """Return the version that the request speaks to."""
    return _mounted().version


def api_of(app: Flask, prefix: str = FIRST) -> Api:
    """Return the API that has a version's document."""
    mounted: dict[str, Mounted] = app.extensions[_KEY]
    return mounted[prefix].api


def base_url() -> str:
    """Return the address of the API, in the version that the request speaks to."""
    return f"{current_app.config['PUBLIC_URL']}{version().prefix}"

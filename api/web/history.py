"""The views that show a record's versions, and what changed between two."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, request

from ..errors import NotFound
from ..schemas.versions import VersionDifferenceAnswer, VersionList, version_answer
from ..services import changes, history
from ..services.collection import Collection
from ..services.doors import spelled
from ..services.history import Version
from ..services.projection import View, project
from . import auth, conditional
from .blueprint import READ_ERRORS, Blueprint
from .components import INTEGER
from .db import snapshot
from .envelopes import address
from .negotiation import JSON, json_response, negotiate
from .parameters import id_parameter
from .params import LIMIT, Reader, refuse_parameters
from .values import read_limit, read_version
from .versions import base_url

ERRORS = READ_ERRORS | {401: "UNAUTHORIZED", 404: "NOT_FOUND", 410: "GONE"}
NUMBER = {
    "name": "number",
    "in": "path",
    "required": True,
    "description": "The number of the version.",
    "schema": {**INTEGER, "minimum": 1, "maximum": 999_999_999},
    "example": 1,
}
EITHER: list[dict[str, list[str]]] = [{}, {"bearer": []}]
"""Reading needs no token; with one, the answer says who wrote."""


def publish_history(blueprint: Blueprint, collection: Collection) -> None:
    """Add the versions of a collection's records to its blueprint."""
    one, path = collection.singular, f"/{collection.name}/<id>/versions"
    of = f"of {'an' if one[0] in 'aeiou' else 'a'} {one}"
    envelope = version_answer(collection.schema, of)

    def list_versions(id: str) -> Response:  # noqa: A002  the contract's name
        return _list(collection, id)

    def get_version(id: str, number: str) -> Response:  # noqa: A002  the contract's name
        return _show(collection, id, number)

    def compare_versions(id: str, number: str) -> Response:  # noqa: A002  the contract's name
        return _compare(collection, id, number)

    told: dict[Callable[..., Any], tuple[str, str, str, Any]] = {
        list_versions: (path, f"list_{one}_versions", f"List the versions {of}", VersionList),
        get_version: (f"{path}/<number>", f"get_{one}_version", f"Get a version {of}", envelope),
        compare_versions: (
            f"{path}/<number>/changes",
            f"get_{one}_version_changes",
            f"Compare versions {of}",
            VersionDifferenceAnswer,
        ),
    }
    for view, (rule, operation_id, summary, shown) in told.items():
        in_path = [id_parameter(collection), *([NUMBER] if "<number>" in rule else [])]
        view.__doc__ = f"{summary}\n\n{TOLD[view.__name__]}"
        documented = blueprint.operation(
            operation_id,
            summary,
            answer=shown,
            errors=ERRORS,
            parameters=PARAMETERS[view.__name__],
            security=EITHER,
        )(view)
        blueprint.route(rule, endpoint=view.__name__, parameters=in_path)(documented)


TOLD = {
    "list_versions": "The newest first, deletions among them; a deleted record's too.",
    "get_version": "The record as it was then, in all its languages.",
    "compare_versions": "Field by field, what is other than in an earlier version.",
}
PARAMETERS: dict[str, list[Any]] = {
    "list_versions": [
        "Limit",
        {
            "name": "before",
            "in": "query",
            "description": "Only versions before this one.",
            "schema": {**INTEGER, "minimum": 1, "maximum": 999_999_999},
        },
    ],
    "get_version": [],
    "compare_versions": [
        {
            "name": "since",
            "in": "query",
            "description": "The version to compare with; else the one before, of a first version "
            "nothing.",
            "schema": {**INTEGER, "minimum": 1, "maximum": 999_999_999},
        }
    ],
}


def _list(collection: Collection, record_id: str) -> Response:
    negotiate(JSON)
    reader = Reader(request.args.items(multi=True), ("limit", "before"))
    limit = reader.read("limit", read_limit, LIMIT)
    before = reader.read("before", read_version)
    reader.finish()
    with snapshot() as connection:
        mark = changes.mark(connection, [collection.name])
        found = history.versions(connection, collection, record_id, before, limit + 1)
    last = found[:limit][-1:] if len(found) > limit else []
    body = {
        "data": [_entry(each) for each in found[:limit]],
        "links": {
            "self": address(),
            "next": address(before=str(last[0].version)) if last else None,
        },
    }
    return _tagged(body, mark, found)


def _show(collection: Collection, record_id: str, number: str) -> Response:
    negotiate(JSON)
    refuse_parameters(request.args.items(multi=True))
    with snapshot() as connection:
        mark = changes.mark(connection, [collection.name])
        found = history.version(connection, collection, record_id, _number(number))
    record = found.record
    view = View(base_url(), ("*",))
    shown = None if record is None else project(collection, record, view)
    return _tagged({"data": {**_entry(found), "record": shown}}, mark, [found])


def _compare(collection: Collection, record_id: str, number: str) -> Response:
    negotiate(JSON)
    reader = Reader(request.args.items(multi=True), ("since",))
    wanted = _number(number)
    since = reader.read("since", read_version, max(0, wanted - 1))
    reader.finish()
    with snapshot() as connection:
        mark = changes.mark(connection, [collection.name])
        after = history.version(connection, collection, record_id, wanted)
        before = history.version(connection, collection, record_id, since) if since else None
    listed = [
        {"field": name, "before": old, "after": new}
        for name, (old, new) in history.difference(collection, before, after).items()
    ]
    shown = [after, before] if before else [after]
    body = {"data": {"since": since, "version": wanted, "changes": listed}}
    return _tagged(body, mark, shown)


def _number(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,8}", text, re.ASCII):
        raise NotFound("The number of a version is a whole number from 1.")
    return int(text)


def _entry(found: Version) -> dict[str, Any]:
    entry = {
        "version": found.version,
        "op": found.op,
        "at": spelled(found.at),
        "door": found.door,
        "reason": found.reason,
        "replaced_by": found.replaced_by,
        "redacted_at": None if found.redacted_at is None else spelled(found.redacted_at),
    }
    if auth.principal() is not None:
        entry["actor"] = found.actor
    return entry


def _tagged(body: dict[str, Any], mark: changes.Mark, shown: Sequence[Version]) -> Response:
    """Return an answer whose tag tells of redactions, and of whether it names who wrote."""
    named = auth.principal() is not None
    value = conditional.tag(
        mark.seq, mark.history, also=([each.redacted_at for each in shown], named)
    )
    current = conditional.is_current(value)
    found = json_response(body)
    response = conditional.not_modified(value) if current else conditional.cached(found, value)
    if named:
        response.headers["Vary"] = f"{conditional.VARY}, Authorization"
    return response

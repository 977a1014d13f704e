"""The ordinary writing views of a collection: create, replace, change, withdraw, revert."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import Connection

from ..schemas.answers import single_answer
from ..schemas.fields import Slug
from ..schemas.inputs import create_shape, patch_shape, replace_shape
from ..services import editing, history
from ..services.catalog import Saved
from ..services.collection import Collection
from ..services.doors import Door
from ..services.editing import Precondition
from .blueprint import INCLUDED, Blueprint
from .bodies import MERGE_PATCH
from .negotiation import JSON
from .parameters import id_parameter
from .values import read_version
from .writes import CHANGE_ERRORS, MISSING_ERRORS, WRITE_ERRORS, View, writes

LONGEST_REASON = 1_000
SECURITY: list[dict[str, list[str]]] = [{"bearer": []}]
LOCATION = {"Location": {"$ref": "#/components/headers/Location"}}


@dataclass(frozen=True)
class Verb:
    """How a writing verb is offered: method, path, status, parameters, errors and body."""

    method: str
    status: int
    also: tuple[int, ...] = ()
    path: str = "/<id>"
    parameters: tuple[Any, ...] = ("DryRun", "IfMatch")
    errors: tuple[dict[int, str], ...] = (WRITE_ERRORS, CHANGE_ERRORS)
    takes: str | None = JSON
    body: Any = None
    reads: dict[str, Callable[[str], Any]] | None = None
    required: frozenset[str] = frozenset()


def publish_writes(blueprint: Blueprint, collection: Collection) -> None:
    """Add POST, PUT, PATCH, DELETE and the revert to a collection's blueprint."""

    def create(c: Connection, door: Door, _id: str, body: Any, _said: Precondition) -> Saved:
        return editing.create(c, collection, body, door)

    def replace(c: Connection, door: Door, id_: str, body: Any, said: Precondition) -> Saved:
        return editing.replace(c, collection, id_, body, door, said)

    def update(c: Connection, door: Door, id_: str, body: Any, said: Precondition) -> Saved:
        return editing.merge(c, collection, id_, body, door, said)

    def delete(c: Connection, door: Door, id_: str, given: Any, said: Precondition) -> Saved:
        return editing.withdraw(c, collection, id_, door, said, **given)

    def revert(c: Connection, door: Door, id_: str, given: Any, said: Precondition) -> Saved:
        number = given["version"]
        return history.revert(c, collection, id_, number, door, said)

    for view in (create, replace, update, delete, revert):
        _offer(blueprint, collection, view)


def _offer(blueprint: Blueprint, collection: Collection, view: View) -> None:
    name, verb = view.__name__, _verbs(collection)[view.__name__]
    what = f"{'an' if collection.singular[0] in 'aeiou' else 'a'} {collection.singular}"
    summary = f"{name.capitalize()} {what}"
    view.__doc__ = f"{summary}\n\n{TOLD[name]}"
    body: dict[str, Any] = {}
    if verb.body is not None:
        content = {verb.takes or JSON: {"schema": verb.body}}
        body = {"requestBody": {"required": True, "content": content}}
    documented = blueprint.operation(
        f"{name}_{collection.singular}",
        summary,
        answer=single_answer(collection.schema, INCLUDED) if verb.status != 204 else None,
        status=verb.status,
        also=verb.also,
        errors={status: code for each in verb.errors for status, code in each.items()},
        headers={} if verb.status == 204 else LOCATION,
        parameters=list(verb.parameters),
        security=SECURITY,
        **body,
    )(writes(collection, view, takes=verb.takes, reads=verb.reads, required=verb.required))
    path = f"/{collection.name}{verb.path}"
    in_path = [id_parameter(collection)] if "<id>" in path else []
    blueprint.route(path, methods=[verb.method], endpoint=name, parameters=in_path)(documented)


def _verbs(collection: Collection) -> dict[str, Verb]:
    schema = collection.schema
    removal: dict[str, Callable[[str], Any]] = {"reason": read_reason, "replaced_by": read_id}
    return {
        "create": Verb(
            "POST", 201, (200,), "", ("DryRun",), (WRITE_ERRORS,), body=create_shape(schema)
        ),
        "replace": Verb(
            "PUT",
            200,
            (201,),
            parameters=("DryRun", "IfMatch", "IfNoneMatch"),
            body=replace_shape(schema),
        ),
        "update": Verb(
            "PATCH",
            200,
            errors=(WRITE_ERRORS, CHANGE_ERRORS, MISSING_ERRORS),
            takes=MERGE_PATCH,
            body=patch_shape(schema),
        ),
        "delete": Verb(
            "DELETE",
            204,
            parameters=("DryRun", "IfMatch", "Reason", "ReplacedBy"),
            errors=(WRITE_ERRORS, CHANGE_ERRORS, MISSING_ERRORS),
            takes=None,
            reads=removal,
        ),
        "revert": Verb(
            "POST",
            200,
            (201,),
            "/<id>/revert",
            ("DryRun", "IfMatch", "RevertVersion"),
            (WRITE_ERRORS, CHANGE_ERRORS, MISSING_ERRORS),
            takes=None,
            reads={"version": read_version},
            required=frozenset({"version"}),
        ),
    }


TOLD = {
    "create": "The body carries the id. The same body again is a 200 and no new version; another "
    "body under an id that is taken is a 409.",
    "replace": "With `If-Match` the record is changed if it is still at that version; with "
    "`If-None-Match: *` it is created (201). What was read with `lang=*` can be sent back as it "
    "came. The same content again is no new version.",
    "update": "A JSON merge patch (RFC 7396): what it names is changed, null takes a value away, "
    "lists are replaced whole.",
    "delete": "The record is gone from lists and answers 410 from then on; its versions stay. A "
    "record that others still point to cannot be deleted (409 tells which).",
    "revert": "Give the record the content of an earlier version, as a new version. A deleted "
    "record comes back (then without `If-Match`).",
}


def read_reason(text: str) -> str:
    """Read why a record is deleted."""
    if any(each in text for each in "\t\n\r"):
        raise ValidationError("must be one line of text")
    if len(text) > LONGEST_REASON:
        raise ValidationError(f"at most {LONGEST_REASON} characters")
    return text


def read_id(text: str) -> str:
    """Read the id of a record."""
    found: str = Slug().deserialize(text)
    return found

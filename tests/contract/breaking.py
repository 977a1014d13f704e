"""The table of breaks, and the documents that it speaks of."""

import copy
from functools import cache
from typing import Any

import yaml

from api.breaks.shapes import Document as Spec
from api.contract import PATH
from api.settings import ROOT

Document = dict[str, Any]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TABLE: list[dict[str, Any]] = yaml.load(
    (ROOT / "tests/contract/breaks.yaml").read_text(encoding="utf-8"), LOADER
)
TYPES = {"schemas": {"Scope": {"type": "string", "enum": ["pilot", "related"]}}}
GONE = "GONE"


@cache
def real() -> Document:
    """Return openapi.yaml; only read it."""
    found: Document = yaml.load(PATH.read_text(encoding="utf-8"), LOADER)
    return found


def document(form: str, part: Any) -> Document:
    """Return a document around a part: a body's schema, an answer's, an operation, or parts."""
    if form == "document":
        return {"openapi": "3.1.0", "paths": {}, "components": TYPES, **part}
    holder = {"content": {"application/json": {"schema": part}}}
    if form == "sent":
        part = {"requestBody": holder}
    if form == "read":
        part = {"responses": {"200": holder}}
    operation = {"operationId": "list_things", **part}
    return {"openapi": "3.1.0", "paths": {"/things": {"post": operation}}, "components": TYPES}


def form_of(case: dict[str, Any]) -> str:
    """Return which part of a document a case shows."""
    return next(form for form in ("sent", "read", "operation", "document") if form in case)


def planted(found: Document, changes: dict[str, Any]) -> Document:
    """Return a document with changes: JSON pointer → value, GONE, or `COPY pointer`.

    Only what lies on the way to a change is copied.
    """
    changed = found
    for pointer, value in changes.items():
        steps = [each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")[1:]]
        copied = str(value).startswith("COPY ")
        new = Spec(found).at("#" + value.removeprefix("COPY ")) if copied else value
        changed = _changed(changed, steps, new)
    return changed


def _changed(holder: Any, steps: list[str], value: Any) -> Any:
    if not steps:
        return value
    first, *rest = steps
    holder = copy.copy(holder)
    if first == "-":
        return [*holder, value]
    key: Any = int(first) if isinstance(holder, list) else first
    if not rest and value == GONE:
        del holder[key]
    else:
        holder[key] = _changed(holder[key] if rest else None, rest, value)
    return holder

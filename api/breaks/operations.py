"""The operations of a document, and which of them are the same in two documents."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from .findings import Finding, Place
from .kinds import Kind
from .schemas import earlier, gone
from .shapes import Document, Schema

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
NONE: list[Any] = []
Key = tuple[str, str]
"""Where a parameter stands, and its name."""


@dataclass(frozen=True)
class Parameter:
    """A parameter, and where it is written."""

    at: Place
    body: Schema


@dataclass(frozen=True)
class Operation:
    """An operation: its address, and its own words with what its path and document add."""

    path: str
    method: str
    body: Schema
    parameters: dict[tuple[str, str], "Parameter"]
    security: list[dict[str, list[str]]]

    @property
    def id(self) -> str:
        """What it is called in sentences."""
        return str(self.body.get("operationId") or f"{self.method.upper()} {self.path}")

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place("#", "").to("paths", self.path, self.method, words="it")

    @property
    def address(self) -> tuple[str, str]:
        """Method and path, without the names in it."""
        return self.method, re.sub(r"\{[^}]*\}", "{}", self.path)

    @property
    def names_in_path(self) -> list[str]:
        """The names of the path's parameters, in order."""
        return re.findall(r"\{([^}]*)\}", self.path)


def operations(document: Document) -> list[Operation]:
    """Return all operations of a document (`webhooks` are not looked at)."""
    found = []
    for path, node in document.content.get("paths", {}).items():
        item = document.resolve(node)
        at = Place("#", "").to("paths", path).of(node)
        shared = _parameters(document, item, at)
        for method in METHODS:
            if method in item:
                body = item[method]
                own = shared | _parameters(document, body, at.to(method))
                security = body.get("security", document.content.get("security", NONE))
                found.append(Operation(path, method, body, own, security))
    return found


def _parameters(document: Document, holder: Schema, at: Place) -> dict[Key, Parameter]:
    found = {}
    for number, node in enumerate(holder.get("parameters", NONE)):
        body = document.resolve(node)
        where, name = body["in"], body["name"]
        place = at.to("parameters", str(number), words=f"the parameter {name}").of(node)
        found[where, name.lower() if where == "header" else name] = Parameter(place, body)
    return found


def pairs(old: list[Operation], new: list[Operation]) -> Iterator[tuple[Operation, Operation]]:
    """Yield what is the same operation in both: of one address, else of one id."""
    by_address = {each.address: each for each in new}
    by_id = {each.id: each for each in new}
    for each in old:
        other = by_address.get(each.address) or by_id.get(each.id)
        if other is not None:
            yield each, other


def missing(old: list[Operation], new: list[Operation], today: date) -> Iterator[Finding]:
    """Yield the operations that are gone."""
    there = {before.address for before, _ in pairs(old, new)}
    for each in old:
        if each.address not in there:
            detail = f"is gone ({each.method.upper()} {each.path})"
            yield from gone(each.body, today, each.place, Kind.OPERATION_REMOVED, detail)


def compare_names(old: Operation, new: Operation) -> Iterator[Finding]:
    """Yield what changes about how an operation is addressed and called, and how long."""
    yield from earlier(old.body, new.body, old.place)
    if old.address != new.address:
        detail = f"is now {new.method.upper()} {new.path}"
        yield Finding(old.place, Kind.OPERATION_MOVED, detail)
    if old.body.get("operationId") != new.body.get("operationId"):
        yield Finding(old.place, Kind.OPERATION_ID_CHANGED, f"is now called {new.id}")
    was, now = (each.body.get("tags", NONE) for each in (old, new))
    if was and (was[:1] != now[:1] or not set(was) <= set(now)):
        detail = f"has the tags {', '.join(now) or 'none'}; it had {', '.join(was)}"
        yield Finding(old.place, Kind.TAG_CHANGED, detail)


def compare_security(old: Operation, new: Operation) -> Iterator[Finding]:
    """Yield when what sufficed to be let in does not any more."""
    offers = new.security or [{}]
    for had in old.security or [{}]:
        lets_in = [offer for offer in offers if set(offer) <= set(had)]
        enough = [o for o in lets_in if all(set(o[name]) <= set(had[name]) for name in o)]
        if not lets_in:
            names = " or ".join(sorted({name for offer in offers for name in offer}))
            yield Finding(old.place, Kind.SECURITY_ADDED, f"needs {names}")
        elif not enough:
            scopes = sorted({scope for o in lets_in for name in o for scope in o[name]})
            detail = f"needs the scopes {', '.join(scopes)}"
            yield Finding(old.place, Kind.SCOPE_ADDED, detail)

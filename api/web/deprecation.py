"""What will go: an operation, a parameter or a field, declared once, told wherever it is met.

A declaration marks it in the contract (web/marking.py), lists it in the index of the API, and puts
headers on answers: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link` with the relations
`deprecation` and `sunset`. An operation tells it on every answer, and so do those that take a
header; a query parameter on answers to requests that use it; a field on JSON answers that show it.
Formats other than JSON tell nothing of fields: there the contract and the index do. On its day
nothing goes by itself: whoever takes it away changes the code, and the check against breaks
(api/breaks) then lets it pass.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import orjson
from flask import Response, request
from werkzeug.http import http_date

from .negotiation import JSON

LEAST = timedelta(days=365)
"""So long before its sunset a thing is declared; docs/versioning.md promises it."""
Document = dict[str, Any]


@dataclass(frozen=True)
class Deprecation:
    """What will go, named as in the contract, and what clients must know of it.

    `what`: the id of an operation; `parameters/NAME`, a component; or `schemas/NAME/FIELD`, where
    the name is that of what is read (`Workshop`), and its forms of writing are meant too. `link`
    leads to a page that explains it; `instead` is a sentence.
    """

    what: str
    since: date
    sunset: date
    link: str
    instead: str

    def __post_init__(self) -> None:
        """Refuse to promise less time than the policy does."""
        if self.sunset - self.since < LEAST:
            raise ValueError(f"{self.what} must stay {LEAST.days} days after it is deprecated")

    @property
    def sentence(self) -> str:
        """What the contract adds to its description."""
        return (
            f"Deprecated since {self.since}; it may be gone from {self.sunset} on. {self.instead}"
        )


@dataclass(frozen=True)
class Notice:
    """A deprecation at one operation, and whether an answer of it must tell."""

    deprecation: Deprecation
    must_tell: Callable[[Response], bool]


Address = tuple[str, str]
"""Path as in the contract, and method."""


def notices(
    document: Document, deprecations: tuple[Deprecation, ...]
) -> dict[Address, list[Notice]]:
    """Return which operations have what to tell. What is not in the contract is a ValueError."""
    found: dict[Address, list[Notice]] = {}
    for each in deprecations:
        met = list(_met(document, each))
        if not met:
            raise ValueError(f"{each.what} is not in the contract, so it cannot be deprecated")
        for address, must_tell in met:
            found.setdefault(address, []).append(Notice(each, must_tell))
    return found


def _met(document: Document, what: Deprecation) -> Iterator[tuple[Address, Callable[..., bool]]]:
    kind, _, name = what.what.rpartition("/")
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method == "parameters":
                continue
            if operation["operationId"] == what.what:
                yield (path, method), lambda _: True
            elif kind == "parameters" and _takes(operation, name):
                yield (path, method), _uses(document["components"]["parameters"][name])
            elif kind.startswith("schemas/"):
                holds = _holds(document, operation, kind, name)
                if holds is not None:
                    yield (path, method), holds


def _takes(operation: Document, name: str) -> bool:
    return {"$ref": f"#/components/parameters/{name}"} in operation.get("parameters", [])


def _uses(parameter: Document) -> Callable[[Response], bool]:
    name, in_query = parameter["name"], parameter["in"] == "query"
    return lambda _: not in_query or name in request.args  # caches tell no headers apart


def _holds(
    document: Document, operation: Document, kind: str, field: str
) -> Callable[[Response], bool] | None:
    """Return what finds a field of a shape in an answer; None where no answer can hold it."""
    shape = kind.removeprefix("schemas/")
    shapes = document["components"]["schemas"]
    if field not in shapes.get(shape, {}).get("properties", {}):
        return None
    answers = {
        status: each["content"][JSON]["schema"]
        for status, each in operation["responses"].items()
        if status.startswith("2") and JSON in each.get("content", {})
    }
    if shape not in _reached(shapes, list(answers.values())):
        return None

    def holds(response: Response) -> bool:
        schema = answers.get(str(response.status_code))
        if schema is None or response.mimetype != JSON or response.is_streamed:
            return False
        return _is_shown(shapes, schema, orjson.loads(response.get_data()), (shape, field))

    return holds


def _name(node: Document) -> str | None:
    reference: str | None = node.get("$ref")
    return None if reference is None else reference.rpartition("/")[2]


def _reached(shapes: Document, node: Any) -> set[str]:
    """Return the names of the shapes that a schema leads to."""
    wanted, found = [node], set()
    while wanted:
        each = wanted.pop()
        if isinstance(each, dict):
            name = _name(each)
            if name is not None and name not in found:
                found.add(name)
                wanted.append(shapes[name])
            wanted += each.values()
        elif isinstance(each, list):
            wanted += each
    return found


def _is_shown(shapes: Document, node: Document, value: Any, field: tuple[str, str]) -> bool:
    """Tell whether a value that follows a schema shows a shape's field somewhere."""
    name = _name(node)
    if name is not None:
        shown = name == field[0] and isinstance(value, dict) and field[1] in value
        return shown or _is_shown(shapes, shapes[name], value, field)
    within: list[tuple[Document, Any]] = [(each, value) for each in node.get("anyOf", ())]
    if isinstance(value, list):
        within += [(node.get("items", {}), each) for each in value]
    elif isinstance(value, dict):
        named = node.get("properties", {})
        others = node.get("additionalProperties") or {}
        within += [(named.get(key, others), each) for key, each in value.items()]
    return any(_is_shown(shapes, *each, field) for each in within)


def tell(response: Response, told: list[Notice]) -> None:
    """Put on an answer the headers of what it must tell: the earliest days, and every link."""
    due = [each.deprecation for each in told if each.must_tell(response)]
    if not due:
        return
    since, sunset = min(each.since for each in due), min(each.sunset for each in due)
    response.headers["Deprecation"] = f"@{int(_midnight(since).timestamp())}"
    response.headers["Sunset"] = http_date(_midnight(sunset))
    links = [response.headers["Link"]] if "Link" in response.headers else []
    for link in dict.fromkeys(each.link for each in due):
        links += [f'<{link}>; rel="{relation}"' for relation in ("deprecation", "sunset")]
    response.headers["Link"] = ", ".join(links)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def address_of(rule: str, method: str) -> Address:
    """Return the address in the contract of a route's rule and a request's method."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule), "get" if method == "HEAD" else method.lower()

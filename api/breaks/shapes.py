"""Schemas of one document as plain alternatives: references followed, unions spread out."""

from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
ANNOTATIONS = frozenset(
    {"title", "description", "examples", "example", "default", "deprecated", "readOnly"}
    | {"writeOnly", "discriminator", "externalDocs", "xml", "$comment", "x-sunset"}
)
TYPES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")


@dataclass(frozen=True)
class Shape:
    """One alternative of a schema; its type is "any" where none is said."""

    name: str | None
    type: str
    body: Schema

    @property
    def terms(self) -> Schema:
        """What it says of values, without what is only said to readers."""
        return {key: value for key, value in self.body.items() if key not in ANNOTATIONS}

    @property
    def makes_a_type(self) -> bool:
        """Whether generators make a type of its own of it."""
        return "properties" in self.body or "enum" in self.body


class Document:
    """An OpenAPI document whose references are followed. Those to other files are a ValueError."""

    def __init__(self, content: dict[str, Any]) -> None:
        """Take a document as read from YAML or JSON."""
        self.content = content

    def at(self, pointer: str) -> Any:
        """Return what a local reference leads to."""
        if not pointer.startswith("#/"):
            raise ValueError(f"{pointer} leads out of the document")
        found: Any = self.content
        for step in pointer[2:].split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            try:
                found = found[int(name)] if isinstance(found, list) else found[name]
            except (KeyError, IndexError, ValueError, TypeError):
                raise ValueError(f"{pointer} leads nowhere") from None
        return found

    def resolve(self, node: Any, seen: tuple[str, ...] = ()) -> Schema:
        """Return a node with its reference followed; what stands beside the reference counts."""
        if node is True or node is None:
            return {}
        if node is False:
            return {"not": {}}
        if "$ref" not in node:
            return dict(node)
        reference = node["$ref"]
        if reference in seen:
            raise ValueError(f"{reference} leads back to itself")
        beside = {name: value for name, value in node.items() if name != "$ref"}
        return both(self.resolve(self.at(reference), (*seen, reference)), beside)

    def shapes(self, node: Any) -> list[Shape]:
        """Return the alternatives that a schema allows."""
        return self._spread(node, None, ())

    def _spread(self, node: Any, name: str | None, seen: tuple[str, ...]) -> list[Shape]:
        if isinstance(node, dict) and "$ref" in node:
            reference = node["$ref"]
            if reference in seen:
                return []  # a union that holds itself says nothing more
            seen, name = (*seen, reference), reference.rpartition("/")[2]
        body = self.resolve(node)
        if "allOf" in body:
            return self._all(body, name, seen)
        for word in ("anyOf", "oneOf"):
            if word in body:
                return self._union(body, word, name, seen)
        return _typed(body, name)

    def _all(self, body: Schema, name: str | None, seen: tuple[str, ...]) -> list[Shape]:
        parts = body.pop("allOf")
        named = [each["$ref"] for each in parts if isinstance(each, dict) and "$ref" in each]
        name = name or (named[0].rpartition("/")[2] if len(named) == 1 else None)
        for part in parts:
            if not isinstance(part, dict) or part.get("$ref") not in seen:
                body = both(self.resolve(part), body)
        return self._spread(body, name, (*seen, *named))

    def _union(self, body: Schema, word: str, name: str | None, seen: Any) -> list[Shape]:
        rest = {key: value for key, value in body.items() if key not in (word, *ANNOTATIONS)}
        found: list[Shape] = []
        for branch in body[word]:
            whole = {"allOf": [branch, rest]} if rest else branch
            found += self._spread(whole, None, seen)
        return found


def _typed(body: Schema, name: str | None) -> list[Shape]:
    said = body.get("type")
    values = [body["const"]] if "const" in body else body.get("enum")
    if said is None and values is not None:
        said = sorted({_type_of(value) for value in values})
    if said is None:
        said = "object" if "properties" in body else "any"
    kinds = [said] if isinstance(said, str) else list(said)
    if values is None:
        return [Shape(name, kind, body) for kind in kinds]
    found = []
    for kind in kinds:
        own = [value for value in values if _is_a(value, kind)]
        if own:
            rest = {key: value for key, value in body.items() if key != "const"}
            found.append(Shape(name, kind, rest if kind == "null" else {**rest, "enum": own}))
    return found


def _type_of(value: Any) -> str:
    return TYPES.get(type(value), "string")  # YAML reads a day without quotes as a date


def _is_a(value: Any, kind: str) -> bool:
    found = _type_of(value)
    return kind in (found, "any") or (kind == "number" and found == "integer")


def both(one: Schema, other: Schema) -> Schema:
    """Return what allows only what both allow; of annotations the other's stand."""
    found = dict(one)
    for key, value in other.items():
        if key not in found or key in ANNOTATIONS or found[key] == value:
            found[key] = value
        else:
            join = _JOIN.get(key, _as_text)
            found[key] = join(found[key], value)
    return found


def _join_properties(one: Schema, other: Schema) -> Schema:
    joined = {n: {"allOf": [one[n], s]} if n in one else s for n, s in other.items()}
    return {**one, **joined}


def _join_types(one: Any, other: Any) -> list[str]:
    allowed = [other] if isinstance(other, str) else other
    return [each for each in ([one] if isinstance(one, str) else one) if each in allowed]


def _join_schemas(one: Any, other: Any) -> Any:
    if one is False or other is False:
        return False
    return {"allOf": [{} if each is True else each for each in (one, other)]}


def _as_text(one: Any, other: Any) -> str:
    """Keep both as one text: it can only be told whether they are the same as others."""
    return f"{one} and {other}"


_JOIN: dict[str, Any] = {
    "properties": _join_properties,
    "required": lambda one, other: list(dict.fromkeys([*one, *other])),
    "enum": lambda one, other: [each for each in one if each in other],
    "type": _join_types,
    "items": _join_schemas,
    "additionalProperties": _join_schemas,
    "allOf": lambda one, other: [*one, *other],
    "anyOf": lambda one, other: [{"allOf": [a, b]} for a in one for b in other],
    "oneOf": lambda one, other: [{"allOf": [a, b]} for a in one for b in other],
    **dict.fromkeys(LOWER, max),
    **dict.fromkeys(UPPER, min),
}

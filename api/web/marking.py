"""How the contract shows what will go: `deprecated`, `x-sunset`, a sentence, and the headers."""

from collections.abc import Iterator

from .deprecation import Deprecation, Document, notices

FORMS = ("", "Input", "Replacement", "Patch")
"""What the names of a shape's components end in: as it is read, created, replaced and changed."""
HEADERS = {
    "Deprecation": "Since when something that the request uses is deprecated (RFC 9745).",
    "Sunset": "From when on it may be gone (RFC 8594).",
}


def mark(document: Document, deprecations: tuple[Deprecation, ...]) -> None:
    """Mark in the contract what will go, and document the headers that tell of it.

    What is not in the contract is a ValueError.
    """
    for path, method in notices(document, deprecations):
        for status, answer in document["paths"][path][method]["responses"].items():
            if status.startswith("2"):
                _document_headers(document, answer)
    for each in deprecations:
        for node in _nodes(document, each.what):
            node |= {"deprecated": True, "x-sunset": str(each.sunset)}
            node["description"] = f"{node.get('description', '')} {each.sentence}".strip()


def _nodes(document: Document, what: str) -> Iterator[Document]:
    kind, _, name = what.rpartition("/")
    if not kind:
        for methods in document["paths"].values():
            yield from (
                o for m, o in methods.items() if m != "parameters" and o["operationId"] == what
            )
    elif kind == "parameters":
        yield document["components"]["parameters"][name]
    else:
        for form in FORMS:
            shape = document["components"]["schemas"].get(kind.removeprefix("schemas/") + form, {})
            yield from (
                node for field, node in shape.get("properties", {}).items() if field == name
            )


def _document_headers(document: Document, answer: Document) -> None:
    shared, own = document["components"]["headers"], answer.setdefault("headers", {})
    for name, description in HEADERS.items():
        shared.setdefault(name, {"description": description, "schema": {"type": "string"}})
        own[name] = {"$ref": f"#/components/headers/{name}"}
    own.setdefault("Link", {"$ref": "#/components/headers/Link"})

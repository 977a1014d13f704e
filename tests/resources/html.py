"""Reading pages as browsers do, and judging them."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import orjson
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import SETTINGS

XHTML = "{http://www.w3.org/1999/xhtml}"
BLOCKS = {XHTML + name for name in ("dt", "dd", "td", "th", "li", "p", "h1", "h2", "h3")}


def read(answer: TestResponse) -> Element:
    """Return a page as a tree; what the HTML standard calls a parse error is raised."""
    assert answer.content_type == "text/html; charset=utf-8"
    parser = html5lib.HTMLParser(strict=True, tree=html5lib.getTreeBuilder("etree"))
    tree: Element = parser.parse(answer.text)
    ids = [each.get("id") for each in tree.iter() if each.get("id")]
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert len(list(tree.iter(f"{XHTML}h1"))) == 1
    return tree


def page(client: FlaskClient, path: str) -> Element:
    """Return a page that is there."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return read(answer)


def links(tree: Element) -> set[str]:
    """Return the addresses on this server that a page links to or loads, without anchors."""
    found = (each.get("href") or each.get("src") or "" for each in tree.iter())
    return {each.partition("#")[0] for each in found if each.startswith("/")}


def linked_data(tree: Element) -> Any:
    """Return the JSON-LD inside a page."""
    blocks = [each for each in tree.iter(f"{XHTML}script") if each.get("type") is not None]
    assert [each.get("type") for each in blocks] == ["application/ld+json"]
    return orjson.loads(blocks[0].text or "")


def langs(tree: Element, text: str) -> list[str]:
    """Return the language that each element holding just this text is in, in order."""
    found = []

    def look(element: Element, lang: str) -> None:
        lang = element.get("lang", lang)
        if (element.text or "").strip() == text:
            found.append(lang)
        for each in element:
            look(each, lang)

    look(tree, "unknown")
    return found


def following(tree: Element) -> str | None:
    """Return the path of the next page of a list, None on the last."""
    found = [each.get("href") for each in tree.iter(f"{XHTML}a") if each.get("rel") == "next"]
    return (found[0] or "").removeprefix(SETTINGS.public_url) if found else None


def text(tree: Element) -> str:
    """Return all that a page says, blocks and spaces each as one space."""

    def parts(element: Element) -> Iterator[str]:
        around = " " if element.tag in BLOCKS else ""
        yield around + (element.text or "")
        for each in element:
            yield from parts(each)
            yield each.tail or ""
        yield around

    return " ".join("".join(parts(tree)).split())

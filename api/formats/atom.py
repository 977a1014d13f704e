"""Records and changes as an Atom feed (RFC 4287), with deletions as RFC 6721 has them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from .places import Places, Record, Shown, permanent

ATOM, DELETED = "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
BEGINNING = "1970-01-01T00:00:00Z"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
register_namespace("", ATOM)
register_namespace("at", DELETED)


@dataclass(frozen=True)
class Feed:
    """What a feed says of itself.

    `name` tells it from other feeds on whatever server; `address` is its own, `page` that of a page
    for people, `following` that of what came before. `updated`: when something last changed that
    it can tell of, a deletion too; None when nothing ever did.
    """

    name: str
    title: str
    publisher: str
    address: str
    page: str
    updated: str | None
    following: str | None = None


def document(feed: Feed, entries: Iterable[Element]) -> bytes:
    """Return the feed."""
    found = Element(f"{{{ATOM}}}feed")
    _add(found, "id", permanent("feeds", feed.name).urn)
    _add(found, "title", feed.title)
    author = _add(found, "author")
    _add(author, "name", feed.publisher)
    _add(found, "updated", feed.updated or BEGINNING)
    _link(found, "self", feed.address, "application/atom+xml")
    _link(found, "alternate", feed.page, "text/html")
    if feed.following is not None:
        _link(found, "next", feed.following, "application/atom+xml")
    found.extend(entries)
    text: bytes = tostring(found, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def entry(collection: str, record: Record, label: str, places: Places) -> Element:
    """Return a record as an entry. `label` is the field that a person would call it by."""
    shown, found = Shown(record, places), Element(f"{{{ATOM}}}entry")
    _add(found, "id", record_urn(collection, record["id"]))
    _add(found, "title", record[label]).set(XML_LANG, shown.lang(label))
    _add(found, "updated", record["updated_at"])
    _add(found, "published", record["created_at"])
    page = places.page(collection, record["id"])
    if page != record["url"]:
        _link(found, "alternate", page, "text/html")
    _link(found, "alternate", record["url"], "application/json")
    for name in ("kind", "status"):
        if record.get(name):
            SubElement(found, f"{{{ATOM}}}category", scheme=f"#{name}", term=record[name])
    if record.get("summary"):
        _add(found, "summary", record["summary"]).set(XML_LANG, shown.lang("summary"))
    elif label == "text":
        _add(found, "summary", record[label]).set(XML_LANG, shown.lang(label))
    return found


def tombstone(collection: str, record_id: str, when: str, reason: str | None) -> Element:
    """Return a deletion as a deleted entry (RFC 6721 section 3)."""
    urn = record_urn(collection, record_id)
    found = Element(f"{{{DELETED}}}deleted-entry", ref=urn, when=when)
    if reason is not None:
        SubElement(found, f"{{{DELETED}}}comment").text = _NOT_IN_XML.sub("\ufffd", reason)
    return found


def record_urn(collection: str, record_id: str) -> str:
    """Return the name under which feeds know a record, on whatever server."""
    return permanent(collection, record_id).urn


def _add(parent: Element, name: str, text: Any = None) -> Element:
    found = SubElement(parent, f"{{{ATOM}}}{name}")
    if text is not None:
        found.text = _NOT_IN_XML.sub("\ufffd", str(text))
    return found


def _link(parent: Element, relation: str, address: str, media_type: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", rel=relation, href=address, type=media_type)

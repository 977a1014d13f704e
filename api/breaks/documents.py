"""Two documents as wholes: every break between them, each told once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from .findings import Break, Finding, Place
from .kinds import Kind
from .messages import Messages
from .operations import compare_names, compare_security, missing, operations, pairs
from .schemas import Schemas
from .shapes import Document

HOW_CREDENTIALS_ARE_SENT = ("type", "in", "name", "scheme", "flows", "openIdConnectUrl")


def breaks(old: dict[str, Any], new: dict[str, Any], today: date | None = None) -> list[Break]:
    """Return what breaks when `new` takes the place of `old`, both OpenAPI 3.1 documents.

    `today` is the day by which sunsets are judged. A reference to another file is a ValueError.
    """
    before, after = Document(old), Document(new)
    day = today or datetime.now(UTC).date()
    messages = Messages(Schemas(before, after, day))
    olds, news = operations(before), operations(after)
    told: dict[Finding, list[str]] = {}
    for finding in missing(olds, news, day):
        told.setdefault(finding, []).append(_id_of(finding, olds))
    for was, now in pairs(olds, news):
        for check in (compare_names, compare_security, messages.compare):
            for finding in check(was, now):
                told.setdefault(finding, []).append(was.id)
    for finding in _wholes(old, new):
        told.setdefault(finding, [])
    return [_break(finding, list(dict.fromkeys(ids))) for finding, ids in told.items()]


def _id_of(finding: Finding, olds: list[Any]) -> str:
    found: str = next(each.id for each in olds if each.place == finding.place)
    return found


def _break(finding: Finding, ids: list[str]) -> Break:
    more = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
    whose = f"{ids[0]}{more}: " if ids else ""
    sentence = f"{whose}{finding.place.words} {finding.detail}. {finding.kind.whom}"
    return Break(finding.place.pointer, finding.kind, sentence)


def _wholes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Finding]:
    """Yield what changes for all operations at once: servers, and how credentials are sent."""
    addresses = [each["url"].rstrip("/") for each in new.get("servers", [{"url": "/"}])]
    for number, server in enumerate(old.get("servers", ())):
        if server["url"].rstrip("/") not in addresses:
            at = Place(f"#/servers/{number}", f"the server {server['url']}")
            yield Finding(at, Kind.SERVER_CHANGED, "is gone")
    were, are = (each.get("components", {}).get("securitySchemes", {}) for each in (old, new))
    for name, scheme in were.items():
        other = are.get(name, {})
        if any(scheme.get(word) != other.get(word) for word in HOW_CREDENTIALS_ARE_SENT):
            at = Place("#/components/securitySchemes", "").to(name, words=f"the scheme {name}")
            yield Finding(at, Kind.SECURITY_SCHEME_CHANGED, "is another one")

"""A record of the benchmark as we take it, and as the peers' tables hold it."""

from typing import Any

import orjson

from .records import City, Document, Record, Workshop, programme_slug, workshop_slug

Row = dict[str, Any]
SITE = "https://example.org"


def programme_line(country: str) -> bytes:
    """Return the line of a country's programme, which comes before its cities."""
    slug = programme_slug(country)
    record = {"id": slug, "lang": "en", "title": f"Programme {country}", **_cited(slug)}
    return orjson.dumps({"type": "projects", "data": record}) + b"\n"


def line(record: Record) -> bytes:
    """Return a record as a line of NDJSON, as `pilotcities seed apply` takes it."""
    kind, fields = _ours(record)
    return orjson.dumps({"type": kind, "data": {"id": record.slug, **fields}}) + b"\n"


def _cited(slug: str) -> Row:
    return {"sources": [{"url": f"{SITE}/{slug}", "confidence": "stated"}]}


def _ours(record: Record) -> tuple[str, Row]:
    city = record if isinstance(record, City) else record.city
    shared = {"projects": [programme_slug(city.country)], **_cited(record.slug)}
    if isinstance(record, City):
        located = {name: getattr(record, name) for name in ("latitude", "longitude", "timezone")}
        named = {"lang": "en", "name": record.name, "country": record.country}
        return "cities", {**named, **located, **shared}
    shared["cities"] = [city.slug]
    if isinstance(record, Workshop):
        return "workshops", {**_our_workshop(record), **shared}
    if isinstance(record, Document):
        return "documents", {**_our_document(record), **shared}
    translation = record.translation
    return "recommendations", {
        "lang": record.language,
        "text": record.text,
        "dimension": record.dimension,
        "status": record.status,
        "validations": [{"workshop": workshop_slug(record.workshop)}],
        "translations": {translation[0]: {"text": translation[1]}} if translation else {},
        **shared,
    }


def _our_workshop(record: Workshop) -> Row:
    return {
        "lang": record.languages[0],
        "title": record.title,
        "kind": record.kind,
        "status": "held",
        "mode": record.mode,
        "starts_on": record.starts_at.date().isoformat(),
        "ends_on": record.ends_at.date().isoformat(),
        "starts_at": f"{record.starts_at.isoformat()}+02:00",
        "ends_at": f"{record.ends_at.isoformat()}+02:00",
        "languages": list(record.languages),
        "objectives": list(record.objectives),
    }


def _our_document(record: Document) -> Row:
    file = {"id": "file", "lang": record.language, "media_type": record.media_type}
    return {
        "lang": record.language,
        "title": record.title,
        "kind": record.kind,
        "status": "available",
        "published_on": record.published_on.isoformat(),
        "workshops": [workshop_slug(record.workshop)],
        "files": [{**file, "url": f"{SITE}/{record.slug}/file"}],
    }


def peer_rows(record: Record) -> list[tuple[str, Row]]:
    """Return a record's rows: table and column → value."""
    source = f"{SITE}/{record.slug}"
    own: Row = {"id": record.number, "slug": record.slug, "source_url": source}
    if isinstance(record, City):
        names = ("name", "country", "latitude", "longitude", "timezone")
        return [("city", own | {name: getattr(record, name) for name in names})]
    own["city_id"] = record.city.number
    if isinstance(record, Workshop):
        names = ("title", "kind", "mode", "starts_at", "ends_at")
        own |= {name: getattr(record, name) for name in names}
        own |= {"starts_on": record.starts_at.date(), "ends_on": record.ends_at.date()}
        own |= {"languages": " ".join(record.languages), "objectives": "\n".join(record.objectives)}
        return [("workshop", own)]
    own["workshop_id"] = record.workshop
    if isinstance(record, Document):
        names = ("title", "kind", "language", "media_type", "published_on")
        own |= {name: getattr(record, name) for name in names}
        return [("document", own | {"file_url": f"{source}/file"})]
    own |= {name: getattr(record, name) for name in ("dimension", "status", "language", "text")}
    own["texts"] = record.text
    if not record.translation:
        return [("recommendation", own)]
    language, text = record.translation
    own["texts"] += f"\n{text}"
    told = {"recommendation_id": record.number, "language": language, "text": text}
    return [("recommendation", own), ("translation", told)]

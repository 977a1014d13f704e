"""What each record type is in schema.org's words, and in those of PROV-O and DCMI terms.

Of people and bodies only the name is known, so they have no type.
"""

from collections.abc import Callable
from typing import Any

from .places import Record, Shown

Node = dict[str, Any]
SCHEMA_ORG = "https://schema.org/"
_EVENT_STATUS = {
    "planned": "EventScheduled",
    "held": "EventScheduled",
    "cancelled": "EventCancelled",
    "postponed": "EventPostponed",
}
_ATTENDANCE = {"online": "Online", "in_person": "Offline", "hybrid": "Mixed"}
_ACTION_STATUS = {
    "announced": "PotentialActionStatus",
    "under_way": "ActiveActionStatus",
    "done": "CompletedActionStatus",
    "dropped": "FailedActionStatus",
}
_REPORTS = {"diagnostic_report", "resilience_plan", "report", "policy_brief", "compendium"}


def _project(shown: Shown) -> Node:
    record = shown.record
    return {
        "type": "ResearchProject",
        "name": shown.text("title"),
        "alternateName": record["aliases"],
        "description": shown.text("summary"),
        "dcterms:abstract": shown.text("objective"),
        "dcterms:temporal": _period(record),
        "funder": {"name": record["funder"]},
        "member": [
            {
                "type": "Organization",
                "name": each["full_name"] or each["name"],
                "alternateName": [each["name"], *each["aliases"]],
            }
            for each in record["agencies"]
        ],
        "sameAs": record["website"],
    }


def _city(shown: Shown) -> Node:
    record = shown.record
    country = record["country"]
    point = {"type": "GeoCoordinates", **{n: record[n] for n in ("latitude", "longitude")}}
    return {
        "type": "City",
        "name": shown.text("name"),
        "alternateName": record["aliases"],
        "description": shown.text("summary"),
        "geo": point if record["latitude"] is not None else None,
        "containedInPlace": country and {"type": "Country", "identifier": country},
        "sameAs": record["website"],
    }


def _workshop(shown: Shown) -> Node:
    record = shown.record
    mode, status = _ATTENDANCE.get(record["mode"]), _EVENT_STATUS.get(record["status"])
    places: list[Any] = [{"id": each, "type": "City"} for each in shown.cities()]
    if record["venue"]:
        places.append({"type": "Place", "name": shown.text("venue")})
    if record["mode"] in ("online", "hybrid"):
        places.append({"type": "VirtualLocation", "name": record["platform"]})
    return {
        "type": ["Event", "prov:Activity"],
        "name": shown.text("title"),
        "alternateName": [*filter(None, [record["title_as_printed"]]), *record["aliases"]],
        "description": shown.text("summary"),
        "startDate": record["starts_at"] or record["starts_on"],
        "endDate": record["ends_at"] or record["ends_on"],
        "eventStatus": status and SCHEMA_ORG + status,
        "eventAttendanceMode": mode and f"{SCHEMA_ORG}{mode}EventAttendanceMode",
        "location": places,
        "organizer": [{"name": each["name"]} for each in record["organisers"]],
        "superEvent": record["part_of"] and shown.places.record("workshops", record["part_of"]),
        "inLanguage": record["languages"],
    }


def _document(shown: Shown) -> Node:
    record = shown.record
    return {
        "type": ["Report" if record["kind"] in _REPORTS else "DigitalDocument", "prov:Entity"],
        "name": shown.text("title"),
        "alternateName": record["aliases"],
        "description": shown.text("summary"),
        "creativeWorkStatus": record["status"],
        "datePublished": record["published_on"],
        "publisher": {"name": record["publisher"]},
        "author": [{"name": each} for each in record["authors"]],
        "numberOfPages": record["pages"],
        "spatialCoverage": shown.cities(),
        "recordedAt": shown.named("workshops", record["workshops"]),
        "inLanguage": sorted({each["lang"] for each in record["files"] if each["lang"]}),
        "encoding": [_file(each) for each in record["files"]],
    }


def _file(file: Record) -> Node:
    return {
        "type": "MediaObject",
        "contentUrl": file["url"],
        "encodingFormat": file["media_type"],
        "contentSize": file["size"] and f"{file['size']} B",
        "sha256": file["sha256"],
        "inLanguage": file["lang"],
    }


def _finding(shown: Shown) -> Node:
    record = shown.record
    documents = shown.named("documents", record["documents"])
    return {
        "type": ["Claim", "prov:Entity"],
        "text": shown.text("text"),
        "about": record["dimension"],
        "spatialCoverage": shown.cities(),
        "appearance": documents,
        "prov:wasDerivedFrom": documents,
        "author": [{"name": each["name"]} for each in record["attributed_to"][:1]],
    }


def _recommendation(shown: Shown) -> Node:
    record = shown.record
    documents = shown.named("documents", record["documents"])
    findings = shown.named("findings", record["findings"])
    met = [each["workshop"] for each in record["validations"]]
    return {
        "type": ["CreativeWork", "prov:Entity"],
        "text": shown.text("text"),
        "about": record["dimension"],
        "creativeWorkStatus": record["status"],
        "spatialCoverage": shown.cities(),
        "temporal": shown.text("horizon"),
        "audience": [{"type": "Audience", "name": each} for each in shown.text("actors")],
        "prov:wasDerivedFrom": [*findings, *documents],
        "prov:wasInfluencedBy": shown.named("workshops", met),
    }


def _action(shown: Shown) -> Node:
    record = shown.record
    status = _ACTION_STATUS.get(record["status"])
    return {
        "type": ["Action", "prov:Activity"],
        "description": shown.text("text"),
        "about": record["dimension"],
        "actionStatus": status and SCHEMA_ORG + status,
        "startTime": record["starts_on"],
        "endTime": record["ends_on"],
        "location": [{"id": each, "type": "City"} for each in shown.cities()],
        "agent": [{"name": each} for each in shown.text("actors")],
        "prov:used": shown.named("recommendations", record["recommendations"]),
    }


def _period(record: Record) -> str | None:
    """Return an interval of EDTF: open where nothing is said."""
    if record["starts_on"] is None and record["ends_on"] is None:
        return None
    return f"{record['starts_on'] or ''}/{record['ends_on'] or ''}"


SHAPES: dict[str, Callable[[Shown], Node]] = {
    "projects": _project,
    "cities": _city,
    "workshops": _workshop,
    "documents": _document,
    "findings": _finding,
    "recommendations": _recommendation,
    "actions": _action,
}

"""Workshops as a calendar (RFC 5545 and RFC 7986), one language a calendar.

No time is made up: a workshop of which only the day is known is a whole day, and one of which not
even the day is known is left out.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event
from icalendar.prop import vDuration, vText, vUri

from .places import Places, Record, Shown, permanent

_STATUS = {
    "planned": "CONFIRMED",
    "held": "CONFIRMED",
    "cancelled": "CANCELLED",
    "postponed": "TENTATIVE",
}
_END = b"END:VCALENDAR\r\n"
_EVERY = timedelta(hours=1)


def parts(
    batches: Iterable[Iterable[Record]], name: str, address: str, places: Places
) -> Iterator[bytes]:
    """Yield a calendar, a batch of events at a time. `address` is where it can be had again."""
    yield _frame(name, address).to_ical().removesuffix(_END)
    for batch in batches:
        events = (event(record, places) for record in batch)
        yield b"".join(each.to_ical() for each in events if each is not None)
    yield _END


def _frame(name: str, address: str) -> Calendar:
    found = Calendar()
    for key, value in (
        ("VERSION", "2.0"),
        ("PRODID", "-//Pilot Cities//Workshops//EN"),
        ("METHOD", "PUBLISH"),
        ("NAME", name),
        ("X-WR-CALNAME", name),
        ("SOURCE", vUri(address, params={"VALUE": "URI"})),
        ("REFRESH-INTERVAL", vDuration(_EVERY, params={"VALUE": "DURATION"})),
        ("X-PUBLISHED-TTL", vDuration(_EVERY)),
    ):
        found.add(key, value)
    return found


def event(record: Record, places: Places) -> Event | None:
    """Return a workshop as an event, or None when its day is not known."""
    start, end = span(record)
    if start is None:
        return None
    shown = Shown(record, places)
    page, found = places.page("workshops", record["id"]), Event()
    _put(found, "UID", str(_uid(record["id"])))
    _put(found, "DTSTAMP", _moment(record["updated_at"]))
    _put(found, "DTSTART", start)
    _put(found, "DTEND", end)
    _put(found, "SUMMARY", _text(shown, "title"))
    _put(found, "DESCRIPTION", _text(shown, "summary"))
    _put(found, "LOCATION", _text(shown, "venue") or record["platform"])
    _put(found, "STATUS", _STATUS.get(record["status"]))
    _put(found, "SEQUENCE", record["version"] - 1)
    _put(found, "CREATED", _moment(record["created_at"]))
    _put(found, "LAST-MODIFIED", _moment(record["updated_at"]))
    _put(found, "CATEGORIES", [*filter(None, [record["kind"]]), *record["cities"]] or None)
    _put(found, "URL", vUri(page))
    if record["part_of"] is not None:
        parent = vText(str(_uid(record["part_of"])), params={"RELTYPE": "PARENT"})
        _put(found, "RELATED-TO", parent)
    return found


def span(record: Record) -> tuple[date | None, date | None]:
    """Return start and end: both moments (UTC), or both days, the end exclusive; None is unknown.

    The end is left out where it is not known as precisely as the start.
    """
    if record["starts_at"] is not None:
        start, end = _moment(record["starts_at"]), _moment(record["ends_at"])
        return start, end if start and end and end > start else None
    first = _day(record["starts_on"])
    if first is None:
        return None, None
    last = _day(record["ends_on"]) or _day((record["ends_at"] or "")[:10])
    return first, None if last is None or last == date.max else last + timedelta(days=1)


def _day(partial: str | None) -> date | None:
    return date.fromisoformat(partial) if partial and len(partial) == len("2021-09-03") else None


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def _text(shown: Shown, name: str) -> vText | None:
    value = shown.record[name]
    return None if value is None else vText(value, params={"LANGUAGE": shown.lang(name)})


def _put(found: Event, name: str, value: Any) -> None:
    if value is not None:
        found.add(name, value)


def _uid(record_id: str) -> Any:
    return permanent("workshops", record_id)

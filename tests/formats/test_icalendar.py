"""Calendars, read by two parsers that we did not write."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import vobject
from hypothesis import given
from icalendar import Calendar

from api.formats import icalendar
from tests.formats.conftest import PLACES, TEXTS, shown


def _calendar(*records: dict[str, Any]) -> str:
    parts = icalendar.parts([records], "Workshops", f"{PLACES.base}/workshops.ics", PLACES)
    return b"".join(parts).decode()


def _event(**fields: Any) -> Any:
    [event] = Calendar.from_ical(_calendar(shown("workshops", **fields))).events
    return event


@pytest.mark.parametrize(
    ("fields", "start", "end"),
    [
        ({"starts_on": "2021-09-03"}, date(2021, 9, 3), None),
        (
            {"starts_on": "2021-09-03", "ends_on": "2021-09-04"},
            date(2021, 9, 3),
            date(2021, 9, 5),
        ),
        ({"starts_on": "2021-09-03", "ends_on": "2021-10"}, date(2021, 9, 3), None),
        (
            {"starts_at": "2021-09-03T11:00:00+02:00", "ends_at": "2021-09-03T12:45:00+02:00"},
            datetime(2021, 9, 3, 9, tzinfo=UTC),
            datetime(2021, 9, 3, 10, 45, tzinfo=UTC),
        ),
        (
            {"starts_on": "2021-09-03", "starts_at": "2021-09-03T11:00:00+02:00"},
            datetime(2021, 9, 3, 9, tzinfo=UTC),
            None,
        ),
        (
            {"starts_on": "2021-09-03", "ends_at": "2021-09-03T12:45:00+02:00"},
            date(2021, 9, 3),
            date(2021, 9, 4),
        ),
        (
            {"starts_at": "2021-09-03T11:00:00Z", "ends_at": "2021-09-03T11:00:00Z"},
            datetime(2021, 9, 3, 11, tzinfo=UTC),
            None,
        ),
        ({"starts_on": "9999-12-31", "ends_on": "9999-12-31"}, date(9999, 12, 31), None),
    ],
)
def test_no_time_is_made_up(fields: dict[str, Any], start: date, end: date | None) -> None:
    event = _event(**fields)
    assert event["DTSTART"].dt == start
    assert (event["DTEND"].dt if "DTEND" in event else None) == end


@pytest.mark.parametrize("fields", [{}, {"starts_on": "2021"}, {"ends_on": "2021-09-03"}])
def test_a_workshop_without_a_known_day_is_left_out(fields: dict[str, Any]) -> None:
    assert Calendar.from_ical(_calendar(shown("workshops", **fields))).events == []


@pytest.mark.parametrize(
    ("status", "told"),
    [("cancelled", "CANCELLED"), ("held", "CONFIRMED"), ("postponed", "TENTATIVE"), (None, None)],
)
def test_its_status_is_told(status: str | None, told: str | None) -> None:
    assert _event(starts_on="2021-09-03", status=status).get("STATUS") == told


def test_what_subscribers_know_an_event_by_stays_the_same() -> None:
    event = _event(id="kharkiv-2021", starts_on="2021-09-03", part_of="series", kind="training")
    assert event["UID"] == "f6eb5aa0-7e24-570c-90de-3f7200484c7c"
    assert event["SEQUENCE"] == 2
    assert event["LAST-MODIFIED"].dt == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert event["URL"] == "https://cities.example/workshops/kharkiv-2021"
    assert event["RELATED-TO"] == _event(id="series", starts_on="2021-09-01")["UID"]


def test_each_text_says_its_language() -> None:
    fields = {"starts_on": "2021-09-03", "summary": "In short", "venue": "Hall"}
    record = shown("workshops", "uk", translations={"uk": {"title": "Семінар"}}, **fields)
    [event] = Calendar.from_ical(_calendar(record)).events
    assert (event["SUMMARY"], event["SUMMARY"].params["LANGUAGE"]) == ("Семінар", "uk")
    assert (event["DESCRIPTION"], event["DESCRIPTION"].params["LANGUAGE"]) == ("In short", "en")


@given(TEXTS)
def test_two_parsers_read_whatever_text_there_is(text: str) -> None:
    fields = {"title": text, "summary": f"a\n{text}", "starts_on": "2021-09-03"}
    record = shown("workshops", **fields)
    found = _calendar(record, shown("workshops", id="other", starts_on="2021-09-04"))
    known = [record["title"].replace("\r\n", "\n").replace("\r", "\n"), "Workshop other"]
    events = Calendar.from_ical(found).events
    assert [str(each["SUMMARY"]) for each in events] == known
    assert [each.summary.value for each in vobject.readOne(found).vevent_list] == known
    assert all(len(line.encode()) <= 75 for line in found.split("\r\n"))


def test_an_empty_calendar_is_one() -> None:
    found = Calendar.from_ical(_calendar())
    assert (found["VERSION"], found["METHOD"], found.events) == ("2.0", "PUBLISH", [])

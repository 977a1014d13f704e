"""Feeds, read by a parser that we did not write."""

from dataclasses import replace
from typing import Any

import feedparser
from hypothesis import given

from api.formats import atom
from tests.formats.conftest import PLACES, TEXTS, shown

FEED = atom.Feed(
    "/feed", "Changes", "Pilot Cities", "https://cities.example/feed", PLACES.site, None
)


def _read(*entries: Any, feed: atom.Feed = FEED) -> Any:
    found = feedparser.parse(atom.document(feed, entries), resolve_relative_uris=False)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def test_an_entry_says_what_and_where_it_is() -> None:
    record = shown("documents", id="report", kind="report", summary="In short")
    [found] = _read(atom.entry("documents", record, "title", PLACES)).entries
    assert (found.title, found.summary) == ("Document report", "In short")
    assert (found.updated, found.published) == (record["updated_at"], record["created_at"])
    assert [(each.rel, each.href) for each in found.links] == [
        ("alternate", "https://cities.example/documents/report"),
        ("alternate", "https://cities.example/api/v1/documents/report"),
    ]
    assert [(each.scheme, each.term) for each in found.tags] == [("#kind", "report")]


def test_each_text_says_its_language() -> None:
    record = shown("documents", "uk", summary="In short", translations={"uk": {"title": "Звіт"}})
    [found] = _read(atom.entry("documents", record, "title", PLACES)).entries
    assert (found.title_detail.language, found.summary_detail.language) == ("uk", "en")


def test_a_feed_is_as_old_as_the_last_change() -> None:
    entry = atom.entry("actions", shown("actions"), "text", PLACES)
    changed = replace(FEED, updated="2026-12-01T00:00:00Z")
    assert _read(entry, feed=changed).feed.updated == "2026-12-01T00:00:00Z"
    assert _read().feed.updated == atom.BEGINNING


def test_a_deletion_names_the_entry_that_it_ends() -> None:
    entry = atom.entry("actions", shown("actions", id="old"), "text", PLACES)
    gone = atom.tombstone("actions", "old", "2026-12-01T00:00:00Z", None)
    assert gone.get("ref") == entry.findtext(f"{{{atom.ATOM}}}id")


def test_a_feed_tells_of_itself_and_of_what_came_before() -> None:
    links = {each.rel: each.href for each in _read().feed.links}
    assert links == {"self": FEED.address, "alternate": PLACES.site}
    more = replace(FEED, following="https://cities.example/feed?cursor=x")
    assert [each.href for each in _read(feed=more).feed.links if each.rel == "next"] == [
        "https://cities.example/feed?cursor=x"
    ]


@given(TEXTS)
def test_whatever_text_there_is_makes_a_feed(text: str) -> None:
    record = shown("workshops", title=text)
    entry = atom.entry("workshops", record, "title", PLACES)
    gone = atom.tombstone("workshops", "w", "2026-12-01T00:00:00Z", text)
    [found] = _read(entry, gone).entries
    assert found.title.split() or not record["title"].split()

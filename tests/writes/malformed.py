"""What no field may hold, worked out from the schemas: for each kind of field its wrong values."""

from collections.abc import Iterator
from typing import Any

from marshmallow import fields

from api.schemas.dates import OffsetDateTime, PartialDate
from api.schemas.fields import Code, ExternalIds, Slug, Text, Unique, Whole
from api.schemas.record import Translations
from api.schemas.standards import (
    Country,
    Degrees,
    LanguageTag,
    MediaType,
    Sha256,
    Subdivision,
    TimeZone,
    Unlocode,
    Url,
)

HUGE = 10**30
NEVER_TEXT: list[Any] = [5, 0, -1, 1.5, HUGE, True, False, [], ["a"], {}, {"a": "b"}]
CONTROLS = ["a\x00b", "\x00", "a\x1bb", "a\x7fb", "a\x08"]
BLANK = ["", " ", "\n", "\u00a0\u2003"]
PATHS = ["../x", "/etc/passwd", "a/b", "..", "%2e%2e", "C:\\x", "file:///etc/passwd"]
NO_LIST: list[Any] = ["a", "", 5, True, {}, {"a": "b"}]
NO_OBJECT: list[Any] = ["a", "", 5, True, [], [["a", "b"]], [{}]]

BY_KIND: dict[type, list[Any]] = {
    Country: ["UK", "XX", "ua", "UKR", "U", "UA\n", "ÙA", "AA", "ZZ"],
    Subdivision: ["UA63", "UA-", "ua-63", "UA-6363", "UA-6\n", "UA-é"],
    Unlocode: ["UAHR", "UA HRK", "uahrk", "UAHRK1", "UAHR\n", "UAHR1"],
    TimeZone: ["Europe/Nowhere", "europe/kyiv", "../etc/passwd", "UTC+2", "Europe/Kyiv\n"],
    Url: [
        *("example.org", "//example.org/x", "ftp://example.org/x", "javascript:alert(1)"),
        *("http://", "https:///x", "http://exa mple.org/", "http://[::1/", "http://a:99999/"),
        *("https://example.org/\n", "https://пример.рф/", "data:text/html,x", "https://a/<b>"),
        "https://example.org/" + "a" * 2_000,
    ],
    MediaType: ["pdf", "application/", "/pdf", "Application/PDF", "application/pdf\n", "a/b; c=d"],
    Sha256: ["abc", "A" * 64, "g" * 64, "a" * 65, "a" * 63 + "\n"],
    LanguageTag: ["english", "e", "xx-yyyyyyyyy", "qq-", "en\n", "zz", "1", "en-", "-en"],
    PartialDate: [
        *("2021-02-30", "2021-13", "2021-00", "2021-1-1", "0000", "0000-01-01", "21", "20210101"),
        *("2021-02-29", "2021-01-01T00:00:00Z", "yesterday", "9999-02-30", "9999-99", "2021-"),
        *("２０２１", "2021\n", "2021-07\n", "2021-07-15\n", "+2021", "-2021", "10000-01-01"),
    ],
    Slug: [
        *PATHS,
        *("Kharkiv", "a--b", "-a", "a-", "a_b", "a b", "харків", "a" * 81, "a\n", "a.b", "é", "*"),
    ],
    OffsetDateTime: [
        *("2021-09-03", "2021-09-03T11:00:00", "2021-02-30T11:00:00Z", "2021-09-03T25:00:00Z"),
        *("2021-09-03T11:00:00+99:00", "2021-09-03 11:00:00Z", "0000-01-01T00:00:00Z", "now"),
        *("0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "2021-09-03T11:00:00Z\n"),
        *("2021-09-03T11:00:60Z", "2021-09-03T11:00:00.1234567Z", "", 5, True, [], {}),
    ],
    Degrees: ["5", "", True, False, [], {}, 181, -181, HUGE, -HUGE, 1e300],
    Whole: ["5", "", 1.5, 1.0, True, False, [], {}, -1, 2**53, HUGE, -HUGE],
    Code: ["", "nothing", 5, True, [], {}, ["pilot"], "../x", "a\x00b", "Pilot", "pilot\n"],
}


def wrong(field: fields.Field[Any]) -> Iterator[Any]:
    """Yield values that a field cannot have, nested ones and too long ones among them."""
    if not field.allow_none:
        yield None
    if isinstance(field, Translations):
        yield from _wrong_translations(field)
    elif isinstance(field, ExternalIds):
        yield from NO_OBJECT
        yield from _wrong_external_ids()
    elif isinstance(field, fields.Nested):
        yield from NO_OBJECT
        yield from _wrong_object(field)
    elif isinstance(field, fields.List):
        yield from _wrong_list(field)
    else:
        yield from _wrong_plain(field)


def _wrong_plain(field: fields.Field[Any]) -> Iterator[Any]:
    for kind, values in BY_KIND.items():
        if isinstance(field, kind):
            yield from values
    if isinstance(field, Text):
        yield from [*NEVER_TEXT, *CONTROLS, *BLANK, "x" * (field.longest + 1)]


def _wrong_external_ids() -> Iterator[Any]:
    for scheme in ("", "A", "1a", "a b", "a/b", "a:b", "a\n", "x" * 41, "../x", "é", "a\x00"):
        yield {scheme: "1"}
    for value in (None, *NEVER_TEXT, *CONTROLS, *BLANK, "x" * 151):
        yield {"scheme": value}
    yield {f"a{number}": "1" for number in range(51)}


def _wrong_translations(field: fields.Dict) -> Iterator[Any]:
    yield from NO_OBJECT
    for lang in BY_KIND[LanguageTag]:
        yield {lang: {}}
    for value in (None, "a", 5, [], {"nothing": "a"}):
        yield {"uk": value}
    inner: Any = field.value_field
    for name, each in inner.schema.fields.items():
        for value in wrong(each):
            yield {"uk": {name: value}}


def _wrong_list(field: fields.List[Any]) -> Iterator[Any]:
    yield from NO_LIST
    for value in wrong(field.inner):
        yield [value]
    if isinstance(field.inner, fields.Nested):
        yield [{}, 5]
    elif isinstance(field, Unique):
        good = "uk" if isinstance(field.inner, LanguageTag) else "a"
        yield [good, good]
        yield [f"a{number}" for number in range(201)]


def _wrong_object(field: fields.Nested) -> Iterator[Any]:
    schema = field.schema
    for name, each in schema.fields.items():
        for value in wrong(each):
            yield {each.data_key or name: value}
    yield {"nothing": 1}

"""The query grammar: raw names and values into a `Query`, or every fault at once."""

import math
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError

from ..errors import BadQuery, Fault
from ..schemas.dates import days
from ..schemas.fields import FORBIDDEN, nearest
from ..schemas.standards import LANGUAGE
from ..services.collection import Collection, Filter, FilterKind
from ..services.listing import includable
from ..services.projection import ALL_LANGUAGES
from ..services.query import Query
from ..services.terms import read_terms
from .cursors import read_cursor

LIMIT, MOST = 50, 200
MOST_VALUES = 100
MOST_LANGUAGES = 10
LISTING = ("q", "sort", "limit", "cursor")

Raw = Iterable[tuple[str, str]]
Read = dict[str, Any]


def read_list_query(collection: Collection, raw: Raw) -> Query:
    """Read the parameters of a list."""
    filters = collection.filters
    some = {"bbox": "latitude" in collection.fields, "facets": collection.facets}
    offered = [name for name, there in some.items() if there]
    given = once(raw, (*filters, *LISTING, *offered, *showing(collection)))
    reader = Reader(given)
    narrowed = tuple(
        (name, values)
        for name in sorted(filters)
        if (values := reader.read(name, lambda text, f=filters[name]: _values(f, text)))
    )
    terms = reader.read("q", read_terms_of)
    sorts = [sign + key for key in collection.sorts for sign in ("", "-")]
    query = Query(
        filters=narrowed,
        bbox=reader.read("bbox", read_bbox),
        terms=terms,
        sort=reader.read("sort", lambda text: one_of(text, sorts)) or (None if terms else "id"),
        limit=reader.read("limit", lambda text: _limit(text, "facets" in given), LIMIT),
        facets=reader.read("facets", lambda text: some_of(text, collection.facets), ()),
        **_showing(collection, reader),
    )
    after = reader.read("cursor", lambda text: read_cursor(collection, query, text))
    reader.finish()
    return replace(query, after=after)


def read_single_query(collection: Collection, raw: Raw) -> Query:
    """Read the parameters of one record."""
    reader = Reader(once(raw, showing(collection)))
    query = Query(**_showing(collection, reader))
    reader.finish()
    return query


def showing(collection: Collection) -> tuple[str, ...]:
    """Return the parameters that choose what is shown of a record."""
    return ("fields", "lang", "include") if includable(collection) else ("fields", "lang")


def read_lang_query(raw: Raw) -> Query:
    """Read the parameters of an answer that can only be asked for in languages."""
    reader = Reader(once(raw, ("lang",)))
    query = Query(langs=reader.read("lang", read_langs, ()))
    reader.finish()
    return query


def _showing(collection: Collection, reader: "Reader") -> Read:
    shown = ("url", "created_at", "updated_at", "version", *collection.fields)
    return {
        "fields": reader.read("fields", lambda text: some_of(text, shown)),
        "include": reader.read("include", lambda text: some_of(text, includable(collection)), ()),
        "langs": reader.read("lang", read_langs, ()),
    }


class Reader:
    """Reads values one by one and keeps their faults, so that all are told at once."""

    def __init__(self, given: dict[str, str]) -> None:
        self.given = given
        self.faults: list[Fault] = []

    def read(self, name: str, parse: Any, default: Any = None) -> Any:
        """Return the parsed value of a parameter, or the default when it is not given."""
        text = self.given.get(name)
        if text is None:
            return default
        try:
            if FORBIDDEN.search(text) or "\ufffd" in text:
                raise ValidationError("holds a character that cannot stand here, or is not UTF-8")
            return parse(text)
        except BadQuery as error:
            if error.code != BadQuery.code:
                raise
            self.faults += error.faults
        except ValidationError as error:
            details = error.messages if isinstance(error.messages, list) else [str(error)]
            self.faults += [Fault(str(each), parameter=name) for each in details]
        return default

    def finish(self) -> None:
        """Raise BadQuery when anything was wrong."""
        if self.faults:
            raise BadQuery("The query has faults; `errors` lists them.", tuple(self.faults))


def once(raw: Raw, allowed: Iterable[str]) -> dict[str, str]:
    """Return name → value; unknown and repeated names are faults."""
    given: dict[str, str] = {}
    faults = []
    names = list(allowed)
    for name, value in raw:
        if name not in names:
            listed = ", ".join(sorted(names))
            hint = nearest(name, names)
            detail = f"there is no such parameter.{hint} There are: {listed or 'none'}"
            faults.append(Fault(detail, parameter=name[:100]))
        elif name in given:
            faults.append(Fault("stands here twice; join values by commas", parameter=name))
        given[name] = value
    if faults:
        raise BadQuery("The query has faults; `errors` lists them.", tuple(faults))
    return given


def some_of(text: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Read names that are joined by commas, each one of the allowed."""
    return tuple(dict.fromkeys(one_of(each, allowed) for each in text.split(",")))


def one_of(text: str, allowed: Iterable[str]) -> str:
    """Read one of the allowed names."""
    names = list(allowed)
    if text not in names:
        hint = nearest(text, names)
        raise ValidationError(f"{text[:100]!r} is not one of {', '.join(names)}.{hint}")
    return text


def read_terms_of(text: str) -> Any:
    """Read `q`."""
    if not text.strip():
        raise ValidationError("must not be blank")
    return read_terms(text)


def read_langs(text: str) -> tuple[str, ...]:
    """Read language tags in order of preference, or `*` alone."""
    langs = text.split(",")
    if ALL_LANGUAGES in langs and len(langs) > 1:
        raise ValidationError("* stands alone")
    if len(langs) > MOST_LANGUAGES:
        raise ValidationError(f"at most {MOST_LANGUAGES} languages")
    for lang in langs:
        if lang != ALL_LANGUAGES and not re.fullmatch(LANGUAGE, lang):
            raise ValidationError(f"{lang[:40]!r} is not a language tag (BCP 47) like en or uk")
    return tuple(langs)


def read_bbox(text: str) -> tuple[float, ...]:
    """Read `min_lon,min_lat,max_lon,max_lat`; a box may cross the 180th meridian."""
    try:
        west, south, east, north = box = tuple(float(each) for each in text.split(","))
    except ValueError:
        raise ValidationError("must be four numbers: min_lon,min_lat,max_lon,max_lat") from None
    if not all(map(math.isfinite, box)) or max(abs(west), abs(east)) > 180:
        raise ValidationError("longitudes lie between -180 and 180")
    if not -90 <= south <= north <= 90:
        raise ValidationError("latitudes lie between -90 and 90, the smaller first")
    return box


def read_limit(text: str, least: int = 1) -> int:
    """Read the size of a page."""
    if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= MOST:
        raise ValidationError(f"must be a whole number from {least} to {MOST}")
    return int(text)


def _limit(text: str, counts_only: bool) -> int:
    if text == "0" and not counts_only:
        raise ValidationError("0 needs `facets`; else from 1 to 200")
    return read_limit(text, 0)


def _values(narrowed: Filter, text: str) -> tuple[Any, ...]:
    if narrowed.kind is FilterKind.SINCE:
        return (read_moment(text),)
    if narrowed.kind in (FilterKind.FROM, FilterKind.TO):
        first, last = days(narrowed.value.deserialize(text))
        return (first if narrowed.kind is FilterKind.FROM else last,)
    texts = text.split(",")
    if len(texts) > MOST_VALUES:
        raise ValidationError(f"at most {MOST_VALUES} values")
    if narrowed.field == "external_ids" and not all(
        re.fullmatch(r"[a-z][a-z0-9_]*:.{1,150}", each) for each in texts
    ):
        raise ValidationError("must be scheme:value, like unece_event:359406")
    return tuple(dict.fromkeys(narrowed.value.deserialize(each) for each in texts))


def read_moment(text: str) -> datetime:
    """Read a moment as RFC 3339 spells it, or a day (its first second, UTC)."""
    try:
        found = datetime.fromisoformat(text.upper())
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValidationError(
            "must be a day or a moment, like 2026-11-22 or 2026-11-22T08:00:00Z"
        ) from None

"""Single values of the query grammar, each read from its text or refused with a sentence."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError

from ..schemas.dates import days
from ..schemas.fields import nearest
from ..schemas.standards import LANGUAGE, LanguageTag
from ..services.collection import Filter, FilterKind
from ..services.projection import ALL_LANGUAGES
from ..services.terms import read_terms

_DAY = "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
_OFFSET = "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
MOMENT = f"^{_DAY}([Tt ]{_CLOCK}{_OFFSET}?)?$"
LONGEST_MOMENT = 32
"""So long is a moment that `MOMENT` allows, at the most."""
MOST = 200
MOST_VALUES = 100
MOST_LANGUAGES = 10


def some_of(text: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Read names that are joined by commas, each one of the allowed; repeats count once."""
    names, asked = list(allowed), text.split(",")
    if len(asked) > len(names):
        raise ValidationError(f"at most {len(names)} names")
    return tuple(dict.fromkeys(one_of(each, names) for each in asked))


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
        is_tag = len(lang) <= LanguageTag.longest and re.fullmatch(LANGUAGE, lang)
        if lang != ALL_LANGUAGES and not is_tag:
            raise ValidationError(f"{lang[:40]!r} is not a language tag (BCP 47) like en or uk")
    return tuple(langs)


def read_some_langs(text: str) -> tuple[str, ...]:
    """Read language tags in order of preference, for an answer that is in one language."""
    langs = read_langs(text)
    if langs == (ALL_LANGUAGES,):
        raise ValidationError("* is for JSON; here a record is in one language")
    return langs


def read_bbox(text: str) -> tuple[float, ...]:
    """Read `min_lon,min_lat,max_lon,max_lat`; a box may cross the 180th meridian."""
    try:
        west, south, east, north = box = tuple(_number(each) for each in text.split(","))
    except ValueError:
        raise ValidationError("must be four numbers: min_lon,min_lat,max_lon,max_lat") from None
    if max(abs(west), abs(east)) > 180:
        raise ValidationError("longitudes lie between -180 and 180")
    if not -90 <= south <= north <= 90:
        raise ValidationError("latitudes lie between -90 and 90, the smaller first")
    return box


def _number(text: str) -> float:
    if not re.fullmatch(r"-?[0-9]{1,4}(\.[0-9]{1,20})?", text):
        raise ValueError
    return float(text)


def read_limit(text: str, least: int = 1) -> int:
    """Read the size of a page."""
    if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= MOST:
        raise ValidationError(f"must be a whole number from {least} to {MOST}")
    return int(text)


def read_list_limit(text: str, counts_only: bool) -> int:
    """Read the size of a page; 0 only where nothing but counts is wanted."""
    if not counts_only and re.fullmatch("0{1,6}", text):
        raise ValidationError("0 needs `facets`; else from 1 to 200")
    return read_limit(text, 0 if counts_only else 1)


def read_filter(narrowed: Filter, text: str) -> tuple[Any, ...]:
    """Read the values of a filter."""
    if narrowed.kind is FilterKind.SINCE:
        return (read_moment(text),)
    if narrowed.kind in (FilterKind.FROM, FilterKind.TO):
        first, last = days(narrowed.value.deserialize(text))
        return (first if narrowed.kind is FilterKind.FROM else last,)
    texts = text.split(",")
    if not all(each.strip() for each in texts):
        raise ValidationError("has an empty value; leave the parameter out, or a comma")
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
        if not re.fullmatch(MOMENT, text, re.ASCII):
            raise ValueError
        found = datetime.fromisoformat(text.upper())
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValidationError(
            "must be a day or a moment, like 2026-11-22 or 2026-11-22T08:00:00Z"
        ) from None


def read_version(text: str) -> int:
    """Read the number of a version."""
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        raise ValidationError("must be the number of a version, from 1")
    return int(text)

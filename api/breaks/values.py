"""What a single value may be, in two documents: closed lists, limits, patterns and formats."""

from collections.abc import Iterator
from typing import Any

from .findings import Finding, Place
from .kinds import Kind
from .shapes import LOWER, UPPER, Schema

FORMATS = ("format", "contentEncoding", "contentMediaType")
CONDITIONS = (
    "not",
    "if",
    "then",
    "else",
    "contains",
    "prefixItems",
    "propertyNames",
    "patternProperties",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedItems",
    "unevaluatedProperties",
)


def compare_values(old: Schema, new: Schema, at: Place, sent: bool) -> Iterator[Finding]:
    """Yield the breaks between two alternatives of one type, but for what they hold within."""
    yield from _closed_list(old, new, at, sent)
    yield from _open_list(old, new, at)
    yield from _limits(old, new, at, sent)
    yield from _pattern(old, new, at, sent)
    for word in FORMATS:
        if old.get(word) != new.get(word):
            detail = f"has {word} {_or_none(new.get(word))}; it was {_or_none(old.get(word))}"
            yield Finding(at, Kind.FORMAT_CHANGED, detail)
    for word in CONDITIONS:
        stricter, looser = (new, old) if sent else (old, new)
        if word in stricter and stricter[word] != looser.get(word):
            yield Finding(at, Kind.CONDITION_CHANGED, f"has another `{word}`")


def _or_none(value: Any) -> Any:
    return "none" if value is None else value


def _some(values: list[Any]) -> str:
    return ", ".join(repr(each) for each in values)


def _closed_list(old: Schema, new: Schema, at: Place, sent: bool) -> Iterator[Finding]:
    before, after = old.get("enum"), new.get("enum")
    if sent and after is not None:
        gone = "all but a closed list" if before is None else _missing(before, after)
        if gone:
            yield Finding(at, Kind.ENUM_NARROWED, f"no longer takes {gone}")
    elif not sent and before is not None:
        added = "anything" if after is None else _missing(after, before)
        if added:
            yield Finding(at, Kind.ENUM_WIDENED, f"may now be {added}")


def _missing(some: list[Any], others: list[Any]) -> str:
    return _some([each for each in some if each not in others])


def _open_list(old: Schema, new: Schema, at: Place) -> Iterator[Finding]:
    gone = _missing(old.get("x-extensible-enum", []), new.get("x-extensible-enum", []))
    if gone:
        yield Finding(at, Kind.KNOWN_VALUE_REMOVED, f"no longer knows {gone}")


def _limits(old: Schema, new: Schema, at: Place, sent: bool) -> Iterator[Finding]:
    tight, loose = (new, old) if sent else (old, new)
    kind = Kind.LIMIT_TIGHTENED if sent else Kind.LIMIT_LOOSENED
    for word in (*LOWER, *UPPER, "multipleOf", "uniqueItems"):
        if _is_tighter(word, tight.get(word), loose.get(word)):
            detail = f"has {word} {_or_none(new.get(word))}; it was {_or_none(old.get(word))}"
            yield Finding(at, kind, detail)


def _is_tighter(word: str, limit: Any, than: Any) -> bool:
    if limit is None or limit is False or limit == than:
        return False
    if than is None or than is False:
        return word not in ("minLength", "minItems", "minProperties") or limit > 0
    if word == "multipleOf":
        return bool(than % limit)
    return bool(limit > than if word in LOWER else limit < than)


def _pattern(old: Schema, new: Schema, at: Place, sent: bool) -> Iterator[Finding]:
    stricter, looser = (new, old) if sent else (old, new)
    if "pattern" in stricter and stricter["pattern"] != looser.get("pattern"):
        kind = Kind.PATTERN_TIGHTENED if sent else Kind.PATTERN_LOOSENED
        detail = (
            f"has pattern {_or_none(new.get('pattern'))}; it was {_or_none(old.get('pattern'))}"
        )
        yield Finding(at, kind, detail)

"""The kinds of value that records hold. Loading checks a value and returns plain JSON data."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# PostgreSQL stores no NUL, JSON no lone surrogate; other controls have no place in prose.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Return a sentence that offers the nearest allowed name, or "" when none is near."""
    by_fold = {each.casefold(): each for each in allowed}
    close = difflib.get_close_matches(name.casefold(), by_fold, 1, 0.6)
    return f" Did you mean {by_fold[close[0]]}?" if close else ""


def whole(pattern: str) -> re.Pattern[str]:
    """Return a pattern of the contract compiled so that `$` is the very end of the text."""
    return re.compile(pattern.removesuffix("$") + r"\Z", re.ASCII)


class Text(fields.String):
    """Text of 1 to `longest` characters without control characters (line breaks are allowed)."""

    longest = 20_000

    def __init__(self, longest: int | None = None, **kwargs: Any) -> None:
        self.longest = longest or self.longest
        wrong = f"must have at most {self.longest:,} characters"
        checks = [validate.Length(1, self.longest, error=wrong), *kwargs.pop("checks", ())]
        super().__init__(validate=checks, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(f"must be text{_quote_hint(value)}")
        if FORBIDDEN.search(value):
            raise ValidationError("holds a character that text cannot have (a control character)")
        if not value[:1].isalnum() and _is_blank(value):
            raise ValidationError("must not be blank; leave it out or write null instead")
        return value


def _is_blank(value: str) -> bool:
    return all(each.isspace() or unicodedata.category(each) == "Cf" for each in value)


def _quote_hint(value: Any) -> str:
    is_plain = isinstance(value, int | float) and not isinstance(value, bool)
    return ', not a number (write it in quotes: "…")' if is_plain else ""


class Patterned(Text):
    """Text of one fixed form without control characters; `wrong` says in plain words which."""

    pattern = ""
    wrong = ""
    longest = 200

    def __init__(self, **kwargs: Any) -> None:
        self.whole = whole(self.pattern)
        check = validate.Regexp(self.whole, error=self.wrong)
        super().__init__(self.longest, checks=[check], **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        if not self.whole.match(found):
            raise ValidationError(self.wrong)  # at once, so that no check of length adds to it
        return found


class Slug(Patterned):
    """An id: words of `[a-z0-9]` joined by single hyphens."""

    pattern, longest = SLUG, 80
    wrong = "must be words of a-z and 0-9 joined by single hyphens, like kharkiv or hoi-an"


class Reference(Slug):
    """The id of a record of `collection`."""

    def __init__(self, collection: str, **kwargs: Any) -> None:
        self.collection = collection
        super().__init__(**kwargs)


class Unique(fields.List[Any]):
    """A list in which no value stands twice."""

    def __init__(self, inner: fields.Field[Any], longest: int = 200, **kwargs: Any) -> None:
        kwargs.setdefault("load_default", list)
        self.longest = longest
        super().__init__(inner, validate=validate.Length(max=longest), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, str | Mapping):
            raise ValidationError("must be a list")
        if isinstance(value, list) and len(value) > self.longest:
            raise ValidationError(f"must have at most {self.longest} values")
        found: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        if len(set(found)) == len(found):
            return found
        places: dict[Any, int] = {}
        for number, each in enumerate(found):
            places.setdefault(each, number)
        twice = {
            number: ["stands here twice"]
            for number, each in enumerate(found)
            if places[each] != number
        }
        if twice:
            raise ValidationError(twice)
        return found


class Objects(fields.List[Any]):
    """A list of objects of one shape, in an order that tells."""

    def __init__(self, shape: type[Schema], longest: int = 200, **kwargs: Any) -> None:
        self.longest = longest
        if not kwargs.get("required"):
            kwargs.setdefault("load_default", list)
        checks = validate.Length(max=longest)
        super().__init__(fields.Nested(shape), validate=checks, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self.longest:
            raise ValidationError(f"must have at most {self.longest} entries")
        found: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        return found


class References(Unique):
    """Ids of records of `collection`, in the order that matters to the reader."""

    def __init__(self, collection: str, **kwargs: Any) -> None:
        self.collection = collection
        super().__init__(Slug(), **kwargs)


class Code(fields.String):
    """One value of a closed list; the contract shows the list as a component of its own."""

    def __init__(self, codes: type[StrEnum], **kwargs: Any) -> None:
        self.codes = codes
        self.allowed = [code.value for code in codes]
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if value not in self.allowed:
            hint = nearest(str(value), self.allowed)
            raise ValidationError(f"must be one of {', '.join(self.allowed)}.{hint}")
        return str(value)


class Whole(fields.Integer):
    """A whole number from `least` to `most`."""

    def __init__(self, least: int = 0, most: int = 2**31 - 1, **kwargs: Any) -> None:
        wrong = f"must be from {least} to {most}"
        check = validate.Range(least, most, error=wrong)
        super().__init__(strict=True, validate=check, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError("must be a whole number")
        return value


class Long(Whole):
    """A whole number that may need more than 32 bits; JSON readers take up to 2^53 exactly."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(0, 2**53 - 1, **kwargs)


class ExternalIds(fields.Dict):
    """What other systems call the record: scheme → value, like unece_event → 359406."""

    def __init__(self, **kwargs: Any) -> None:
        wrong = "a scheme is a-z, 0-9 and _, beginning with a letter"
        scheme = fields.String(
            validate=[
                validate.Length(max=40),
                validate.Regexp(whole(r"^[a-z][a-z0-9_]*$"), error=wrong),
            ]
        )
        super().__init__(
            keys=scheme,
            values=Text(150),
            load_default=dict,
            validate=validate.Length(max=50),
            **kwargs,
        )

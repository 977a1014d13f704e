"""Values whose form or list another body keeps: IANA, IETF, ISO, UNECE."""

import re
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import iso3166
import langcodes
from marshmallow import ValidationError, fields, validate

from .fields import Patterned, Text, nearest

LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
TIME_ZONES = frozenset(available_timezones())


class Url(Text):
    """An absolute http or https address (RFC 3986, ASCII)."""

    longest = 2_000

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        try:
            parts = urlsplit(found)
            good = parts.scheme in ("http", "https") and bool(parts.hostname)
            _ = parts.port
        except ValueError:
            good = False
        if not good or not re.fullmatch(r"[!-;=?-Z\[\]_a-z~]+", found):
            raise ValidationError(
                "must be an absolute address like https://example.org/page "
                "(spaces and non-ASCII letters percent-encoded)"
            )
        return found


class LanguageTag(Patterned):
    """A language tag (BCP 47), well-formed."""

    pattern, longest = LANGUAGE, 35
    wrong = "must be a language tag (BCP 47) like en, uk or sr-Latn"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        try:
            return langcodes.standardize_tag(found)
        except langcodes.LanguageTagError:
            return found


class Language(LanguageTag):
    """A language tag whose parts are all registered: `en`, `uk`, `sr-Latn`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(LANGUAGE.strip("^$"), found) or not langcodes.tag_is_valid(found):
            raise ValidationError(self.wrong)
        return found


class Country(Patterned):
    """A country code (ISO 3166-1 alpha-2)."""

    pattern, longest = r"^[A-Z]{2}$", 2
    wrong = "must be a country code of two capitals (ISO 3166-1 alpha-2), like UA"
    codes = frozenset(iso3166.countries_by_alpha2)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        if found not in self.codes:
            raise ValidationError(self.wrong + "." + nearest(found, self.codes))
        return found


class Subdivision(Patterned):
    """A country subdivision code (ISO 3166-2), of the record's own country."""

    pattern, longest = r"^[A-Z]{2}-[A-Z0-9]{1,3}$", 6
    wrong = "must be a subdivision code (ISO 3166-2), like UA-63"


class Unlocode(Patterned):
    """A UN/LOCODE without the space, of the record's own country."""

    pattern, longest = r"^[A-Z]{2}[A-Z2-9]{3}$", 5
    wrong = "must be a UN/LOCODE of five characters without a space, like UAHRK"


class TimeZone(Text):
    """A time zone of the IANA database, as the tzdata package has it."""

    longest = 64

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        if found not in TIME_ZONES:
            hint = nearest(found, TIME_ZONES)
            raise ValidationError(f"is not a time zone of the IANA database.{hint}")
        return found


class MediaType(Patterned):
    """A media type (RFC 6838) without parameters."""

    pattern = r"^[a-z]+/[a-z0-9][a-z0-9!#$&^_.+-]*$"
    longest = 127
    wrong = "must be a media type like application/pdf"


class Sha256(Patterned):
    """A SHA-256 digest in lower-case hexadecimal."""

    pattern, longest = r"^[0-9a-f]{64}$", 64
    wrong = "must be 64 hexadecimal digits in lower case"


class Degrees(fields.Float):
    """Degrees of arc, WGS 84, from minus `most` to `most`."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        check = validate.Range(-most, most, error=f"must lie between -{most} and {most}")
        super().__init__(validate=check, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
            raise ValidationError("must be a number")
        return float(value) if abs(value) <= 1000 else 1000.0

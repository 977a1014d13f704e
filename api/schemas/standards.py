"""Values whose form or list another body keeps: IANA, IETF, ISO, UNECE."""

import re
from functools import lru_cache
from ipaddress import ip_address
from mimetypes import MimeTypes
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import iso3166
import langcodes
from marshmallow import ValidationError, fields, validate

from .fields import Patterned, Text, nearest

LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
MEDIA_TYPES = frozenset(
    {
        *MimeTypes(filenames=()).types_map[True].values(),
        *(f"{_OFFICE}{each}" for each in ("wordprocessingml.document", "spreadsheetml.sheet")),
        f"{_OFFICE}presentationml.presentation",
        *(f"{_OPEN}{each}" for each in ("text", "spreadsheet", "presentation")),
        *("application/epub+zip", "application/geo+json", "application/ld+json", "text/markdown"),
        *("application/rtf", "application/yaml", "image/webp", "image/avif", "video/webm"),
    }
)
"""Those of the standard library, without the host's own list, and others of the IANA registry that
documents come in."""
TIME_ZONES = frozenset(available_timezones())


class Url(Text):
    """An absolute http or https address (RFC 3986, ASCII)."""

    longest = 2_000

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        if not _is_address(found):
            raise ValidationError(
                "must be an absolute address like https://example.org/page "
                "(spaces and non-ASCII letters percent-encoded)"
            )
        return found


_IN_ADDRESSES = r"(?:[!#$&-;=?-Z\[\]_a-z~]|%[0-9A-Fa-f]{2})"
_ADDRESS = re.compile(f"{_IN_ADDRESSES}+")
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_USUAL = re.compile(f"https?://(?=[^/]{{1,253}}/)(?:{_LABEL}\\.)+[a-z]{{2,63}}/{_IN_ADDRESSES}*")
"""Most addresses: a host with a name, in lower case, and a path."""


@lru_cache(maxsize=4_096)  # many records name one page
def _is_address(text: str) -> bool:
    if _USUAL.fullmatch(text):
        return True
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and "@" not in parts.netloc
        good = good and _is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        good = False
    return good and _ADDRESS.fullmatch(text) is not None


@lru_cache(maxsize=4_096)
def _is_host(host: str) -> bool:
    """Tell whether a text is a host name (RFC 1123) or an address."""
    try:
        return bool(ip_address(host))
    except ValueError:
        labels = host.removesuffix(".").split(".")
        good = all(re.fullmatch(r"(?!-)[a-z0-9-]{1,63}(?<!-)", each) for each in labels)
        return good and not labels[-1].isdigit() and len(host) <= 253


class LanguageTag(Patterned):
    """A language tag (BCP 47), well-formed."""

    pattern, longest = LANGUAGE, 35
    wrong = "must be a language tag (BCP 47) like en, uk or sr-Latn"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        return _standard_tag(found)


@lru_cache(maxsize=1_024)
def _standard_tag(tag: str) -> str:
    try:
        return langcodes.standardize_tag(tag)
    except langcodes.LanguageTagError:
        return tag


_is_registered = lru_cache(maxsize=1_024)(langcodes.tag_is_valid)


class Language(LanguageTag):
    """A language tag whose parts are all registered: `en`, `uk`, `sr-Latn`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        if not _is_registered(found):
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
            hint = nearest(found, self.codes)
            raise ValidationError(f"{found} is the code of no country (ISO 3166-1).{hint}")
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
    """A media type (RFC 6838) without parameters, one that Python or the list above knows."""

    pattern = r"^[a-z]+/[a-z0-9][a-z0-9!#$&^_.+-]*$"
    longest = 127
    wrong = "must be a media type like application/pdf"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        if found not in MEDIA_TYPES:
            raise ValidationError(
                f"is no media type that is known here.{nearest(found, MEDIA_TYPES)}"
            )
        return found


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

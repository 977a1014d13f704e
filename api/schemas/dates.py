"""Dates as sources give them, and moments."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from marshmallow import ValidationError, fields, validate

from .fields import Patterned

PARTIAL_DATE = r"^[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
DATE_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$", re.ASCII)


class PartialDate(Patterned):
    """A year, month or day as the source gives it: `2020`, `2020-07`, `2020-07-15` (EDTF 0)."""

    pattern, longest = PARTIAL_DATE, 10
    wrong = "must be a date like 2020, 2020-07 or 2020-07-15"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        days(found)
        return found


@lru_cache(4_096)
def days(partial: str) -> tuple[date, date]:
    """Return the first and the last day that a partial date can mean.

    A day that no calendar has (2021-02-30, year 0000) is a ValidationError.
    """
    year, month, day = (*map(int, partial.split("-")), 0, 0)[:3]
    try:
        first = date(year, month or 1, day or 1)
        last = day or monthrange(year, month or 12)[1]
        return first, date(year, month or 12, last)
    except ValueError:
        raise ValidationError("is not a day of the calendar") from None


class OffsetDateTime(fields.String):
    """A moment with its offset from UTC, RFC 3339: `2021-09-03T11:00:00+02:00`."""

    longest = 32

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(max=self.longest), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not DATE_TIME.fullmatch(value):
            raise ValidationError(
                "must be a date and time with its offset, like 2021-09-03T11:00:00+02:00"
            )
        moment(value)
        return value


@lru_cache(4_096)
def moment(value: str) -> datetime:
    """Return the instant of an RFC 3339 date-time; an impossible one is a ValidationError."""
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValidationError("is not a moment of the calendar") from None

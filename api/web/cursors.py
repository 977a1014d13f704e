"""Cursors: where a walk goes on, as text that only we read, bound to the query it came from."""

import base64
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any

import orjson
from marshmallow import ValidationError
from sqlalchemy import Column, Date

from ..errors import CursorExpired
from ..models.base import Instant
from ..schemas.fields import FORBIDDEN
from ..services.changes import Mark
from ..services.collection import Collection
from ..services.query import WINDOW, After, Query

LONGEST = 4_000


def bound_to(*asked: object) -> str:
    """Return a short digest of what a cursor belongs to."""
    return blake2b(repr(asked).encode(), digest_size=6).hexdigest()


def _query_of(collection_name: str, query: Query) -> str:
    return bound_to(collection_name, query.filters, query.bbox, query.terms, query.sort)


def pack(parts: list[Any]) -> str:
    """Return JSON data as the text of a cursor."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


def unpack(text: str, size: int) -> list[Any]:
    """Return the parts of a cursor; ValidationError when it is none of ours."""
    try:
        if len(text) > LONGEST:
            raise ValueError
        parts = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
        if not isinstance(parts, list) or len(parts) != size:
            raise ValueError
    except ValueError:
        raise ValidationError("is not a cursor of this list; take it from `next_cursor`") from None
    return parts


def write_cursor(collection_name: str, query: Query, after: After | None, mark: Mark) -> str | None:
    """Return the cursor of the next page; None when there is none.

    Best first, the place is an offset, and holds only while the collection does not change.
    """
    if after is None:
        return None
    bound = _query_of(collection_name, query)
    if query.sort is None:
        return pack([bound, after.offset, f"{mark.epoch}.{mark.seq}"])
    return pack([bound, after.value, after.id])


def read_cursor(collection: Collection, query: Query, text: str) -> After:
    """Return where a page begins. The mark of a best-first cursor is checked by `still_valid`."""
    bound, place, last = unpack(text, 3)
    if bound != _query_of(collection.name, query):
        raise ValidationError("belongs to another query; filters, q and sort must stay the same")
    if query.sort is None:
        if not isinstance(place, int) or not 0 < place < WINDOW or not isinstance(last, str):
            raise ValidationError("is not a cursor of this list")
        return After(value=last, offset=place)
    up, down = collection.sorts[query.key]
    try:
        value = _sort_value(down if query.descending else up, place)
        if not isinstance(last, str) or FORBIDDEN.search(f"{place}{last}"):
            raise ValueError
    except (ValueError, OverflowError):
        raise ValidationError("is not a cursor of this list") from None
    return After(value=value, id=last)


def still_valid(query: Query, mark: Mark) -> None:
    """Raise CursorExpired when a best-first list has changed since its cursor was given."""
    if query.sort is None and query.after and query.after.value != f"{mark.epoch}.{mark.seq}":
        raise expired()


def expired() -> CursorExpired:
    """Return the error for a best-first cursor from before the last change."""
    return CursorExpired(
        "The records have changed since this list was begun. Begin it again; "
        "on a list, give `sort` for a walk that changes do not disturb."
    )


def _sort_value(column: Column[Any], spelled: Any) -> Any:
    """Return a cursor's sort value as the column's type has it; ValueError when it cannot be."""
    if not isinstance(spelled, str):
        raise ValueError("a sort value is text")
    if isinstance(column.type, Date):
        return date.fromisoformat(spelled)
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(spelled).astimezone(UTC)
    return spelled

"""JSON that says everything once, and nothing that is not JSON (RFC 8259)."""

import json
from collections import Counter
from typing import Any

import orjson

from ..errors import MalformedBody


def strict_json(raw: bytes) -> Any:
    """Return JSON as data; nothing is repaired, and no name may stand twice in an object."""
    try:
        found = orjson.loads(raw)  # strict of UTF-8, numbers and surrogates; json.loads is not
        return found if _kept_all(raw, found) else json.loads(raw, object_pairs_hook=_once)
    except MalformedBody:
        raise
    except (ValueError, RecursionError) as error:
        raise MalformedBody(f"The body is not JSON: {str(error)[:200]}") from None


def _kept_all(raw: bytes, found: Any) -> bool:
    """Tell whether it is sure that nothing was lost: what is written again in the same bytes, as
    snapshots are. Others are read a second time.
    """
    try:
        return orjson.dumps(found) == raw.strip(BLANK)
    except TypeError:  # nested deeper than orjson writes
        return False


BLANK = b" \t\n\r"
"""What may stand around a value (RFC 8259, section 2)."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise MalformedBody(f"{twice[:100]!r} stands twice in one object.")
    return found

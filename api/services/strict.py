"""JSON that says everything once, and nothing that is not JSON (RFC 8259)."""

import json
import re
from collections import Counter
from typing import Any

import orjson

from ..errors import MalformedBody

_NAMES = re.compile(rb'"\s*:')


def strict_json(raw: bytes) -> Any:
    """Return JSON as data; nothing is repaired, and no name may stand twice in an object."""
    try:
        found = orjson.loads(raw)  # strict of UTF-8, numbers and surrogates; json.loads is not
        if b"\\" not in raw and len(_NAMES.findall(raw)) == orjson.dumps(found).count(b'":'):
            return found  # no text holds a quote, and no name that stands there was lost
        return json.loads(raw, object_pairs_hook=_once)
    except MalformedBody:
        raise
    except (ValueError, RecursionError) as error:
        raise MalformedBody(f"The body is not JSON: {str(error)[:200]}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise MalformedBody(f"{twice[:100]!r} stands twice in one object.")
    return found

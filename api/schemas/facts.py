"""What is said once on a schema field: how lists use it, and whether it is translated."""

from dataclasses import dataclass
from typing import Any

from marshmallow import fields


@dataclass(frozen=True)
class Facts:
    """How a field takes part in the query grammar.

    `filter`: the query parameter that narrows lists by this field (a date field `starts` gives
    the two parameters `starts_from` and `starts_to`); `facet`: whether it can be counted;
    `sort`: whether lists can be sorted by it; `weight`: "A" (names) or "B" (prose) when its
    text is searched; `translated`: whether `translations` may hold it; `example`: one value;
    `since`: the minor version of the contract that it came with, so that tables have it last.
    """

    filter: str | None = None
    facet: bool = False
    sort: bool = False
    weight: str | None = None
    translated: bool = False
    since: int = 0


NOTHING = Facts()


def facts(description: str, *, example: Any = None, **said: Any) -> dict[str, Any]:
    """Return marshmallow metadata: the sentence for the contract, and the facts."""
    metadata = {"description": description, "facts": Facts(**said)}
    return metadata if example is None else {**metadata, "examples": [example]}


def facts_of(field: fields.Field[Any]) -> Facts:
    """Return what was said on a field."""
    found: Facts = field.metadata.get("facts", NOTHING)
    return found

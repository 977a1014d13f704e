"""A list's question as data: what is asked (its shape), and the values it is asked with."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from ..models import Change
from .terms import Term


class Unread(FunctionElement[Any]):
    """A text as its bytes where the driver can give them: what is sent on need not be decoded."""

    inherit_cache = True


@compiles(Unread)
def _as_it_is(element: Unread, compiler: Any, **more: Any) -> str:
    text: str = compiler.process(element.clauses, **more)
    return text


@compiles(Unread, "sqlite")
def _as_bytes(element: Unread, compiler: Any, **more: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **more)} AS BLOB)"


SNAPSHOT = Change.__table__.c.snapshot
UNREAD = Unread(SNAPSHOT)
JOURNAL_SEQ = Change.__table__.c.seq
WINDOW = 1_000
"""How many of the best matches can be paged through, best first."""
SIDES = ("west", "south", "east", "north")


@dataclass(frozen=True)
class After:
    """Where the next page begins: past this sort value and id, or (best first) at an offset."""

    value: Any = None
    id: str = ""
    offset: int = 0


@dataclass(frozen=True)
class Query:
    """What a list is asked for. `filters` holds parsed values; `sort` is None for best first."""

    filters: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    bbox: tuple[float, float, float, float] | None = None
    terms: tuple[Term, ...] | None = None
    sort: str | None = "id"
    limit: int = 50
    after: After | None = None
    fields: tuple[str, ...] | None = None
    include: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    narrowest: str | None = None
    """Of several filters by lists, the one that fits the fewest records (see `conditions`)."""

    @property
    def key(self) -> str:
        """The sort key without its direction."""
        return (self.sort or "").lstrip("-")

    @property
    def descending(self) -> bool:
        """Whether the list runs downwards."""
        return (self.sort or "").startswith("-")

    @property
    def across(self) -> bool:
        """Whether the box crosses the 180th meridian."""
        return self.bbox is not None and self.bbox[0] > self.bbox[2]

    @property
    def shape(self) -> "Query":
        """What a statement depends on: queries of one shape differ only in `values`.

        The words that are looked for are part of it.
        """
        return replace(
            self,
            filters=tuple((name, (None,) * len(values)) for name, values in self.filters),
            bbox=None if self.bbox is None else (float(self.across), 0, 0, 0),
            limit=0,
            after=None if self.after is None else After(),
            fields=None,
            include=(),
            facets=(),
            langs=(),
        )

    @property
    def values(self) -> dict[str, Any]:
        """The values, by the names that statements have for them."""
        return dict(self._values())

    def _values(self) -> Iterator[tuple[str, Any]]:
        for name, values in self.filters:
            yield from ((value_name(name, place), value) for place, value in enumerate(values))
        if self.bbox is not None:
            yield from zip(SIDES, self.bbox, strict=True)
        if self.after is not None and self.sort is not None:
            yield from (("after_value", self.after.value), ("after_id", self.after.id))


def value_name(filter_name: str, place: int) -> str:
    """Return what statements call one value of a filter."""
    return f"{filter_name}_{place}"


@dataclass(frozen=True)
class Found:
    """The rows of one page: (id, sort value, snapshot), and where the next page begins."""

    rows: list[tuple[str, Any, str]]
    after: After | None

"""A list's question as data: what is asked (its form), and the values it is asked with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from ..models import Change
from .batches import padded
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


Form = tuple[tuple[tuple[str, int], ...], bool | None, bool, str | None, str | None]


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
    def form(self) -> "Form":
        """What a statement depends on: queries of one form differ only in `values`."""
        return (
            tuple((name, len(padded(values))) for name, values in self.filters),
            None if self.bbox is None else self.across,
            self.after is not None,
            self.sort,
            self.narrowest,
        )

    @classmethod
    def of(cls, form: "Form") -> Self:
        """Return a query of a form, to make its statement of."""
        filters, across, follows, sort, narrowest = form
        return cls(
            filters=tuple((name, (None,) * count) for name, count in filters),
            bbox=None if across is None else (float(across), 0, 0, 0),
            sort=sort,
            after=After() if follows else None,
            narrowest=narrowest,
        )

    @property
    def values(self) -> dict[str, Any]:
        """The values, by the names that statements have for them."""
        return dict(self._values())

    def _values(self) -> Iterator[tuple[str, Any]]:
        for name, values in self.filters:
            some = enumerate(padded(values))
            yield from ((value_name(name, place), value) for place, value in some)
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

    rows: list[tuple[str, Any, str | bytes]]
    after: After | None

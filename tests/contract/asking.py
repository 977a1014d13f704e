"""Hypothesis strategies: filters that a collection has, with values that some record has."""

from hypothesis import strategies as st

from api.services.collection import Collection, Filter, FilterKind, codes_of
from tests.contract.oracle import values_of
from tests.contract.varied import DATES, MOMENTS
from tests.factories import Record

BOUNDS = sorted({*DATES, "2019", "2020-06", "2020-07-16", "2022", "1000-01"})
SINCE = [moment.isoformat().replace("+00:00", "Z") for moment in MOMENTS] + [
    "2026-01-02T14:00:00+02:00",
    "2027-01-01T00:00:00Z",
]


def known_values(narrowed: Filter, records: list[Record]) -> list[str]:
    """Return what a filter can be asked for: what some record has, and every code."""
    if narrowed.kind is FilterKind.SINCE:
        return SINCE
    if narrowed.kind in (FilterKind.FROM, FilterKind.TO):
        return BOUNDS
    present = {value for record in records for value in values_of(narrowed, record)}
    return sorted(present | set(codes_of(narrowed.value) or ()))


def queries(collection: Collection, records: list[Record]) -> st.SearchStrategy[dict[str, str]]:
    """Draw up to three filters; those of codes and names with one to three values."""
    each = {name: _asked(found, records) for name, found in collection.filters.items()}
    pair = st.sampled_from(sorted(each)).flatmap(lambda n: st.tuples(st.just(n), each[n]))
    return st.lists(pair, max_size=3).map(dict)


def _asked(narrowed: Filter, records: list[Record]) -> st.SearchStrategy[str]:
    several = 3 if narrowed.kind in (FilterKind.COLUMN, FilterKind.LIST) else 1
    value = st.sampled_from(known_values(narrowed, records))
    return st.lists(value, min_size=1, max_size=several).map(",".join)

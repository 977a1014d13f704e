"""What a list must answer, worked out record by record from the bodies of `lang=*`.

Slow and plain on purpose: no SQL, no index, nothing of api/services but the declarations.
"""

import calendar
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, settings
from marshmallow.fields import Field

from api.schemas.dates import PartialDate
from api.services.collection import Collection, Filter, FilterKind
from api.services.records import COLLECTIONS
from tests.factories import Record

each = pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda found: found.name)
bounded = settings(
    max_examples=6,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # examples are small; a failing one is shown at once
    suppress_health_check=[HealthCheck.too_slow],
)
ALWAYS = {"id", "version", "lang", "fallbacks"}


def get(client: FlaskClient, path: str, **query: Any) -> Record:
    """Return the body of a good answer; `path` is below /api/v1/."""
    response = client.get(f"/api/v1/{path}", query_string=query)
    assert response.status_code == 200, response.text
    body: Record = response.json
    return body


def faults(client: FlaskClient, path: str, **query: Any) -> dict[str, str]:
    """Return parameter → what is wrong with it, of a query that is refused."""
    response = client.get(f"/api/v1/{path}", query_string=query)
    assert response.status_code == 400, response.text
    assert response.content_type == "application/problem+json"
    body: Record = response.json
    assert body["code"] == "bad_query"
    return {fault["parameter"]: fault["detail"] for fault in body["errors"]}


def pages(client: FlaskClient, path: str, **query: Any) -> Iterator[Record]:
    """Yield the pages of a list, following `next_cursor`."""
    body = get(client, path, **query)
    yield body
    while body["page"]["next_cursor"] is not None:
        body = get(client, path, **query, cursor=body["page"]["next_cursor"])
        yield body


def walk(client: FlaskClient, path: str, **query: Any) -> list[str]:
    """Return the ids of a whole list, page by page."""
    return ids(record for body in pages(client, path, **query) for record in body["data"])


def ids(records: Iterable[Record]) -> list[str]:
    """Return the ids of records."""
    return [record["id"] for record in records]


def sort_names(collection: Collection) -> list[str]:
    """Return the allowed values of `sort`."""
    return [sign + key for key in collection.sorts for sign in ("", "-")]


def ordered(collection: Collection, records: Iterable[Record], sort: str) -> list[Record]:
    """Sort as the contract says: bytes, then id in the same direction, unknown values last."""
    key, down = sort.lstrip("-"), sort.startswith("-")
    field = collection.fields.get(key)
    known = [record for record in records if record[key] is not None]
    unknown = [record for record in records if record[key] is None]
    known.sort(key=lambda r: (_place(field, r[key], down), r["id"].encode()), reverse=down)
    unknown.sort(key=lambda record: record["id"].encode(), reverse=down)
    return known + unknown


def _place(field: Field[Any] | None, value: str, down: bool) -> bytes:
    if isinstance(field, PartialDate):
        value = last_day(value) if down else first_day(value)
    return value.encode()


def first_day(partial: str) -> str:
    """Return the first day that a date can mean."""
    return partial + "-01-01"[len(partial) - 4 :]


def last_day(partial: str) -> str:
    """Return the last day that a date can mean."""
    if len(partial) == 10:
        return partial
    month = partial if len(partial) == 7 else f"{partial}-12"
    year, number = month.split("-")
    return f"{month}-{calendar.monthrange(int(year), int(number))[1]}"


def values_of(narrowed: Filter, record: Record) -> list[str]:
    """Return the values of a record that a filter looks at."""
    value = record[narrowed.field]
    if narrowed.field == "external_ids":
        owners = [record, *record.get("files", [])]
        return [f"{s}:{v}" for owner in owners for s, v in owner["external_ids"].items()]
    if not isinstance(value, list):
        return [] if value is None else [value]
    named = [v if isinstance(v, str) else v.get("workshop") or v["lang"] for v in value]
    return list(dict.fromkeys(name for name in named if name is not None))


def matches(narrowed: Filter, asked: str, record: Record) -> bool:
    """Tell whether a record passes a filter."""
    value = record[narrowed.field]
    if narrowed.kind is FilterKind.SINCE:
        return datetime.fromisoformat(value) >= datetime.fromisoformat(asked)
    if narrowed.kind is FilterKind.FROM:
        return value is not None and last_day(value) >= first_day(asked)
    if narrowed.kind is FilterKind.TO:
        return value is not None and first_day(value) <= last_day(asked)
    return not set(values_of(narrowed, record)).isdisjoint(asked.split(","))


def matching(collection: Collection, records: list[Record], query: dict[str, str]) -> list[Record]:
    """Return the records that pass all filters of a query."""
    filters = [(collection.filters[name], asked) for name, asked in query.items()]
    return [r for r in records if all(matches(narrowed, asked, r) for narrowed, asked in filters)]


def counts(narrowed: Filter, records: list[Record]) -> Counter[str | None]:
    """Return how many records have each value; a single value that is unknown counts as None."""
    found: Counter[str | None] = Counter()
    for record in records:
        values = values_of(narrowed, record)
        found.update(values if values or narrowed.kind is FilterKind.LIST else [None])
    return found


def related(
    collection: Collection, records: list[Record], other: Collection, others: list[Record]
) -> list[Record]:
    """Return the records of `other` that these name; or that name these, where that may come."""
    named = {i for record in records for i in _names(collection, record, other)}
    here = set(ids(records)) if other.name in backwards(collection) else set()
    return [
        each
        for each in others
        if each["id"] in named or not here.isdisjoint(_names(other, each, collection))
    ]


def backwards(collection: Collection) -> set[str]:
    """Return the collections whose records come along because they name these."""
    if collection.name in ("cities", "projects"):  # named by any number of records
        return set()
    return {each.name for each in COLLECTIONS if collection.name in each.references.values()}


def includable(collection: Collection) -> set[str]:
    """Return what may come along."""
    return set(collection.references.values()) | backwards(collection)


def _names(collection: Collection, record: Record, target: Collection) -> set[str]:
    found: set[str] = set()
    for field, name in collection.references.items():
        if name == target.name:
            value = record[field]
            values = value if isinstance(value, list) else [value]
            found |= {v["workshop"] if isinstance(v, dict) else v for v in values}
    return found

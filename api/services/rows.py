"""A record as rows: what its table and the tables of its lists hold. A pure function."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from marshmallow.fields import Field, List, Nested

from ..models.base import UNKNOWN_FIRST, UNKNOWN_LAST
from ..schemas.dates import OffsetDateTime, PartialDate, days, moment
from ..schemas.fields import ExternalIds
from .collection import Collection

Row = dict[str, Any]


def own_row(collection: Collection, record: Row) -> Row:
    """Return the columns of the record's own table (without version, times and sequence)."""
    row = {name: record[name] for name in _own_fields(collection)}
    for name in _fields_of(collection, PartialDate):
        value = record[name]
        first, last = days(value) if value else (UNKNOWN_FIRST, UNKNOWN_LAST)
        row |= {f"{name}_first": first, f"{name}_last": last}
    for name in _fields_of(collection, OffsetDateTime):
        row[name] = moment(row[name]) if row[name] else None
    return row


@cache
def own_columns(collection: Collection) -> tuple[str, ...]:
    """Return the names of what `own_row` returns."""
    days_ = (f"{n}_{end}" for n in _fields_of(collection, PartialDate) for end in ("first", "last"))
    return (*_own_fields(collection), *days_)


@cache
def _own_fields(collection: Collection) -> tuple[str, ...]:
    return tuple(name for name in collection.fields if name in collection.table.c)


@cache
def _fields_of(collection: Collection, kind: type[Field[Any]]) -> tuple[str, ...]:
    return tuple(name for name, field in collection.fields.items() if isinstance(field, kind))


def list_rows(collection: Collection, record: Row, seq: int) -> dict[str, list[Row]]:
    """Return the rows of each list's table, by the table's name; no value stands twice.

    `seq` is the number of the record's entry in the journal.
    """
    found = {}
    for name, table in collection.links.items():
        values = enumerate(values_of(collection, name, record))
        found[table.name] = [
            {"owner_id": record["id"], "value": value, "position": position, "seq": seq}
            for position, value in values
        ]
    return found


def values_of(collection: Collection, name: str, record: Mapping[str, Any]) -> Iterable[str]:
    """Return what the table of a list holds of a record, in order, each once."""
    if _holds_texts(collection, name):
        return dict.fromkeys(record[name])
    return dict.fromkeys(_values(collection, name, record))


@cache
def _holds_texts(collection: Collection, name: str) -> bool:
    field = collection.fields[name]
    return isinstance(field, List) and not isinstance(field.inner, Nested)


def _values(collection: Collection, name: str, record: Mapping[str, Any]) -> Iterator[str]:
    field, value = collection.fields[name], record[name]
    if isinstance(field, ExternalIds):
        for ids in (value, *(each["external_ids"] for each in record.get("files", ()))):
            yield from (f"{scheme}:{each}" for scheme, each in ids.items())
        return
    for each in value:
        if each_value := each.get("workshop") or each.get("lang"):
            yield each_value


def references_at(collection: Collection, record: Row) -> Iterator[tuple[str, str, str]]:
    """Yield the JSON pointer of each reference in a record, the collection meant, and the id."""
    for name, target in collection.references.items():
        value = record.get(name)
        if isinstance(value, str):
            yield f"/{name}", target, value
        for number, each in enumerate(value if isinstance(value, list) else ()):
            if isinstance(each, str):
                yield f"/{name}/{number}", target, each
            elif isinstance(each, dict) and each.get("workshop"):
                yield f"/{name}/{number}/workshop", target, each["workshop"]

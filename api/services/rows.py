"""A record as rows: what its table and the tables of its lists hold. A pure function."""

from collections.abc import Iterator
from typing import Any

from ..models.base import UNKNOWN_FIRST, UNKNOWN_LAST
from ..schemas.dates import OffsetDateTime, PartialDate, days, moment
from ..schemas.fields import ExternalIds
from .collection import Collection

Row = dict[str, Any]


def own_row(collection: Collection, record: Row) -> Row:
    """Return the columns of the record's own table (without version, times and sequence)."""
    row: Row = {}
    for name, field in collection.fields.items():
        value = record[name]
        if isinstance(field, PartialDate):
            first, last = days(value) if value else (UNKNOWN_FIRST, UNKNOWN_LAST)
            row |= {f"{name}_first": first, f"{name}_last": last}
            row[name] = value
        elif isinstance(field, OffsetDateTime):
            row[name] = moment(value) if value else None
        else:
            row[name] = value
    columns = collection.table.c
    return {name: value for name, value in row.items() if name in columns}


def list_rows(collection: Collection, record: Row) -> dict[str, list[Row]]:
    """Return the rows of each list's table, by the table's name; no value stands twice."""
    found = {}
    for name, table in collection.links.items():
        values = dict.fromkeys(_values(collection, name, record))
        found[table.name] = [
            {"owner_id": record["id"], "value": value, "position": position}
            for position, value in enumerate(values)
        ]
    return found


def _values(collection: Collection, name: str, record: Row) -> Iterator[str]:
    field, value = collection.fields[name], record[name]
    if isinstance(field, ExternalIds):
        for ids in (value, *(each["external_ids"] for each in record.get("files", ()))):
            yield from (f"{scheme}:{each}" for scheme, each in ids.items())
        return
    for each in value:
        if isinstance(each, str):
            yield each
        elif each_value := each.get("workshop") or each.get("lang"):
            yield each_value


def reference_ids(collection: Collection, record: Row) -> dict[str, list[str]]:
    """Return field → the ids that the record names in it."""
    found = {}
    for name in collection.references:
        value = record[name]
        if isinstance(value, str):
            found[name] = [value]
        elif value:
            found[name] = list(dict.fromkeys(_values(collection, name, record)))
    return found

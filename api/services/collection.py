"""A collection: the join of a table and a schema, and the grammar that its fields give it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from marshmallow.fields import Field, List, Nested, String
from sqlalchemy import Column, Table

from ..models import LINKS, Base
from ..schemas import RecordInput
from ..schemas.dates import PartialDate
from ..schemas.facts import facts_of
from ..schemas.fields import Code, ExternalIds, Slug
from ..schemas.parts import DocumentFileInput
from ..schemas.record import reference_fields, translated
from ..schemas.standards import Language, LanguageTag


class FilterKind(StrEnum):
    """How a filter's values are compared."""

    COLUMN = "column"
    LIST = "list"
    FROM = "from"
    TO = "to"
    SINCE = "since"


@dataclass(frozen=True)
class Filter:
    """A query parameter that narrows a list: which field and column it looks at, and how."""

    name: str
    field: str
    kind: FilterKind
    column: Column[Any]
    value: Field[Any]
    facet: bool
    description: str

    @property
    def table(self) -> Table:
        """The table of the column: the record's own, or one of its lists."""
        return self.column.table


@dataclass(frozen=True, eq=False)
class Collection:
    """A record type: names, table, write form; all else follows from them. There is one of each."""

    name: str
    singular: str
    model: type[Base]
    schema: type[RecordInput]
    label: str
    """The field that a person would call it by."""

    @cached_property
    def table(self) -> Table:
        """The record's own table."""
        table: Table = Base.metadata.tables[self.model.__tablename__]
        return table

    @cached_property
    def links(self) -> dict[str, Table]:
        """Field → the table of its list."""
        return {table.info["field"]: table for table in LINKS[self.table.name]}

    @cached_property
    def form(self) -> RecordInput:
        """The write form, ready to load: making one copies each of its fields."""
        return self.schema()

    @cached_property
    def fields(self) -> dict[str, Field[Any]]:
        """Field → its schema field, in the order of the contract."""
        return self.form.fields

    @cached_property
    def translated(self) -> tuple[str, ...]:
        """The fields that can be had in other languages."""
        return translated(self.schema)

    @cached_property
    def weighted(self) -> dict[str, tuple[str, ...]]:
        """Weight in the search index → the fields that have it."""
        found: dict[str, tuple[str, ...]] = {}
        for name, field in self.fields.items():
            if weight := facts_of(field).weight:
                found[weight] = (*found.get(weight, ()), name)
        return found

    @cached_property
    def references(self) -> dict[str, str]:
        """Field → the collection whose records it names."""
        return reference_fields(self.schema)

    @cached_property
    def empty(self) -> dict[str, Any]:
        """What each field is when nothing was written: null or empty."""
        return {name: _default(each) for name, each in self.fields.items()}

    @cached_property
    def empty_parts(self) -> dict[str, dict[str, Any]]:
        """Field that lists objects → what each member of such an object is when it is not given."""
        return {
            name: {
                each.attribute or n: _default(each) for n, each in field.inner.schema.fields.items()
            }
            for name, field in self.fields.items()
            if isinstance(field, List) and isinstance(field.inner, Nested)
        }

    def whole(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """Return all fields of a snapshot or row; those that came later are null or empty."""
        found = {name: held.get(name, empty) for name, empty in self.empty.items()}
        for name, empty in self.empty_parts.items():
            found[name] = found[name] and [{**empty, **each} for each in found[name]]
        return found

    @cached_property
    def filters(self) -> dict[str, Filter]:
        """Query parameter → filter."""
        found = [each for name, field in self.fields.items() for each in self._filters(name, field)]
        found.append(
            Filter(
                "updated_since",
                "updated_at",
                FilterKind.SINCE,
                self.table.c.updated_at,
                String(),
                False,
                "Changed at or after this moment.",
            )
        )
        return {each.name: each for each in found}

    def _filters(self, name: str, field: Field[Any]) -> list[Filter]:
        said = facts_of(field)
        if said.filter is None:
            return []
        about = field.metadata["description"]
        if isinstance(field, PartialDate):
            first, last = self.table.c[f"{name}_first"], self.table.c[f"{name}_last"]
            start, end = f"{said.filter}_from", f"{said.filter}_to"
            late = f"{about} On or after this date."
            early = f"{about} On or before this date."
            return [
                Filter(start, name, FilterKind.FROM, last, field, False, late),
                Filter(end, name, FilterKind.TO, first, field, False, early),
            ]
        link = self.links.get(name)
        column = self.table.c[name] if link is None else link.c.value
        kind = FilterKind.COLUMN if link is None else FilterKind.LIST
        value = self._value(field)
        return [Filter(said.filter, name, kind, column, value, said.facet, about)]

    @staticmethod
    def _value(field: Field[Any]) -> Field[Any]:
        if isinstance(field, ExternalIds):
            return String()
        inner = field.inner if isinstance(field, List) else field
        if isinstance(inner, Nested):
            return LanguageTag() if inner.nested is DocumentFileInput else Slug()
        return LanguageTag() if isinstance(inner, Language) else inner

    @cached_property
    def facets(self) -> tuple[str, ...]:
        """The filters whose values can be counted."""
        return tuple(each.name for each in self.filters.values() if each.facet)

    @cached_property
    def sorts(self) -> dict[str, tuple[Column[Any], Column[Any]]]:
        """Sort key → the column to sort by upwards, and the one downwards."""
        found = {"updated_at": (self.table.c.updated_at, self.table.c.updated_at)}
        for name, field in self.fields.items():
            if not facts_of(field).sort:
                continue
            if isinstance(field, PartialDate):
                found[name] = (self.table.c[f"{name}_first"], self.table.c[f"{name}_last"])
            else:
                found[name] = (self.table.c[name], self.table.c[name])
        return found


def _default(field: Field[Any]) -> Any:
    """Return what a field is when nothing was written; null for one that is required."""
    if field.required:
        return None
    return field.load_default() if callable(field.load_default) else field.load_default


def codes_of(field: Field[Any]) -> list[str] | None:
    """Return the allowed values of a closed list, or None for an open one."""
    return [code.value for code in field.codes] if isinstance(field, Code) else None

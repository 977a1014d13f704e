"""What a workbook looks like: its sheets and columns, derived from the schemas."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from marshmallow.fields import Boolean, Dict, Field, Float, Integer, List, Nested, String

from ..schemas.dates import OffsetDateTime, PartialDate
from ..schemas.facts import facts
from ..schemas.fields import Patterned, Reference, References, Text, Whole
from ..schemas.record import Translations
from .collection import Collection, codes_of
from .records import BY_NAME, COLLECTIONS

READ_ME = "Read me"
LISTS = "Lists"
TRANSLATIONS = "translations"
IGNORED = (READ_ME, LISTS)
"""Sheets that hold nothing to be read."""
HELP_SIGN = "»"
"""What the help row's first cell begins with: no id does."""
LONGEST_NAME = 31
"""Excel takes no longer names of sheets."""


class Kind(StrEnum):
    """What one cell of a column holds."""

    TEXT = "text"
    DATE = "date"
    WHOLE = "whole"
    NUMBER = "number"
    BOOLEAN = "boolean"
    LINES = "lines"
    WORDS = "words"
    PAIRS = "pairs"


HOW = {
    Kind.DATE: "As text: 2021, 2021-09 or 2021-09-03.",
    Kind.WHOLE: "A whole number.",
    Kind.NUMBER: "A number.",
    Kind.BOOLEAN: "TRUE or FALSE.",
    Kind.LINES: "One a line.",
    Kind.WORDS: "One a line, or with commas between.",
    Kind.PAIRS: "One a line, as scheme: value.",
}
_KINDS: tuple[tuple[type[Field[Any]], Kind], ...] = (
    (PartialDate, Kind.DATE),
    (OffsetDateTime, Kind.DATE),
    (Integer, Kind.WHOLE),
    (Float, Kind.NUMBER),
    (Boolean, Kind.BOOLEAN),
    (String, Kind.TEXT),
)


@dataclass(frozen=True)
class Column:
    """A column: its header, and the steps from the row's object to the value."""

    path: tuple[str, ...]
    kind: Kind
    about: str
    required: bool = False
    choices: tuple[str, ...] = ()
    """The closed list that its values are from."""
    target: str | None = None
    """The collection whose ids its single values are."""

    @property
    def name(self) -> str:
        """The header: the steps with dots between."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Sheet:
    """A sheet. `key` is the column with the record's id.

    A row is a record of the collection, or where there is a `part` an entry of that field; the
    sheet of translations is of no collection.
    """

    name: str
    key: str
    columns: Mapping[str, Column]
    collection: Collection | None = None
    part: str | None = None


@cache
def sheets() -> dict[str, Sheet]:
    """Return the sheets by name: of records, then of their lists, then of translations."""
    records = [_sheet_of(each) for each in COLLECTIONS]
    parts = [part for each in COLLECTIONS for part in _parts_of(each)]
    return {each.name: each for each in (*records, *parts, _translations())}


def kind_of(field: Field[Any]) -> Kind:
    """Return what a cell holds of a field; TypeError for what no cell can hold."""
    for known, kind in _KINDS:
        if isinstance(field, known):
            return kind
    if isinstance(field, List) and isinstance(field.inner, String):
        prose = isinstance(field.inner, Text) and not isinstance(field.inner, Patterned)
        return Kind.LINES if prose else Kind.WORDS
    if isinstance(field, Dict) and isinstance(field.value_field, String):
        return Kind.PAIRS
    raise TypeError(f"a workbook has no place for {field!r}")


def _sheet_of(collection: Collection) -> Sheet:
    own = {
        name: field
        for name, field in collection.fields.items()
        if not isinstance(field, Translations) and not _is_part(field)
    }
    about = "The version that this was exported from: leave it as it is, and empty if new."
    columns = [*_columns(own), _column(("version",), Whole(1, metadata=facts(about)))]
    return Sheet(collection.name, "id", {each.name: each for each in columns}, collection)


def _parts_of(collection: Collection) -> Iterator[Sheet]:
    key = collection.singular
    for name, field in collection.fields.items():
        if isinstance(field, List) and isinstance(field.inner, Nested):
            about = f"Id of the {key}, as on the sheet {collection.name}. {_about(field)}"
            columns = [
                Column((key,), Kind.TEXT, about, True, target=collection.name),
                *_columns(field.inner.schema.fields),
            ]
            title = f"{collection.name}.{name}"[:LONGEST_NAME]
            yield Sheet(title, key, {each.name: each for each in columns}, collection, name)


def _is_part(field: Field[Any]) -> bool:
    return isinstance(field, List) and isinstance(field.inner, Nested)


def _translations() -> Sheet:
    names = tuple(dict.fromkeys(name for each in COLLECTIONS for name in each.translated))
    columns = (
        Column(("type",), Kind.TEXT, "The sheet of the record.", True, tuple(BY_NAME)),
        Column(("id",), Kind.TEXT, "The record's id on that sheet.", True),
        Column(("lang",), Kind.TEXT, "The language of this text, like uk.", True),
        Column(("field",), Kind.TEXT, "The column that is translated.", True, names),
        Column(("text",), Kind.TEXT, "The text; of a list, one entry a line.", True),
    )
    return Sheet(TRANSLATIONS, "id", {each.name: each for each in columns})


def _columns(fields: Mapping[str, Field[Any]], path: tuple[str, ...] = ()) -> Iterator[Column]:
    for name, field in fields.items():
        at = (*path, field.data_key or name)
        if isinstance(field, Nested):
            yield from _columns(field.schema.fields, at)
        elif not field.dump_only:  # what the server sets is not filled in
            yield _column(at, field)


def _column(path: tuple[str, ...], field: Field[Any]) -> Column:
    return Column(
        path,
        kind_of(field),
        _about(field),
        field.required,
        tuple(codes_of(field) or ()),
        field.collection if isinstance(field, Reference) else None,
    )


def _about(field: Field[Any]) -> str:
    said = [str(field.metadata.get("description", ""))]
    if isinstance(field, Reference | References):
        said.append(f"From the sheet {field.collection}, or already published.")
    for example in field.metadata.get("examples", ()):
        said.append(f"Example: {example}")
    return " ".join(filter(None, said))


def help_text(column: Column) -> str:
    """Return what the help row says of a column."""
    must = "Required."
    if len(column.path) > 1:
        must = f"Required with the rest of {'.'.join(column.path[:-1])}."
    how = "One of the list." if column.choices else HOW.get(column.kind, "")
    return " ".join(filter(None, [must if column.required else "", column.about, how]))

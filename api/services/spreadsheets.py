"""Bundles as workbooks (.xlsx): a template to fill in, and what was filled in as plain data.

All of it follows from the schemas: a new field gets its column, a new record type its sheets.
"""

from functools import reduce
from itertools import islice
from typing import Any

from ..errors import Fault, MalformedBody
from ..schemas.faults import pointed
from ..schemas.fields import nearest
from .bundles import Bundle
from .items import MOST_FAULTS
from .records import BY_NAME
from .workbook_cells import Broken, Value, read
from .workbook_file import Row, read_sheets
from .workbook_layout import HELP_SIGN, IGNORED, TRANSLATIONS, Kind, Sheet, sheets
from .workbook_template import write_template

__all__ = ["read_workbook", "write_template"]

LONGEST_ID = 80
MOST_HINTS = 10
MOST_COMPARED = 300
"""Comparing takes long: so many ids are, for so many faults."""

Headers = dict[int, str]
"""The column's number → its name."""


def read_workbook(raw: bytes, name: str) -> Bundle:
    """Read a bundle from a workbook; MalformedBody tells all that is wrong, with its places.

    Empty cells, rows and sheets, the help rows, and the sheets "Read me" and "Lists" say nothing.
    """
    found = read_sheets(raw, name, IGNORED)
    reading = _Reading(name)
    headers = {title: reading.headers(title, rows) for title, rows in found.items() if rows}
    reading.refuse()
    for title, sheet in sheets().items():  # records come before their parts
        for number, cells in found.get(title, [])[1:]:
            reading.row(sheet, headers[title], number, cells)
    reading.refuse()
    return Bundle(name, reading.data, reading.places)


class _Reading:
    """What has been read so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.data: dict[str, dict[str, Any]] = {}
        self.places: dict[str, str] = {}
        self.wrong: list[Fault] = []

    def refuse(self) -> None:
        """Raise what has been found wrong."""
        count = len(self.wrong)
        if count:
            faults = "1 fault" if count == 1 else f"{count} faults"
            rest = f" (the first {MOST_FAULTS} are shown)" if count > MOST_FAULTS else ""
            shown = tuple(self.wrong[:MOST_FAULTS])
            raise MalformedBody(f"{self.name}: {faults}{rest}; nothing changed.", shown)

    def headers(self, title: str, rows: list[Row]) -> Headers:
        """Return the columns that a sheet's first row names."""
        number, cells = rows[0]
        sheet = sheets().get(title)
        if sheet is None:
            hint = nearest(title, sheets()) or f" Notes may stand on the sheet {IGNORED[0]}."
            self._fault(self._place(title), f"there is no such sheet.{hint}")
            return {}
        found: Headers = {}
        for column, value in cells.items():
            text = value if isinstance(value, str) else "a number, date or formula"
            place = self._place(title, number, _cut(text))
            if text not in sheet.columns:
                self._fault(place, f"there is no such column.{nearest(text, sheet.columns)}")
            elif text in found.values():
                self._fault(place, "stands here twice")
            found[column] = text
        if sheet.key not in found.values():
            self._fault(self._place(title, number), f"the column {sheet.key} is missing")
        return found

    def row(self, sheet: Sheet, headers: Headers, number: int, cells: dict[int, Value]) -> None:
        """Take one row below the headers."""
        at = self._place(sheet.name, number)
        values = {headers[column]: each for column, each in cells.items() if column in headers}
        if str(values.get(sheet.key, "")).startswith(HELP_SIGN):
            return
        if len(values) < len(cells):
            self._fault(at, "something stands in a column without a header")
        record_id = self._text(at, sheet.key, values)
        if record_id is None:
            return
        if sheet.name == TRANSLATIONS:
            self._translation(at, record_id, values)
        elif sheet.part:
            self._part(at, sheet, record_id, values)
        else:
            self._record(at, sheet, record_id, values)

    def _record(self, at: str, sheet: Sheet, record_id: str, values: dict[str, Value]) -> None:
        records = self.data.setdefault(sheet.name, {})
        self.places.setdefault(f"/{sheet.name}", self._place(sheet.name))
        pointer = pointed(f"/{sheet.name}", record_id)
        if record_id in records:
            detail = f"{_cut(record_id)} stands in {self.places[pointer]} too"
            self._fault(f"{at}, column {sheet.key}", detail)
            return
        records[record_id] = {}
        self.places[pointer] = at
        self._put(at, sheet, records[record_id], pointer, values)

    def _part(self, at: str, sheet: Sheet, record_id: str, values: dict[str, Value]) -> None:
        name, part = sheet.name.partition(".")[0], sheet.part or ""
        record = self._known(at, sheet.key, name, record_id)
        if record is not None:
            entries = record.setdefault(part, [])
            pointer = pointed(f"/{name}", record_id) + f"/{part}/{len(entries)}"
            entries.append({})
            self.places[pointer] = at
            self._put(at, sheet, entries[-1], pointer, values)

    def _translation(self, at: str, record_id: str, values: dict[str, Value]) -> None:
        if "text" not in values:
            return
        name, lang, field = (self._text(at, each, values) for each in ("type", "lang", "field"))
        if name is None or lang is None or field is None:
            return
        record = self._known(at, sheets()[TRANSLATIONS].key, name, record_id)
        if record is None:
            return
        texts = record.setdefault("translations", {}).setdefault(lang, {})
        if field in texts:
            self._fault(at, f"the {_cut(lang)} text of {_cut(field)} stands here twice")
        own = sheets()[name].columns.get(field)
        texts[field] = self._value(at, "text", values["text"], own.kind if own else Kind.TEXT)
        pointer = pointed(pointed(f"/{name}", record_id) + "/translations", lang)
        self.places.setdefault(pointer, f"{at}, column lang")
        self.places[pointed(pointer, field)] = f"{at}, column text"

    def _known(self, at: str, key: str, name: str, record_id: str) -> dict[str, Any] | None:
        """Return the record that a row is about."""
        if name not in BY_NAME:
            detail = f"there is no type {_cut(name)}.{nearest(name, BY_NAME)}"
            self._fault(f"{at}, column type", detail)
            return None
        records = self.data.get(name, {})
        record: dict[str, Any] | None = records.get(record_id)
        if record is None:
            some = [each for each in islice(records, MOST_COMPARED) if len(each) <= LONGEST_ID]
            hint = nearest(record_id, some) if len(self.wrong) < MOST_HINTS else ""
            detail = f"the sheet {name} has no row with the id {_cut(record_id)}.{hint}"
            self._fault(f"{at}, column {key}", detail)
        return record

    def _put(
        self, at: str, sheet: Sheet, record: dict[str, Any], pointer: str, values: dict[str, Value]
    ) -> None:
        for name, value in values.items():
            column = sheet.columns[name]
            holder = record
            for step in column.path[:-1]:
                holder = holder.setdefault(step, {})
            holder[column.path[-1]] = self._value(at, name, value, column.kind)
            self.places[reduce(pointed, column.path, pointer)] = f"{at}, column {name}"

    def _text(self, at: str, column: str, values: dict[str, Value]) -> str | None:
        """Take a required text out of a row."""
        value = self._value(at, column, values.pop(column, Broken("is required")))
        if isinstance(value, bool):
            self._fault(f"{at}, column {column}", "must be text, not TRUE or FALSE")
        return value if isinstance(value, str) else None

    def _value(self, at: str, column: str, value: Value, kind: Kind = Kind.TEXT) -> Any:
        try:
            return read(value, kind)
        except ValueError as error:
            self._fault(f"{at}, column {column}", str(error))
            return None

    def _place(self, title: str, row: int | None = None, column: str | None = None) -> str:
        place = f"{self.name}, sheet {title}"
        place += "" if row is None else f", row {row}"
        return place if column is None else f"{place}, column {column}"

    def _fault(self, place: str, detail: str) -> None:
        self.wrong.append(Fault(detail.strip(), place=place))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_ID else f"{text[: LONGEST_ID - 1]}…"

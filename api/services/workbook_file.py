"""An .xlsx file that anyone may have sent: looked at first, then read with openpyxl.

openpyxl trusts a file: it resolves entities, and makes every row that a number names. So the XML
of all parts is first watched going by, with the parser that openpyxl uses, and refused if it is
more than a workbook of records can be.
"""

import warnings
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError, XMLParser

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from ..errors import MalformedBody
from .bundles import LARGEST
from .workbook_cells import LONGEST, Broken, Value, dated, unescaped

MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_SHEETS = 100
MOST_PARTS = 1_000
MOST_ELEMENTS = 1_000_000
DEEPEST = 60
LARGEST_UNPACKED = 50_000_000
MOST_RATIO = 200
ALWAYS_FINE = 1_000_000

Row = tuple[int, dict[int, Value]]
"""The row's number, and its cells that are not empty by the number of their column."""

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# openpyxl warns of what it leaves out, such as conditional formats: all of it is of no interest.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")


def read_sheets(raw: bytes, name: str, ignored: Collection[str]) -> dict[str, list[Row]]:
    """Return the rows of each sheet that are not empty, but of the ignored sheets.

    MalformedBody for whatever is not a workbook, or is a dangerous or endless one.
    """
    if raw.startswith(_OLE):
        raise MalformedBody(f"{name}: has a password or the old .xls form; save it as plain .xlsx")
    with _told_as_malformed(name):
        _look_at(raw, name)
        return _rows_of(raw, name, ignored)


@contextmanager
def _told_as_malformed(name: str) -> Iterator[None]:
    """A broken file makes zipfile and openpyxl raise exceptions of every kind."""
    try:
        yield
    except MalformedBody:
        raise
    except Exception as error:
        raise MalformedBody(
            f"{name}: is not an .xlsx workbook, or is damaged ({type(error).__name__}); "
            "open it in a spreadsheet program and save it as .xlsx"
        ) from None


def _look_at(raw: bytes, name: str) -> None:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        parts = archive.infolist()
        size = sum(part.file_size for part in parts)
        if len(parts) > MOST_PARTS or size > max(ALWAYS_FINE, MOST_RATIO * len(raw)):
            raise MalformedBody(f"{name}: is packed far more tightly than a workbook is")
        if size > LARGEST_UNPACKED:
            raise MalformedBody(f"{name}: unpacked, it is larger than {LARGEST_UNPACKED:,} bytes")
        watch = _Watch(name)
        for part in parts:
            if part.flag_bits & 1:
                raise MalformedBody(f"{name}: has a password; save it without one")
            watch.part(archive.read(part))


class _Watch:
    """Sees all elements of all parts go by."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.elements = self.depth = self.row = self.column = 0
        self.seen: dict[str, Callable[[dict[str, str]], None]] = {
            f"{_SHEET}row": self._row,
            f"{_SHEET}c": self._cell,
            **{f"{_SHEET}{tag}": self._content for tag in ("v", "is", "f")},
            **{f"{_TYPES}{tag}": self._type for tag in ("Default", "Override")},
            f"{_STRICT}workbook": self._strict,
        }

    def part(self, content: bytes) -> None:
        """Watch one part. What is not XML stops openpyxl where it stops this."""
        self.depth = self.row = self.column = 0
        parser = XMLParser(target=self)  # noqa: S314  this is what makes the next parser safe
        try:
            parser.feed(content)
            parser.close()
        except ParseError:
            return

    def doctype(self, *_: Any) -> None:
        """Refuse what could define entities: no workbook has it."""
        self._refuse("defines a document type, which no workbook does")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Count, and refuse what is too much or too far out."""
        self.elements += 1
        self.depth += 1
        if self.elements > MOST_ELEMENTS or self.depth > DEEPEST:
            self._refuse("has far more content than a workbook of records; use YAML or NDJSON")
        seen = self.seen.get(tag)
        if seen:
            seen(attributes)

    def end(self, _: str) -> None:
        """Go up again."""
        self.depth -= 1

    def close(self) -> None:
        """Nothing is left open."""

    def _row(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        row = int(place) if place else self.row + 1
        if row <= self.row:
            self._refuse(f"has the row {row} after the row {self.row}; save it again")
        self.row, self.column = row, 0

    def _cell(self, attributes: dict[str, str]) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        self.column = column_index_from_string(letters) if letters else self.column + 1

    def _content(self, _: dict[str, str]) -> None:
        if self.row > MOST_ROWS:
            self._refuse(f"row {self.row}: a sheet has at most {MOST_ROWS:,} rows")
        if self.column > MOST_COLUMNS:
            self._refuse(f"row {self.row}: a sheet has at most {MOST_COLUMNS} columns")

    def _type(self, attributes: dict[str, str]) -> None:
        if "macro" in attributes.get("ContentType", "").lower():
            self._refuse("may hold macros; save it as .xlsx, without macros")

    def _strict(self, _: dict[str, str]) -> None:
        self._refuse("is Strict Open XML; save it as an ordinary Excel workbook (.xlsx)")

    def _refuse(self, what: str) -> None:
        raise MalformedBody(f"{self.name}: {what}")


def _rows_of(raw: bytes, name: str, ignored: Collection[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    book = load_workbook(BytesIO(raw), read_only=True, keep_links=False)
    if len(book.worksheets) > MOST_SHEETS:
        raise MalformedBody(f"{name}: has more than {MOST_SHEETS} sheets")
    length = 0
    for sheet in book.worksheets:
        title = str(sheet.title)
        if title in found:
            raise MalformedBody(f"{name}: has two sheets {title}")
        if title in ignored:
            continue
        found[title] = []
        lines = sheet.iter_rows(1, MOST_ROWS, 1, MOST_COLUMNS)
        for number, line in enumerate(lines, 1):
            values = {column: _value(cell) for column, cell in enumerate(line, 1)}
            cells = {c: value for c, value in values.items() if value is not None and value != ""}
            length += sum(len(each) for each in cells.values() if isinstance(each, str))
            if length > LARGEST:
                raise MalformedBody(f"{name}: has more than {LARGEST:,} characters")
            if cells:
                found[title].append((number, cells))
    return found


def _value(cell: Any) -> Value | None:
    kind, value = cell.data_type, cell.value
    if value is None:
        return None
    if kind == "f":
        return Broken("holds a formula; paste its value")
    if kind == "e":
        return Broken(f"holds an error of the spreadsheet ({value})")
    if isinstance(value, str):
        if len(value) > LONGEST:
            return Broken(f"holds more than {LONGEST:,} characters")
        return unescaped(value)
    if isinstance(value, bool | int | float):
        return value
    return dated(value, cell.number_format or "")

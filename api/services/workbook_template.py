"""A workbook to be filled in: every sheet with its header, its help row and its drop-downs."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ..errors import MalformedBody
from .records import BY_NAME
from .workbook_cells import written
from .workbook_file import MOST_ROWS
from .workbook_guide import READ_ME_TEXT
from .workbook_layout import HELP_SIGN, LISTS, READ_ME, Column, Kind, Sheet, help_text, sheets

Record = Mapping[str, Any]
Rows = Iterator[tuple[str, dict[str, Any]]]
FIRST_ROW = 3
POINTS = 15
MOST_LINES = 12
"""No row is shown higher."""
_NUMERIC = (Kind.WHOLE, Kind.NUMBER, Kind.BOOLEAN)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_HEADER = Font(bold=True, color="FFFFFF")
_HELP = Font(italic=True, color="595959")
_FILLS = {
    True: PatternFill("solid", fgColor="9C2A00"),
    False: PatternFill("solid", fgColor="1F4E78"),
}


def write_template(
    target: Path | IO[bytes], bundles: Mapping[str, Mapping[str, Record]] | None = None
) -> None:
    """Write a workbook to be filled in, or one filled with records.

    `bundles` holds collection → id → write form as the schemas load it. MalformedBody names what
    a sheet or cell has no room for.
    """
    book = Workbook()
    _read_me(book.worksheets[0])
    places = {sheet.name: list(sheet.columns) for sheet in sheets().values()}
    lists: dict[tuple[str, ...], str] = {}
    for sheet in sheets().values():
        page = book.create_sheet(sheet.name)
        _head(page, sheet)
        for number, column in enumerate(sheet.columns.values(), 1):
            source = _choices(column, lists) or _ids(column, places)
            if source:
                _drop_down(page, get_column_letter(number), source, strict=bool(column.choices))
        _fill(page, sheet, _rows(sheet, bundles or {}))
    page = book.create_sheet(LISTS)
    for number, choices in enumerate(lists, 1):
        for row, value in enumerate(choices, 1):
            page.cell(row, number, value)
    book.save(target)


def _read_me(page: Worksheet) -> None:
    page.title = READ_ME
    page.column_dimensions["A"].width = 110
    blank = True
    for number, line in enumerate(READ_ME_TEXT.splitlines(), 1):
        cell = page.cell(number, 1, line)
        cell.alignment = _WRAPPED
        page.row_dimensions[number].height = _height(page, number)
        if blank:
            cell.font = Font(bold=True, size=12)
        blank = not line


def _head(page: Worksheet, sheet: Sheet) -> None:
    page.freeze_panes = "B2"
    for number, column in enumerate(sheet.columns.values(), 1):
        letter = get_column_letter(number)
        head = page.cell(1, number, column.name)
        head.font, head.fill = _HEADER, _FILLS[column.required]
        said = help_text(column)
        about = page.cell(2, number, f"{HELP_SIGN} {said}" if column.name == sheet.key else said)
        about.font, about.alignment = _HELP, _WRAPPED
        whole = page.column_dimensions[letter]
        whole.width = _width(column, sheet)
        whole.alignment = _WRAPPED
        whole.number_format = _format(column)
    page.row_dimensions[2].height = _height(page, 2)


def _format(column: Column) -> str:
    """Text, so that Excel makes no date of 2021-09 and no formula of a hyphen."""
    return "General" if column.kind in _NUMERIC else "@"


def _width(column: Column, sheet: Sheet) -> int:
    short = column.kind in (*_NUMERIC, Kind.DATE) or column.choices
    if column.name == sheet.key:
        return 36
    return max(len(column.name) + 3, 14 if short else 30)


def _choices(column: Column, lists: dict[tuple[str, ...], str]) -> str:
    """Return where the list of allowed values stands; they get a column of the sheet of lists."""
    if column.choices and column.choices not in lists:
        letter = get_column_letter(len(lists) + 1)
        lists[column.choices] = f"'{LISTS}'!${letter}$1:${letter}${len(column.choices)}"
    return lists.get(column.choices, "")


def _ids(column: Column, places: dict[str, list[str]]) -> str:
    """Return where the ids stand that a reference may name, as far as the sheet is filled."""
    if column.target is None:
        return ""
    sheet = sheets()[column.target]
    letter = get_column_letter(places[sheet.name].index(sheet.key) + 1)
    ids = f"'{sheet.name}'!${letter}"
    return f"OFFSET({ids}${FIRST_ROW},0,0,MAX(1,COUNTA({ids}:${letter})-{FIRST_ROW - 1}),1)"


def _drop_down(page: Worksheet, letter: str, source: str, *, strict: bool) -> None:
    """Offer values; only a closed list refuses others, for a reference may be to a known record."""
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=strict)
    rule.error = "Choose a value of the list."
    rule.add(f"{letter}{FIRST_ROW}:{letter}{MOST_ROWS}")
    page.add_data_validation(rule)


def _fill(page: Worksheet, sheet: Sheet, rows: Rows) -> None:
    for number, (where, row) in enumerate(rows, FIRST_ROW):
        if number > MOST_ROWS:
            raise MalformedBody(f"sheet {sheet.name}: has room for {MOST_ROWS:,} rows, not more")
        for place, column in enumerate(sheet.columns.values(), 1):
            try:
                value = written(_at(row, column.path))
            except ValueError as error:
                raise MalformedBody(f"{where}: {column.name} {error}") from None
            if value is not None:
                cell = page.cell(number, place, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # whatever it begins with, it is no formula
                cell.number_format, cell.alignment = _format(column), _WRAPPED
        page.row_dimensions[number].height = _height(page, number)


def _height(page: Worksheet, row: int) -> int:
    """Return what the row's texts need, in points; not every program works it out by itself."""
    most = 1
    for number, cell in enumerate(page[row], 1):
        width = page.column_dimensions[get_column_letter(number)].width
        lines = [1 + int(len(line) / width) for line in str(cell.value or "").split("\n")]
        most = max(most, sum(lines))
    return POINTS * min(most, MOST_LINES)


def _at(row: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        row = row.get(step) if isinstance(row, Mapping) else None
    return row


def _rows(sheet: Sheet, bundles: Mapping[str, Mapping[str, Record]]) -> Rows:
    """Yield the rows of a sheet, each with the record it is of."""
    names = [sheet.collection.name] if sheet.collection else list(BY_NAME)
    for name in names:
        for record_id, record in bundles.get(name, {}).items():
            for row in _rows_of(sheet, name, record_id, record):
                yield f"{name}/{record_id}", row


def _rows_of(sheet: Sheet, name: str, record_id: str, record: Record) -> Iterator[dict[str, Any]]:
    if sheet.part:
        for entry in record.get(sheet.part) or ():
            yield {**entry, sheet.key: record_id}
    elif sheet.collection:
        yield {**record, sheet.key: record_id}
    else:
        for lang, texts in (record.get("translations") or {}).items():
            for field, text in texts.items():
                yield {"type": name, "id": record_id, "lang": lang, "field": field, "text": text}

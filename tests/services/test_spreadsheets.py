"""Workbooks: what is written is read back, and whatever is wrong is told with its place."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from api.errors import InvalidRecord, MalformedBody
from api.services import seeding
from api.services.bundles import Bundle
from api.services.items import items_of
from api.services.records import BY_NAME, COLLECTIONS
from api.services.spreadsheets import read_workbook, write_template
from api.services.workbook_layout import sheets
from api.settings import ROOT
from tests.factories import MAKE, Record, library, load, workshop

NAME = "ours.xlsx"
MOMENT = datetime(2021, 9, 3, 11)  # noqa: DTZ001  a cell of Excel's own has no offset
Rows = dict[str, list[list[Any]]]


def template(bundles: dict[str, dict[str, Record]] | None = None) -> bytes:
    buffer = io.BytesIO()
    write_template(buffer, bundles)
    return buffer.getvalue()


def workbook(**tables: list[list[Any]]) -> bytes:
    """Return a workbook; in a sheet's name, __ stands for the dot."""
    book = Workbook()
    for name, rows in tables.items():
        page = book.create_sheet(name.replace("__", "."))
        for row in rows:
            page.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def packed(raw: bytes, changed: dict[str, bytes]) -> bytes:
    """Return a workbook with some of its parts changed or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old:
        parts = {each: old.read(each) for each in old.namelist()} | changed
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return buffer.getvalue()


def part(raw: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return archive.read(name)


def one(header: str, value: Any) -> Any:
    """Return what one cell of the sheet of workshops says."""
    bundle = read_workbook(workbook(workshops=[["id", header], ["x", value]]), NAME)
    return bundle.data["workshops"]["x"].get(header)


def told(raw: bytes) -> str:
    """Return what is said of a workbook that cannot be read."""
    with pytest.raises(MalformedBody) as caught:
        read_workbook(raw, NAME)
    return str(caught.value)


def by_id(pairs: Any) -> dict[str, dict[str, Record]]:
    found: dict[str, dict[str, Record]] = {}
    for name, record in pairs:
        found.setdefault(name, {})[record["id"]] = record
    return found


def read_again(bundles: dict[str, dict[str, Record]]) -> dict[str, dict[str, Record]]:
    items = items_of([read_workbook(template(bundles), NAME)])
    return by_id((item.collection.name, item.record) for item in items)


# What is written is read back.


def test_the_seeds_come_back_from_a_workbook_as_they_were():
    items = seeding.load(seeding.bundle_files([], ROOT / "seed"))
    bundles = by_id((item.collection.name, item.record) for item in items)
    assert len(items) > 100
    assert read_again(bundles) == bundles


def test_a_varied_store_comes_back_as_it_was():
    bundles = by_id((name, load(name, record)) for name, record in library())
    assert read_again(bundles) == bundles


def test_an_empty_template_holds_nothing():
    assert read_workbook(template(), NAME) == Bundle(NAME, {})


def test_a_template_is_written_to_a_file_too(tmp_path: Path):
    write_template(tmp_path / "new.xlsx")
    assert read_workbook((tmp_path / "new.xlsx").read_bytes(), NAME).data == {}


def test_the_version_that_a_record_was_exported_from_comes_back():
    bundles = {"workshops": {"x": {"version": 7, "title": "T"}}}
    assert read_workbook(template(bundles), NAME).data == bundles


STRANGE = [
    *("=1+1", "#REF!", "'quoted", "one\ntwo\r\nthree", "_x000D_ as such", "2021-09", "1e5", "TRUE"),
    *("\uffff", "Ёлка 🎄 ⏎ ë", "a\tb", "» a sign", "<b>&amp;</b>", "a" * 20_000, "a\u2028b"),
]


def test_strange_texts_come_back_as_they_were():
    for_each = {f"x{n}": {"summary": text} for n, text in enumerate(STRANGE)}
    records = [
        load("workshops", workshop(id_, **texts, translations={"uk": texts}))
        for id_, texts in for_each.items()
    ]
    bundles = by_id(("workshops", record) for record in records)
    assert read_again(bundles) == bundles


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf"], exclude_characters="⏎") | st.just("\n"),
    min_size=1,
    max_size=40,
).filter(lambda text: text == text.strip() and "_x" not in text.lower() and "\n\n" not in text)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example([("one\ntwo", ["a, b", "c\nd", "e: f"])])
@given(st.lists(st.tuples(texts, st.lists(texts, unique=True, max_size=4)), max_size=8))
def test_any_text_and_list_comes_back(drawn: list[tuple[str, list[str]]]):
    records = [
        workshop(f"x{number}", summary=text, objectives=points, participants={"groups": [text]})
        for number, (text, points) in enumerate(drawn)
    ]
    bundles = by_id(("workshops", load("workshops", record)) for record in records)
    assert read_again(bundles) == bundles


# The template.


@pytest.fixture(scope="module")
def blank() -> Workbook:
    return load_workbook(io.BytesIO(template()))


def test_the_template_explains_itself_first_and_has_a_sheet_for_each_type(blank: Workbook):
    assert blank.sheetnames[0] == "Read me"
    assert blank.sheetnames[1:8] == [each.name for each in COLLECTIONS]
    assert {"workshops.organisers", "documents.files", "translations"} <= set(blank.sheetnames)
    assert max(map(len, blank.sheetnames)) <= 31


def test_each_column_has_its_help_and_required_ones_say_so(blank: Workbook):
    for name in sheets():
        header, about = list(blank[name].iter_rows(1, 2, values_only=True))
        assert len(header) == len(set(header)) == len(about)
        assert all(about), name
    helped = dict(zip(*blank["workshops"].iter_rows(1, 2, values_only=True), strict=True))
    assert helped["title"].startswith("Required. Its title;")
    assert "One of the list." in helped["kind"]
    assert helped["cities"].endswith("One a line, or with commas between.")


def test_closed_lists_are_drop_downs(blank: Workbook):
    rules = {str(r.sqref): r for r in blank["workshops"].data_validations.dataValidation}
    column = [cell.value for cell in blank["workshops"][1]].index("mode")
    letter = blank["workshops"].cell(1, column + 1).column_letter
    rule = rules[f"{letter}3:{letter}20000"]
    offered = [row[0].value for row in blank["Lists"][rule.formula1.split("!")[1].replace("$", "")]]
    assert offered == ["online", "in_person", "hybrid", "unknown"]
    assert rule.type == "list"
    assert rule.showErrorMessage


def test_the_record_of_an_entry_is_chosen_from_the_ids_of_its_sheet(blank: Workbook):
    (rule,) = blank["workshops.organisers"].data_validations.dataValidation
    assert str(rule.sqref) == "A3:A20000"
    assert rule.formula1.startswith("OFFSET('workshops'!$A$3")


def test_columns_are_text_but_for_numbers_and_the_header_stays(blank: Workbook):
    page = blank["workshops"]
    formats = {cell.value: page.column_dimensions[cell.column_letter] for cell in page[1]}
    for name in ("id", "kind", "starts_on", "starts_at", "external_ids"):
        assert formats[name].number_format == "@", name
    assert formats["participants.total"].number_format == "General"
    assert page.freeze_panes == "B2"


def test_every_field_of_every_type_has_a_place():
    for collection in COLLECTIONS:
        heads = {name.partition(".")[0] for name in sheets()[collection.name].columns}
        parts = {each.part for each in sheets().values() if each.collection is collection}
        assert {*collection.fields} - {"translations"} <= heads | parts


def test_the_column_that_names_the_record_is_no_field_of_the_entry():
    for sheet in sheets().values():
        if sheet.part:
            inner = BY_NAME[sheet.collection.name].fields[sheet.part].inner.schema.fields
            assert sheet.key not in inner


@pytest.mark.parametrize("text", ["a" * 32_768, "🎄" * 20_000])
def test_a_text_that_no_cell_can_hold_is_not_cut(text: str):
    with pytest.raises(MalformedBody, match="workshops/x: summary is longer than the 32,767"):
        template({"workshops": {"x": {"summary": text}}})


def test_more_rows_than_a_sheet_takes_are_refused_when_written(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.services.workbook_template.MOST_ROWS", 4)
    assert template({"actions": {"x": {}, "y": {}}})
    with pytest.raises(MalformedBody, match="sheet actions: has room for 4 rows, not more"):
        template({"actions": {"x": {}, "y": {}, "z": {}}})


# What cells say.

CELLS = {
    "outer blanks": ("title", "  A title \n", "A title"),
    "a year as a number": ("starts_on", 2021, "2021"),
    "a year as a decimal number": ("starts_on", 2021.0, "2021"),
    "a number in text": ("platform", 2.5, "2.5"),
    "a day": ("starts_on", date(2021, 9, 3), "2021-09-03"),
    "a moment": ("starts_at", MOMENT, "2021-09-03T11:00:00"),
    "lines": ("objectives", "One, two\n\n three ", ["One, two", "three"]),
    "ids": ("cities", "kharkiv, tirana\nbeirut;", ["kharkiv", "tirana", "beirut"]),
    "languages": ("languages", "en,uk", ["en", "uk"]),
    "pairs": (
        "external_ids",
        "unece_event: 359406\nsite:a:b",
        {"unece_event": "359406", "site": "a:b"},
    ),
    "a line break in an entry": ("aliases", "one⏎two", ["one\ntwo"]),
    "Excel's own escapes": ("title", "a_x000D_b", "a\rb"),
    "only blanks": ("summary", "   ", None),
    "a truth where text belongs": ("title", True, True),
}


@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_says_what_it_shows(kind: str):
    header, value, expected = CELLS[kind]
    assert one(header, value) == expected


TOTALS = [(12, 12), (12.0, 12), ("12", 12), ("12 000", "12 000"), (1.5, 1.5), (True, True)]


@pytest.mark.parametrize(("value", "expected"), TOTALS)
def test_a_number_may_be_typed_as_text(value: Any, expected: Any):
    raw = workbook(workshops=[["id", "participants.total"], ["x", value]])
    read = read_workbook(raw, NAME).data["workshops"]["x"]["participants"]["total"]
    assert (read, type(read)) == (expected, type(expected))


SHOWN = {"mmm-yy": "2021-09", '[$-409]mmmm" of "yyyy;@': "2021-09", "yyyy": "2021", "d/m/yy": None}


@pytest.mark.parametrize("form", SHOWN)
def test_a_date_is_no_more_precise_than_it_shows(form: str):
    book = load_workbook(
        io.BytesIO(workbook(workshops=[["id", "starts_on"], ["x", date(2021, 9, 1)]]))
    )
    book["workshops"]["B2"].number_format = form
    read = read_workbook(saved(book), NAME).data["workshops"]["x"]["starts_on"]
    assert read == SHOWN[form] or (SHOWN[form] is None and read == "2021-09-01")


def test_columns_may_stand_in_any_order_and_empty_rows_anywhere():
    rows = [[None, None], ["title", " id "], [None, None], ["A", "x"], [" ", None], ["B", "y"]]
    bundle = read_workbook(workbook(workshops=rows), NAME)
    assert bundle.data == {"workshops": {"x": {"title": "A"}, "y": {"title": "B"}}}
    assert bundle.place("/workshops/y/title") == "ours.xlsx, sheet workshops, row 6, column title"


def test_the_help_row_is_skipped_wherever_sorting_put_it():
    rows = [["id", "title"], ["x", "A"], ["» Required. Its id.", "Required. Its title."]]
    assert read_workbook(workbook(workshops=rows), NAME).data == {
        "workshops": {"x": {"title": "A"}}
    }


def test_entries_keep_their_order_under_their_record():
    raw = workbook(
        workshops__organisers=[["name", "workshop"], ["One", "x"], ["Two", "y"], ["Three", "x"]],
        workshops=[["id"], ["x"], ["y"]],
    )
    bundle = read_workbook(raw, NAME)
    assert bundle.data["workshops"]["x"]["organisers"] == [{"name": "One"}, {"name": "Three"}]
    place = bundle.place("/workshops/x/organisers/1/name")
    assert place == "ours.xlsx, sheet workshops.organisers, row 4, column name"


def test_texts_of_other_languages_have_the_shape_of_their_field():
    rows = [
        ["type", "id", "lang", "field", "text"],
        ["workshops", "x", "uk", "title", "Назва"],
        ["workshops", "x", "uk", "objectives", "Один\nДва"],
        ["workshops", "x", "ru", "title", None],
    ]
    bundle = read_workbook(workbook(workshops=[["id"], ["x"]], translations=rows), NAME)
    texts = {"uk": {"title": "Назва", "objectives": ["Один", "Два"]}}
    assert bundle.data["workshops"]["x"] == {"translations": texts}
    assert bundle.place("/workshops/x/translations/uk/title").endswith("row 2, column text")


def test_faults_of_the_schemas_name_sheet_row_and_column():
    raw = workbook(
        workshops=[
            ["id", "lang", "title", "starts_on", "starts_at", "mode"],
            ["x", "en", "T", "9/2021", MOMENT, "onlin"],
        ],
        workshops__sources=[["workshop", "title"], ["x", "A page"]],
        translations=[
            ["type", "id", "lang", "field", "text"],
            ["workshops", "x", "uk", "titel", "Т"],
        ],
    )
    with pytest.raises(InvalidRecord) as caught:
        items_of([read_workbook(raw, NAME)])
    said = str(caught.value)
    assert (
        "sheet workshops, row 2, column starts_on: /workshops/x/starts_on: must be a date" in said
    )
    assert (
        "column starts_at: /workshops/x/starts_at: must be a date and time with its offset" in said
    )
    assert "column mode: /workshops/x/mode: must be one of online" in said
    assert "sheet workshops.sources, row 2: /workshops/x/sources/0/confidence: is required" in said
    assert "sheet translations, row 2, column text" in said
    assert "Did you mean title?" in said


# What is mistaken.

HEAD = ["type", "id", "lang", "field", "text"]
MISTAKES: dict[str, tuple[Rows, str]] = {
    "unknown column": (
        {"workshops": [["id", "titel"], ["x", "T"]]},
        "sheet workshops, row 1, column titel: there is no such column. Did you mean title?",
    ),
    "unknown column and no like": (
        {"workshops": [["id", "zzz"]]},
        "sheet workshops, row 1, column zzz: there is no such column.",
    ),
    "repeated column": (
        {"workshops": [["id", "title", "title"]]},
        "sheet workshops, row 1, column title: stands here twice",
    ),
    "column that is no text": (
        {"workshops": [["id", 7]]},
        "sheet workshops, row 1, column a number, date or formula: there is no such column.",
    ),
    "no column of ids": (
        {"workshops": [["title"], ["T"]]},
        "sheet workshops, row 1: the column id is missing",
    ),
    "unknown sheet": (
        {"workshop": [["id"], ["x"]]},
        "sheet workshop: there is no such sheet. Did you mean workshops?",
    ),
    "row without id": (
        {"workshops": [["id", "title"], [None, "T"]]},
        "sheet workshops, row 2, column id: is required",
    ),
    "repeated id": (
        {"workshops": [["id"], ["x"], [None], ["x"]]},
        "sheet workshops, row 4, column id: x stands in ours.xlsx, sheet workshops, row 2 too",
    ),
    "id that is a truth": (
        {"workshops": [["id"], [True]]},
        "sheet workshops, row 2, column id: must be text",
    ),
    "entry of no record": (
        {
            "workshops": [["id"], ["kharkiv-x"]],
            "workshops.organisers": [["workshop"], ["kharkiv-y"]],
        },
        "sheet workshops.organisers, row 2, column workshop: the sheet workshops has no row with "
        "the id kharkiv-y. Did you mean kharkiv-x?",
    ),
    "translation of no type": (
        {"translations": [HEAD, ["workshop", "x", "uk", "title", "Т"]]},
        "sheet translations, row 2, column type: there is no type workshop. "
        "Did you mean workshops?",
    ),
    "translation of no record": (
        {"translations": [HEAD, ["workshops", "x", "uk", "title", "Т"]]},
        "sheet translations, row 2, column id: the sheet workshops has no row with the id x.",
    ),
    "translation into no language": (
        {
            "workshops": [["id"], ["x"]],
            "translations": [HEAD, ["workshops", "x", None, "title", "Т"]],
        },
        "sheet translations, row 2, column lang: is required",
    ),
    "repeated translation": (
        {
            "workshops": [["id"], ["x"]],
            "translations": [HEAD, *[["workshops", "x", "uk", "title", "Т"]] * 2],
        },
        "sheet translations, row 3: the uk text of title stands here twice",
    ),
    "value without header": (
        {"workshops": [["id", None], ["x", "lost"]]},
        "sheet workshops, row 2: something stands in a column without a header",
    ),
    "formula": (
        {"workshops": [["id", "title"], ["x", "=A1"]]},
        "sheet workshops, row 2, column title: holds a formula; paste its value",
    ),
    "error value": (
        {"workshops": [["id", "title"], ["x", "#REF!"]]},
        "sheet workshops, row 2, column title: holds an error of the spreadsheet (#REF!)",
    ),
    "date in a text": (
        {"workshops": [["id", "date_as_printed"], ["x", date(2021, 9, 3)]]},
        "sheet workshops, row 2, column date_as_printed: holds a date of Excel's own",
    ),
    "external id without scheme": (
        {"workshops": [["id", "external_ids"], ["x", 359406]]},
        "sheet workshops, row 2, column external_ids: must be one scheme: value a line",
    ),
    "repeated scheme": (
        {"workshops": [["id", "external_ids"], ["x", "a: 1\na: 2"]]},
        "sheet workshops, row 2, column external_ids: has a twice",
    ),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_is_told_with_its_place(kind: str):
    tables, expected = MISTAKES[kind]
    said = told(workbook(**tables))
    assert f"  {NAME}, {expected}" in said
    assert said.startswith(f"{NAME}: 1 fault; nothing changed.")


def test_all_mistakes_are_told_at_once_up_to_a_hundred():
    said = told(workbook(workshops=[["id", "title"], *[[f"x{n}", "=A1"] for n in range(120)]]))
    assert said.startswith("ours.xlsx: 120 faults (the first 100 are shown); nothing changed.")
    assert len(said.splitlines()) == 101


# What is hostile or damaged.

SHEET = "xl/worksheets/sheet1.xml"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = b"<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>"


def sheet_of(data: bytes, before: bytes = b"") -> bytes:
    """Return a workbook whose only sheet is written by hand."""
    book = Workbook()
    book.worksheets[0].title = "workshops"
    xml = before + b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (MAIN, data)
    return packed(saved(book), {SHEET: xml})


def content_types(raw: bytes, old: bytes, new: bytes) -> bytes:
    name = "[Content_Types].xml"
    return packed(raw, {name: part(raw, name).replace(old, new)})


FINE = workbook(workshops=[["id", "title"], ["x", "T"]])
CELL = b"<row r='%d'><c r='%s' t='inlineStr'><is><t>id</t></is></c></row>"
HOSTILE = {
    "nothing": (b"", "is not an .xlsx workbook"),
    "no zip": (b"id,title\n", "is not an .xlsx workbook"),
    "truncated": (FINE[: len(FINE) // 2], "is not an .xlsx workbook, or is damaged"),
    "another zip": (packed(FINE, {"[Content_Types].xml": b""}), "is not an .xlsx workbook"),
    "with a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "has a password"),
    "macros": (
        content_types(FINE, b"spreadsheetml.sheet.main", b"excel.sheet.macroEnabled.main"),
        "may hold macros",
    ),
    "a bomb of zeros": (packed(FINE, {"a.xml": b"\0" * 40_000_000}), "packed far more tightly"),
    "a thousand parts": (packed(FINE, {f"{n}.xml": b"" for n in range(1000)}), "more tightly"),
    "entities": (sheet_of(b"", LAUGHS), "defines a document type"),
    "entities in UTF-16": (
        packed(FINE, {"b.bin": (LAUGHS + b"<a/>").decode().encode("utf-16")}),
        "defines a document type",
    ),
    "deep": (sheet_of(b"<a>" * 100 + b"</a>" * 100), "far more content"),
    "a far row": (
        sheet_of(CELL % (20_001, b"A20001")),
        "row 20001: a sheet has at most 20,000 rows",
    ),
    "a far column": (sheet_of(CELL % (1, b"CW1")), "row 1: a sheet has at most 100 columns"),
    "rows out of order": (
        sheet_of(CELL % (2, b"A2") + CELL % (1, b"A1")),
        "has the row 1 after the row 2",
    ),
    "a row of no number": (sheet_of(b"<row r='x'/>"), "is damaged (ValueError)"),
    "a column of no letter": (sheet_of(CELL % (1, b"AAAA1")), "is damaged (ValueError)"),
    "broken XML": (sheet_of(b"<row>"), "is damaged"),
    "strict": (
        packed(
            FINE,
            {
                "xl/workbook.xml": b"<workbook xmlns='http://purl.oclc.org/ooxml/spreadsheetml/main'/>"
            },
        ),
        "is Strict Open XML; save it as an ordinary Excel workbook",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_or_damaged_file_is_refused_in_a_sentence(kind: str):
    raw, expected = HOSTILE[kind]
    assert f"{NAME}: " in told(raw)
    assert expected in told(raw)


def test_a_zip_with_a_password_is_refused():
    raw = bytearray(FINE)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(signature)
        raw[at + offset] |= 1
    assert "has a password; save it without one" in told(bytes(raw))


def test_far_rows_and_columns_without_content_do_no_harm():
    rows = b"<row r='1'><c r='A1' t='inlineStr'><is><t>id</t></is></c><c r='XFD1' s='0'/></row>"
    raw = sheet_of(rows + b"<row r='1048576' ht='12'/><row r='99999999999'/>")
    assert read_workbook(raw, NAME).data == {}


def test_many_cells_that_share_a_long_text_are_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.services.workbook_file.LARGEST", 100_000)
    raw = workbook(workshops=[["id", "summary"], *[[f"x{n}", "a" * 30_000] for n in range(4)]])
    assert "has more than 100,000 characters" in told(raw)


def test_a_cell_longer_than_excel_takes_is_refused():
    text = b"<row><c t='inlineStr'><is><t>id</t></is></c></row><row><c t='inlineStr'><is><t>"
    raw = sheet_of(text + b"a" * 32_768 + b"</t></is></c></row>")
    assert "row 2, column id: holds more than 32,767 characters" in told(raw)


@pytest.mark.filterwarnings("ignore:.*is marked as a date:UserWarning")
def test_a_date_beyond_the_calendar_is_told_as_an_error():
    book = load_workbook(io.BytesIO(workbook(workshops=[["id", "starts_on"], ["x", 10**9]])))
    book["workshops"]["B2"].number_format = "yyyy-mm-dd"
    assert "row 2, column starts_on: holds an error of the spreadsheet (#VALUE!)" in told(
        saved(book)
    )


RICH = template(by_id((name, load(name, make())) for name, make in MAKE.items()))
PARTS = sorted(zipfile.ZipFile(io.BytesIO(RICH)).namelist())


def only_malformed(raw: bytes) -> None:
    try:
        read_workbook(raw, NAME)
    except MalformedBody as error:
        assert str(error).startswith(NAME)  # noqa: PT017  reading it is right as well


@settings(max_examples=200, deadline=None)
@example(b"PK\x05\x06" + b"\0" * 18)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(b"PK\x03\x04".__add__))
def test_random_bytes_are_malformed_and_nothing_else(raw: bytes):
    only_malformed(raw)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(RICH) - 1), st.binary(min_size=1, max_size=8))
def test_a_workbook_with_changed_bytes_is_read_or_malformed(at: int, change: bytes):
    only_malformed(RICH[:at] + change + RICH[at + len(change) :])


scraps = st.sampled_from(
    [
        *(b"", b"<", b">", b'"', b"9" * 30, b"-1", b"A1", b"<c/>", b"<f>1</f>", b"nan", b"&#0;"),
        *(b"<row r='7'>", b"</row>", b"t='s'", b"t='e'", b"t='d'", b"<v>1</v>", b"rId9", b"\xff"),
    ]
)


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PARTS), st.floats(0, 1), st.integers(0, 60), scraps)
def test_a_workbook_with_a_changed_part_is_read_or_malformed(
    name: str, where: float, length: int, scrap: bytes
):
    content = part(RICH, name)
    at = int(where * len(content))
    only_malformed(packed(RICH, {name: content[:at] + scrap + content[at + length :]}))


def test_many_entries_of_unknown_records_are_told_without_long_comparing():
    ids = [[f"{'a' * 60}-{n}"] for n in range(400)]
    raw = workbook(
        workshops=[["id"], ["b" * 9000], *ids],
        workshops__organisers=[["workshop"], ["c" * 9000], *[[f"{each}-x"] for (each,) in ids]],
    )
    said = told(raw)
    assert "the sheet workshops has no row with the id cccc" in said
    assert "ccc….\n" in said
    assert "401 faults" in said

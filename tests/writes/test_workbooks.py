"""Workbooks over HTTP: what a bundle can do, told by sheet, row and column."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from api.services import seeding
from api.services.spreadsheets import write_template
from api.settings import ROOT
from tests.services.test_spreadsheets import HOSTILE, MISTAKES, workbook
from tests.stores import disagreements
from tests.writes.acting import Writer, is_problem, refused, trace

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CITY = {"id": "exampleville", "lang": "en", "name": "Exampleville", "country": "UA"}
NOTHING = dict.fromkeys(("create", "update", "unchanged", "delete", "conflict"), 0)
SOURCE = {"city": "exampleville", "title": "An invented page", "confidence": "stated"}


def filled(**rows: list[dict[str, Any]]) -> bytes:
    """Return the template with some rows filled in, as a person would."""
    buffer = io.BytesIO()
    write_template(buffer, None)
    book = load_workbook(io.BytesIO(buffer.getvalue()))
    for name, values in rows.items():
        sheet = book[name.replace("__", ".")]
        headers = [cell.value for cell in sheet[1]]
        for number, row in enumerate(values, 3):  # the second row is help
            for header, value in row.items():
                sheet.cell(number, headers.index(header) + 1, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_template_that_was_filled_in_is_planned_and_applied(writer: Writer) -> None:
    raw = filled(cities=[CITY], cities__sources=[SOURCE])
    applied = writer.apply(raw, XLSX).json["data"]
    assert (applied["applied"], applied["counts"]["create"]) == (True, 1)
    assert writer.get("/cities/exampleville").json["data"]["country"] == "UA"
    again = writer.plan(raw, XLSX).json["data"]
    assert again["counts"]["unchanged"] == 1
    assert disagreements(writer.engine) == []


def test_the_seeds_in_a_workbook_are_the_seeds(seeded_writer: Writer) -> None:
    buffer = io.BytesIO()
    bundles: dict[str, Any] = {}
    items = seeding.load(seeding.bundle_files([], ROOT / "seed"))
    for item in items:
        bundles.setdefault(item.collection.name, {})[item.record["id"]] = item.record
    write_template(buffer, bundles)
    planned = seeded_writer.plan(buffer.getvalue(), XLSX).json["data"]
    assert planned["counts"] == {**NOTHING, "unchanged": len(items)}


def test_a_wrong_value_is_told_by_sheet_row_and_column(writer: Writer) -> None:
    raw = filled(cities=[{**CITY, "country": "XX"}], cities__sources=[SOURCE])
    (fault,) = is_problem(writer.plan(raw, XLSX), 422)["errors"]
    assert fault["pointer"] == "/cities/exampleville/country"
    assert fault["place"] == "body, sheet cities, row 3, column country"


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_in_a_workbook_is_refused_with_its_place(writer: Writer, kind: str) -> None:
    tables, expected = MISTAKES[kind]
    before = trace(writer.engine)
    told = refused(writer.plan(workbook(**tables), XLSX))
    expected = expected.replace("ours.xlsx", "body")
    assert expected in f"{told['errors'][0]['place']}: {told['errors'][0]['detail']}"
    assert trace(writer.engine) == before


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_workbook_is_refused_in_words(writer: Writer, kind: str) -> None:
    before = trace(writer.engine)
    raw, expected = HOSTILE[kind]
    assert expected in is_problem(writer.plan(raw, XLSX), 400)["detail"]
    assert trace(writer.engine) == before

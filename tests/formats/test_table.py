"""Tables: what stands in a cell, that columns stay, and that spreadsheets take them as they are."""

import csv
import io
import json
from pathlib import Path

import orjson
import pytest
import tablib
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from api.formats import table
from api.services.projection import columns
from api.services.records import COLLECTIONS
from tests.formats.conftest import TEXTS

FROZEN: dict[str, list[str]] = json.loads((Path(__file__).parent / "columns.json").read_text())
LISTS = st.lists(TEXTS, min_size=1, max_size=5)


def _read(records: list[dict[str, object]], names: list[str]) -> list[list[str]]:
    text = b"".join(table.lines([records], names)).decode()
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda each: each.name)
def test_columns_stay_and_new_ones_come_last(collection: object) -> None:
    """A field of its own version (`since` in its facts) comes after those of the versions before.

    When one is added on purpose, it is added at the end of columns.json too.
    """
    assert list(columns(collection)) == FROZEN[collection.name]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ([], ""),
        ({}, ""),
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("@here", "'@here"),
        ("-5", "'-5"),
        ("'tis", "''tis"),
        ("\n=1", "'\n=1"),
        ("\tone", "'\tone"),
        ("\u00a0 =1", "'\u00a0 =1"),
        ("＝1", "'＝1"),
        (" plain - not", " plain - not"),
        (-5.25, "-5.25"),
        (0, "0"),
        (["a", "b"], "a|b"),
        (["a|b", "c\\"], "a\\|b|c\\\\"),
        (["=a", "b"], "'=a|b"),
        ({"total": 3}, '{"total":3}'),
        ([{"name": "UNECE"}], '[{"name":"UNECE"}]'),
    ],
)
def test_a_cell(value: object, cell: str) -> None:
    assert table.cell(value) == cell


@given(TEXTS)
def test_a_text_comes_back_from_its_cell(text: str) -> None:
    [[cell]] = _read([{"text": text}], ["text"])[1:]
    assert cell.removeprefix("'") == text


@given(LISTS)
def test_a_list_comes_back_from_its_cell(entries: list[str]) -> None:
    [[cell]] = _read([{"list": entries}], ["list"])[1:]
    found, escaped = [""], False
    for sign in cell.removeprefix("'"):
        if not escaped and sign == "|":
            found.append("")
        elif escaped or sign != "\\":
            found[-1] += sign
        escaped = not escaped and sign == "\\"
    assert found == entries


@given(st.lists(st.tuples(TEXTS, LISTS), min_size=1, max_size=5))
def test_no_cell_becomes_a_formula_in_a_spreadsheet(rows: list[tuple[str, list[str]]]) -> None:
    records = [{"text": text, "list": entries} for text, entries in rows]
    data = b"".join(table.lines([records], ["text", "list"])).decode()
    book = tablib.Dataset().load(data, format="csv").export("xlsx", escape=False)
    cells = [cell for row in load_workbook(io.BytesIO(book)).active for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n" and cell.value is None] == []


def test_batches_make_one_table() -> None:
    parts = list(table.lines([[{"a": 1}], [{"a": 2}]], ["a"]))
    assert parts == [b"a\r\n", b"1\r\n", b"2\r\n"]
    assert orjson.loads(table.cell({"x": ["ü"]})) == {"x": ["ü"]}

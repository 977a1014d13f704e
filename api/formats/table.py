"""Records as CSV (RFC 4180): one line a record, in UTF-8, the columns in an order that stays.

A list of texts is joined by `|`, with a backslash before a `|` or backslash of an entry's own; what
has parts is JSON. A text that a spreadsheet would take for a formula gets an apostrophe before it,
and so does one that begins with an apostrophe: who reads a cell takes one away from its beginning.
Numbers are left alone.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from .places import Record

BOM = b"\xef\xbb\xbf"
_TAKEN_WRONGLY = re.compile(r"'|[\t\r\n]|\s*[=+\-@＝＋－＠]")
"""How a text begins that a spreadsheet takes for a formula, or that looks as if it had been mended.
Some drop blanks or take full-width signs for plain ones (OWASP, CSV injection).
"""


def lines(batches: Iterable[Iterable[Record]], columns: Sequence[str]) -> Iterator[bytes]:
    """Yield the header, and then each batch of records."""
    yield _rows([columns])
    for batch in batches:
        yield _rows([cell(record[name]) for name in columns] for record in batch)


def cell(value: Any) -> str:
    """Return what stands in a cell; empty for what is unknown."""
    if value is None or value in ([], {}):
        return ""
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, bool | int | float):
        return orjson.dumps(value).decode()
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return _harmless("|".join(map(_escaped, value)))
    return orjson.dumps(value).decode()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _harmless(text: str) -> str:
    return f"'{text}" if _TAKEN_WRONGLY.match(text) else text


def _rows(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()

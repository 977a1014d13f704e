"""One cell: what it says, as plain data, and plain data as what a cell says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .workbook_layout import Kind

LINE_BREAK = "⏎"
"""Stands for a line break inside one entry of a list, as lines part the entries."""
LONGEST = 32_767
"""Excel takes no more characters (of UTF-16) in a cell."""
_ESCAPED = re.compile(r"_x(?!d[89a-f])([0-9a-f]{4})_", re.IGNORECASE)
_UNSAFE = re.compile("_(?=x[0-9a-fA-F]{4}_)|[\r\ufffe\uffff]")
_NUMBERS = {
    Kind.WHOLE: re.compile(r"[-+]?\d{1,18}", re.ASCII),
    Kind.NUMBER: re.compile(r"[-+]?\d{1,18}(\.\d{1,18})?", re.ASCII),
}


@dataclass(frozen=True)
class Dated:
    """A date of Excel's own, as ISO 8601 with what the cell shows of it."""

    text: str


@dataclass(frozen=True)
class Broken:
    """What cannot be taken at all, and why."""

    why: str


Value = str | int | float | bool | Dated | Broken


def dated(value: Any, number_format: str) -> Dated:
    """Return Excel's date as it shows: a cell that shows `Sep 2021` is 2021-09, not a day."""
    if not isinstance(value, date):
        return Dated(str(value))
    if isinstance(value, datetime):
        if value.time() != value.min.time():
            return Dated(value.isoformat())
        value = value.date()
    shown = re.sub(r'"[^"]*"|\[[^]]*]|\\.', "", number_format).partition(";")[0].lower()
    longest = 10 if "d" in shown or "y" not in shown else 7 if "m" in shown else 4
    return Dated(value.isoformat()[:longest])


def unescaped(text: str) -> str:
    """Return text without Excel's escapes (`_x000D_`) and outer blanks."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).strip()


def read(value: Value, kind: Kind) -> Any:
    """Return the data of a cell that is not empty; ValueError says what is wrong with it.

    Whether the data is right for the field is for the schema to say.
    """
    if isinstance(value, Broken):
        raise ValueError(value.why)
    if isinstance(value, Dated):
        if kind is not Kind.DATE:
            raise ValueError("holds a date of Excel's own; format the cell as text, and retype it")
        return value.text
    if kind in _NUMBERS:
        return _number(value, kind)
    if isinstance(value, bool) or kind is Kind.BOOLEAN:
        return value
    text = _plain(value)
    if kind is Kind.WORDS:
        return entries(re.split(r"[,;\n]", text))
    if kind is Kind.LINES:
        return entries(text.split("\n"))
    return _pairs(text) if kind is Kind.PAIRS else text


def entries(parts: Iterable[str]) -> list[str]:
    """Return the entries of a list that are not blank."""
    return [part.replace(LINE_BREAK, "\n").strip() for part in parts if part.strip()]


def _number(value: str | float, kind: Kind) -> str | float:
    if isinstance(value, str):
        if not _NUMBERS[kind].fullmatch(value):
            return value
        value = float(value) if "." in value else int(value)
    if isinstance(value, float) and kind is Kind.WHOLE and value.is_integer():
        return int(value)
    return value


def _plain(value: str | float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return value if isinstance(value, str) else str(value)


def _pairs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in entries(text.split("\n")):
        scheme, colon, value = line.partition(":")
        if not colon:
            raise ValueError("must be one scheme: value a line, like unece_event: 359406")
        scheme = scheme.strip()
        if scheme in found:
            raise ValueError(f"has {scheme} twice")
        found[scheme] = value.strip()
    return found


def written(value: Any) -> str | int | float | bool | None:
    """Return what a cell says of a field's value, None for nothing.

    ValueError for what is longer than a cell can be.
    """
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        value = [f"{scheme}: {each}" for scheme, each in value.items()]
    if isinstance(value, list):
        value = "\n".join(str(each).replace("\n", LINE_BREAK) for each in value)
    if not value:
        return None
    text = _UNSAFE.sub(lambda found: f"_x{ord(found[0]):04x}_", value)
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST:
        raise ValueError(f"is longer than the {LONGEST:,} characters that a cell can hold")
    return text

"""Seed bundles: YAML read into plain data, each value with its line.

A bundle is a mapping: collection → id → the record's write form. The YAML is that of version
1.2's core schema (so `NO` is text and `2021-09-03` is not a date), without anchors, aliases,
tags and repeated keys.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml

from ..errors import Fault, MalformedBody
from ..schemas.faults import pointed

LARGEST = 20_000_000
DEEPEST = 40
MOST_EVENTS = 2_000_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_WORDS: dict[str, Any] = {"": None, "~": None}
for _word, _value in (("null", None), ("true", True), ("false", False)):
    _WORDS |= dict.fromkeys((_word, _word.capitalize(), _word.upper()), _value)
LONGEST_NUMBER = 40


@dataclass(frozen=True)
class Bundle:
    """The plain data of one bundle, and where each value (by JSON pointer) stands in it."""

    name: str
    data: dict[str, Any]
    places: dict[str, str] = field(default_factory=dict)

    def place(self, pointer: str) -> str:
        """Return where a pointer stands, `file:line`, or the nearest thing around it."""
        return self.places.get(self._nearest(pointer), self.name)

    def order(self, pointer: str) -> int:
        """Return how many things stand before a pointer, or the nearest thing around it."""
        return self._order.get(self._nearest(pointer), -1)

    def _nearest(self, pointer: str) -> str:
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return pointer

    @cached_property
    def _order(self) -> dict[str, int]:
        return {pointer: number for number, pointer in enumerate(self.places)}


def read_yaml(raw: bytes, name: str) -> Bundle:
    """Read a bundle from YAML (of which JSON is a part)."""
    try:
        builder = _Builder(name)
        for event in yaml.parse(raw.decode("utf-8-sig"), Loader=_LOADER):
            builder.take(event)
    except UnicodeDecodeError as error:
        raise MalformedBody(f"{name}: byte {error.start} is not UTF-8") from None
    except yaml.YAMLError as error:
        raise MalformedBody(f"{name}: {_problem(error)}") from None
    data = builder.result
    if not isinstance(data, dict):
        raise MalformedBody(f"{name}: a bundle is a mapping: collection, id, record")
    return Bundle(name, data, builder.places)


def _problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"line {mark.line + 1}: {what}" if mark else what


class _Builder:
    """Puts the parser's events together, without recursion and with every line noted."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[str, str] = {}
        self.result: Any = {}
        self._open: list[tuple[Any, str]] = []
        self._key: list[str | None] = []
        self._key_line = 0
        self._documents = 0
        self._events = 0

    def take(self, event: Any) -> None:
        self._count(event)
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(event, "a bundle is one document")
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._refuse(event, "anchors and aliases are not taken; write it out")
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
            self._key.pop()
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._refuse_tag(event)
            if len(self._open) >= DEEPEST:
                self._refuse(event, f"nested more than {DEEPEST} deep")
            value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            pointer = self._place(value, event)
            self._open.append((value, pointer))
            self._key.append(None)

    def _count(self, event: Any) -> None:
        self._events += 1
        if self._events > MOST_EVENTS:
            self._refuse(event, f"has more than {MOST_EVENTS:,} values and marks; split it")

    def _scalar(self, event: Any) -> None:
        self._refuse_tag(event)
        plain = event.implicit[0] and not event.style
        if not self._open and plain and event.value == "":
            return  # an empty document
        if self._open and isinstance(self._open[-1][0], dict) and self._key[-1] is None:
            mapping, _ = self._open[-1]
            if event.value in mapping:
                self._refuse(event, f"{event.value} stands here twice")
            self._key[-1] = event.value
            self._key_line = event.start_mark.line
            return
        self._place(resolve(event.value) if plain else event.value, event)

    def _place(self, value: Any, event: Any) -> str:
        if not self._open:
            self.result = value
            return ""
        holder, at = self._open[-1]
        key = self._key[-1]
        if isinstance(holder, list):
            holder.append(value)
            step = str(len(holder) - 1)
        elif key is None:
            self._refuse(event, "a key must be plain text")
        else:
            holder[key] = value
            self._key[-1] = None
            step = key
        line = event.start_mark.line if isinstance(holder, list) else self._key_line
        pointer = pointed(at, step)
        if not isinstance(holder, list) or isinstance(value, dict | list):
            self.places[pointer] = f"{self.name}:{line + 1}"
        return pointer

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            self._refuse(event, f"tags like {event.tag} are not taken")

    def _refuse(self, event: Any, what: str) -> Any:
        raise MalformedBody(f"{self.name}:{event.start_mark.line + 1}: {what}")


def resolve(text: str) -> Any:
    """Return what plain text stands for in YAML 1.2's core schema."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > LONGEST_NUMBER:
        return text
    if _WHOLE.fullmatch(text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    return float(text) if _NUMBER.fullmatch(text) else text


def located(bundle: Bundle, at: str, faults: Iterable[Fault]) -> list[Fault]:
    """Return faults of what stands at a pointer with their own pointer and place, in order."""
    pointers = [(each, f"{at}{each.pointer}") for each in faults]
    return [
        Fault(each.detail, pointer=pointer, place=bundle.place(pointer))
        for each, pointer in sorted(pointers, key=lambda found: bundle.order(found[1]))
    ]

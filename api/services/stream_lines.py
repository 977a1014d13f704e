"""The lines of a stream: read some hundred at a time, each a checked record or faults."""

import marshal
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context, parent_process
from typing import BinaryIO

import orjson
from marshmallow import ValidationError

from ..errors import Fault, MalformedBody
from ..schemas.faults import faults
from .bundles import Bundle
from .derived import Derived, derived
from .garbage import YOUNG_OF_IMPORTS, look_seldom
from .items import Item, load_fields
from .records import BY_NAME
from .strict import strict_json
from .words import vector

LONGEST_LINE = 5_000_000
AT_ONCE = 1_000
AT_ONCE_BYTES = 5_000_000
MANY = 1_000_000
"""From how many bytes on a stream is worth the start of processes."""


@dataclass(frozen=True)
class Lines:
    """Some lines with their numbers. `first`: the stream begins with them."""

    numbered: list[tuple[int, bytes]]
    first: bool


@dataclass(frozen=True)
class Checked:
    """What some lines came to: records with the numbers of their lines, faults with their places,
    and the number of the last line.
    """

    items: list[tuple[int, Item]] = field(default_factory=list)
    wrong: list[Fault] = field(default_factory=list)
    last: int = 0


Check = Callable[[Iterable[Lines], str], Iterator[Checked]]
"""How the parts of a stream of some name are checked."""


def parts_of(lines: BinaryIO, name: str) -> Iterator[Lines]:
    """Yield the lines of a stream that are not blank, some hundred at a time."""
    some, weight, first = list[tuple[int, bytes]](), 0, True
    for number, line in _numbered(lines, name):
        some.append((number, line))
        weight += len(line)
        if len(some) == AT_ONCE or weight > AT_ONCE_BYTES:
            yield Lines(some, first)
            some, weight, first = [], 0, False
    if some:
        yield Lines(some, first)


def checked_one_by_one(parts: Iterable[Lines], name: str) -> Iterator[Checked]:
    """Yield what each part comes to."""
    return (checked(part, name) for part in parts)


@contextmanager
def all_cores(*, vectors: bool = False) -> Iterator[Check]:
    """Yield what checks parts in processes of their own, in order, a few ahead.

    For commands alone: a server does not start processes while it answers. Enter it while no
    connection is open: the processes begin as copies of this one, which is ready, where the system
    can copy. They end with this one, however it ends. With `vectors` they make those, too, which
    PostgreSQL's search index wants.
    """
    cores = os.cpu_count() or 1
    look_seldom(YOUNG_OF_IMPORTS)
    how = get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(cores, how, _begin) as pool:
        pool.submit(os.getpid).result()  # now they are there
        yield partial(_checked_by, pool, 2 * cores, vectors)


def _begin() -> None:
    look_seldom(YOUNG_OF_IMPORTS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who is told to end ends them, too
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _checked_by(
    pool: ProcessPoolExecutor, most: int, vectors: bool, parts: Iterable[Lines], name: str
) -> Iterator[Checked]:
    ahead: deque[Future[Packed]] = deque()
    try:
        for part in parts:
            ahead.append(pool.submit(_packed, part, name, vectors))
            if len(ahead) > most:
                yield _unpacked(ahead.popleft().result(), name)
        while ahead:
            yield _unpacked(ahead.popleft().result(), name)
    finally:
        for each in ahead:
            each.cancel()


Packed = tuple[bytes, list[Fault], int]
"""What goes between processes: marshalled records, which are read faster than pickles."""


def _packed(part: Lines, name: str, vectors: bool) -> Packed:
    found, items = checked(part, name), []
    for number, each in found.items:
        follows = derived(each.collection, each.record)
        if vectors:
            words = follows.words
            words["vector"] = vector(words["names"], words["prose"])
        items.append((number, each.collection.name, each.version, tuple(follows)))
    return marshal.dumps(items, 2), found.wrong, found.last


def _unpacked(packed: Packed, name: str) -> Checked:
    items, wrong, last = packed
    bundle, found = Bundle(name, {}), Checked(wrong=wrong, last=last)
    for number, collection, version, values in marshal.loads(items):  # noqa: S302  our processes'
        known = Derived(*values)
        record = orjson.loads(known.body)
        found.items.append((number, Item(BY_NAME[collection], record, bundle, version, known)))
    return found


def checked(part: Lines, name: str) -> Checked:
    """Return what some lines come to; MalformedBody when one is no JSON object."""
    found = Checked(last=part.numbered[-1][0])
    for number, line in part.numbered:
        place = f"{name}:{number}"
        entry = _entry(line, place)
        if entry is None and part.first and (number, line) == part.numbered[0]:
            continue  # cursor and time of a snapshot
        collection = BY_NAME.get(str((entry or {}).get("type")))
        if entry is None or collection is None:
            detail = "type must name a collection"
            found.wrong.append(Fault(detail, pointer="/type", place=place))
            continue
        schema, fields = collection.form, entry.get("data")
        record_id = fields.get("id") if isinstance(fields, dict) else None
        try:
            record, version = load_fields(schema, record_id, fields)
        except ValidationError as error:
            told = faults(schema, error.normalized_messages())
            found.wrong.extend(placed(told, place))
        else:
            found.items.append((number, Item(collection, record, Bundle(name, {}), version)))
    return found


def placed(faults: Iterable[Fault], place: str) -> list[Fault]:
    """Return faults of a line's record with their place, and a pointer into the line."""
    return [replace(each, pointer=f"/data{each.pointer}", place=place) for each in faults]


def _entry(line: bytes, place: str) -> dict[str, object] | None:
    """Return a line's object, None for one that carries no record."""
    try:
        entry = strict_json(line)
    except MalformedBody as error:
        raise MalformedBody(f"{place}: {error.detail}") from None
    if not isinstance(entry, dict):
        raise MalformedBody(f"{place}: a line is an object with type and data")
    return entry if "type" in entry else None


def _numbered(lines: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := lines.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise MalformedBody(f"{name}:{number}: a line is longer than {LONGEST_LINE} bytes")
        if line.strip():
            yield number, line

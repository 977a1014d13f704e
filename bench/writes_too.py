"""Reads while writes arrive: in another collection than the answers show, and in the same."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import orjson

from .asks import asked
from .load import load
from .processes import settle
from .records import workshop_slug
from .stage import OURS, Stage, kind_of
from .writing import token, writes

SAME = {"W1": "cities", "W2": "workshops", "W3": "workshops", "W9": "recommendations"}
"""Item → the collection whose writes make its answers old."""


def measure_with_writes(made: Stage, rate: float, rounds: int, seconds: int, out: Path) -> None:
    """Measure ours alone and with writes, interleaved, and write a line for each load."""
    key = token(made.store)
    items = [item for item in made.paths if item in SAME]
    with out.open("wb") as file:
        for number in range(rounds):
            for item, (name, how, beside) in _cells(made, items, key, rate, number % 2 == 1):
                server = made.servers[name]
                paths = [(path, "") for path in made.paths[item][name]]
                load(server.base, paths, 1)
                with beside:
                    found = load(server.base, paths, seconds)
                settle(server.pid)
                line = {"size": made.size, "item": item, "peer": f"{name}{how}", "round": number}
                file.write(orjson.dumps(line | found._asdict()) + b"\n")
                file.flush()


Cell = tuple[str, str, AbstractContextManager[None]]


def _cells(
    made: Stage, items: list[str], key: str, rate: float, turned: bool
) -> Iterator[tuple[str, Cell]]:
    """Yield item and (contender, which writes, the block in which they arrive)."""
    ids = {"cities": asked(made.size)["W1"][0], "workshops": workshop_slug(1)}
    ids["recommendations"] = "recommendation-0000001"
    for item in items:
        same = SAME[item]
        other = "recommendations" if same != "recommendations" else "workshops"
        found: list[tuple[str, str, str]] = []
        for name in (each for each in made.servers if kind_of(each) in OURS):
            found += [(name, "", ""), (name, " + other", other), (name, " + same", same)]
        for name, how, written in found[:: -1 if turned else 1]:
            beside: AbstractContextManager[None] = nullcontext()
            if written:
                base = made.servers[name].base
                beside = writes(base, written, ids[written], key, rate)
            yield item, (name, how, beside)

"""The tables of a run, as Markdown: ratios, and p50 and p99.

    bench/report var/bench/S/run.jsonl

A ratio is given twice: of the medians over the rounds, and of each contender's best round. With
eight connections and two workers a round may fall on one worker alone, which halves a contender and
says nothing about it; so the best round is the fairer of the two.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any

import orjson

Rounds = dict[tuple[str, str], list[dict[str, Any]]]
YARDSTICKS = ("fastapi", "constant", "naive")


def read(path: Path) -> tuple[Rounds, dict[str, float]]:
    """Return (contender, item) → its rounds, and contender → MiB."""
    rounds: Rounds = defaultdict(list)
    memory = {}
    for line in path.read_bytes().splitlines():
        found = orjson.loads(line)
        if "memory" in found:
            memory[found["peer"]] = found["memory"]
        else:
            rounds[found["peer"], found["item"]].append(found)
    return rounds, memory


def tables(path: Path) -> Iterable[str]:
    """Yield the lines of all tables of a run."""
    rounds, memory = read(path)
    wrong = sum(each["wrong"] for found in rounds.values() for each in found)
    first = next(iter(rounds.values()))
    yield f"Size {first[0]['size']}, {len(first)} rounds, {wrong} answers that were no 2xx or 3xx."
    yield from table(rounds, "Requests a second, median (best)", _rates)
    names = {name for name, _ in rounds}
    for yardstick in YARDSTICKS if names & set(YARDSTICKS) else ("warm", "cold"):
        if yardstick in names:
            title = f"Ratio to {yardstick}, of medians (of best rounds)"
            yield from table(rounds, title, _ratio_to(rounds, yardstick))
    yield from table(rounds, "p50 / p99 in milliseconds, medians", _latencies)
    if memory:
        told = ", ".join(f"{name} {size:.0f}" for name, size in memory.items())
        yield f"\nMemory after the run, MiB of proportional set size: {told}."


Show = Callable[[str, list[dict[str, Any]]], str]


def table(rounds: Rounds, title: str, show: Show) -> Iterable[str]:
    """Yield a table: a line a contender, a column an item."""
    names = list(dict.fromkeys(name for name, _ in rounds))
    items = list(dict.fromkeys(item for _, item in rounds))
    yield f"\n**{title}**\n"
    yield f"| | {' | '.join(items)} |"
    yield f"| --- |{' ---: |' * len(items)}"
    for name in names:
        cells = []
        for item in items:
            found = rounds.get((name, item))
            cells.append(show(item, found) if found else "–")
        yield f"| {name} | {' | '.join(cells)} |"


def _rates(_item: str, found: list[dict[str, Any]]) -> str:
    rates = [each["rate"] for each in found]
    return f"{short(median(rates))} ({short(max(rates))})"


def _ratio_to(rounds: Rounds, yardstick: str) -> Show:
    def show(item: str, found: list[dict[str, Any]]) -> str:
        others = rounds.get((yardstick, item))
        if others is None and item == "W7":  # who gives no tag is asked for the whole
            others = rounds.get((yardstick, "W3"))
        if not others:
            return "–"
        mine, theirs = ([each["rate"] for each in some] for some in (found, others))
        of_medians = median(mine) / (median(theirs) or 1)
        return f"{short(of_medians)} ({short(max(mine) / (max(theirs) or 1))})"

    return show


def _latencies(_item: str, found: list[dict[str, Any]]) -> str:
    return " / ".join(short(median(each[name] for each in found)) for name in ("p50", "p99"))


def short(number: float) -> str:
    """Write a number with about three digits that tell."""
    if number >= 100:
        return f"{number:.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def main() -> None:
    """Print the tables of runs."""
    parser = argparse.ArgumentParser(prog="bench/report", description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path)
    for path in parser.parse_args().runs:
        print("\n".join(tables(path)))


if __name__ == "__main__":
    main()

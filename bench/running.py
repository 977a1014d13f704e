"""Measures all contenders on all items in one interleaved run, and prints the tables.

    bench/prepare --size S && bench/run --size S
    bench/run --size M --items W1,W3 --peers warm,cold,fastapi --rounds 7 --seconds 5
    bench/run --size S --check                 one answer of each; do all hold the same?
    bench/run --size M --writes 10             what writes that arrive do to the reads
    bench/run --size S --database postgresql   fills a temporary PostgreSQL for this run

Rounds go A B C, C B A, A B C ... so that what else the machine does hits all alike; compare only
within one run. The figures also go to var/bench/SIZE/run.jsonl, which `bench/report` reads.
"""

import argparse
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from .asking import Got, get, holds
from .asks import ITEMS, OURS_ALONE
from .load import Load, load
from .places import lines_of, peers_of, store_of
from .processes import proportional_memory, settle
from .records import SIZES
from .reporting import tables
from .servers import SERVERS, Running
from .stage import CONTENDERS, LIMITS, OURS, Stage, kind_of, stage
from .writes_too import measure_with_writes

WARMING_SECONDS = 2
WARMINGS = 20
SAMPLE = 24


def check(made: Stage) -> list[str]:
    """Ask each contender once for each item; return what differs from the first of them."""
    wrong = []
    for item, by_name in made.paths.items():
        first: Any = None
        for name, paths in by_name.items():
            if kind_of(name) in LIMITS or name not in made.servers:
                continue
            got = get(made.servers[name].base, paths[0])
            again = _asked_again(made, item, name, got)
            print(f"{item:4} {name:8} {got.status} {len(got.body):7} bytes  {again}")
            comparable = got.status == 200 and item not in OURS_ALONE
            held = holds(item, got) if comparable else got.status
            first = held if first is None else first
            if got.status != 200 or held != first:
                wrong.append(f"{item} {name}: {str(held)[:300]} instead of {str(first)[:300]}")
    return wrong


def _asked_again(made: Stage, item: str, name: str, got: Got) -> str:
    """Return the status of an answer to whoever holds it already."""
    if item != "W7" or "etag" not in got.headers:
        return ""
    held = {"If-None-Match": got.headers["etag"]}
    return str(get(made.servers[name].base, made.paths[item][name][0], held).status)


def measure(made: Stage, rounds: int, seconds: int, out: Path) -> None:
    """Measure all, and write a line for each load."""
    cells = {item: _cells(made, item) for item in made.paths}
    for asked in cells.values():
        for name, paths in asked.items():
            load(made.servers[name].base, paths, 1)
            settle(made.servers[name].pid)
    with out.open("wb") as file:
        for number in range(rounds):
            for item, asked in cells.items():
                print(f"\rround {number + 1} of {rounds}, {item}   ", end="", file=sys.stderr)
                for name in list(asked)[:: -1 if number % 2 else 1]:
                    if kind_of(name) == "warm":  # other items may have driven these answers out
                        warm_up(made.servers[name], asked[name])
                    found = load(made.servers[name].base, asked[name], seconds)
                    settle(made.servers[name].pid)
                    file.write(_line(made.size, item, name, number, found))
                file.flush()
        for name, server in made.servers.items():
            memory = {"peer": name, "memory": proportional_memory(server.pid)}
            file.write(orjson.dumps(memory) + b"\n")
    print(file=sys.stderr)


def warm_up(server: Running, asked: list[tuple[str, str]]) -> None:
    """Ask until all workers keep the answers, or as long as it goes faster: some are never kept."""
    rates: list[float] = []
    while len(rates) < WARMINGS and not (rates and _all_kept(server, asked)):
        rates.append(load(server.base, asked, WARMING_SECONDS).rate)
        if len(rates) > 3 and rates[-1] < rates[-4] * 1.1:
            break
    settle(server.pid)


def _all_kept(server: Running, asked: list[tuple[str, str]]) -> bool:
    """Tell whether some of the answers, on connections of their own, all come from the cache."""
    some = asked[:: max(1, len(asked) // SAMPLE)] * max(1, SAMPLE // len(asked))
    found = (get(server.base, path).headers.get("cache-status", "") for path, _ in some)
    return all("; hit" in each for each in found)


def _cells(made: Stage, item: str) -> dict[str, list[tuple[str, str]]]:
    """Return contender → (path, tag); whoever gives no tag has no part in W7."""
    found = {}
    for name, paths in made.paths[item].items():
        if name not in made.servers:
            continue
        tags = [""] * len(paths)
        if item == "W7":
            tags = [get(made.servers[name].base, path).headers.get("etag", "") for path in paths]
        if item != "W7" or all(tags):
            found[name] = list(zip(paths, tags, strict=True))
    return found


def _line(size: str, item: str, name: str, number: int, found: Load) -> bytes:
    line = {"size": size, "item": item, "peer": name, "round": number, **found._asdict()}
    return orjson.dumps(line | {"at": round(time.time())}) + b"\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench/run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--size", choices=SIZES, default="S")
    parser.add_argument("--items", default=",".join(ITEMS), help="such as W1,W3")
    parser.add_argument(
        "--peers", default=",".join(CONTENDERS), help="@SERVER after ours or constant: warm@granian"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each load, whole ones")
    parser.add_argument("--server", choices=SERVERS, default="pilotcities", help="what runs ours")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--check", action="store_true", help="only compare one answer of each")
    parser.add_argument("--writes", type=float, help="so many writes a second beside the reads")
    parser.add_argument("--out", type=Path, help="where the figures go")
    asked = parser.parse_args()
    asked.items, asked.peers = asked.items.split(","), asked.peers.split(",")
    kinds = {kind_of(each) for each in asked.peers}
    named = {each.partition("@")[2] for each in asked.peers} - {""}
    for given, known in ((asked.items, ITEMS), (kinds, CONTENDERS), (named, SERVERS)):
        if unknown := set(given) - set(known):
            parser.error(f"{', '.join(unknown)}: there are {', '.join(known)}")
    if not kinds & set(OURS):
        parser.error("one of ours, warm or cold, must be among the peers: it tells the cursors")
    needed = [lines_of(asked.size), store_of(asked.size)]
    needed += [peers_of(asked.size)] if kinds & {"fastapi", "naive"} else []
    if asked.database == "sqlite" and not all(path.exists() for path in needed):
        parser.error(f"first: bench/prepare --size {asked.size}")
    if not asked.check and not shutil.which("wrk"):
        parser.error("wrk is missing (Debian: apt-get install wrk)")
    return asked


def main() -> None:
    """Run, and print the tables; exit status 1 when the contenders do not answer alike."""
    asked = _arguments()
    out = asked.out or lines_of(asked.size).parent / "run.jsonl"
    out = out.resolve()
    with stage(asked.size, asked.peers, asked.items, asked.server, asked.database) as made:
        for name in set(asked.peers) - set(made.servers):
            print(f"{name} is not installed, and left out.")
        if wrong := check(made):
            print("\n".join(wrong), file=sys.stderr)
            raise SystemExit(1)
        if asked.check:
            return
        if asked.writes:
            measure_with_writes(made, asked.writes, asked.rounds, asked.seconds, out)
        else:
            measure(made, asked.rounds, asked.seconds, out)
    print("\n".join(tables(out)))


if __name__ == "__main__":
    main()

"""Makes the data and the stores of a size: once, then they stay under var/bench.

    bench/prepare --size M

The lines go through the ordinary import, `pilotcities seed apply`; the peers' tables through plain
inserts. What is there already is left alone; --anew makes it again.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, insert, text

from .peers.models import FULL_TEXT, Base
from .places import lines_of, peers_of, store_of
from .records import SIZES, countries, records
from .shapes import line, peer_rows, programme_line

AT_ONCE = 5_000
PILOTCITIES = Path(sys.executable).parent / "pilotcities"


def write_lines(size: str, path: Path) -> None:
    """Write the records as NDJSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        file.writelines(programme_line(country) for country in countries(size))
        file.writelines(line(record) for record in records(size))
    unfinished.rename(path)


def fill_peers(size: str, engine: Engine) -> None:
    """Make the peers' tables, in an empty database."""
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA synchronous=OFF"))
        for rows in _batches(size):
            for table in Base.metadata.sorted_tables:
                if found := rows.get(table.name):
                    connection.execute(insert(table), found)
        for statement in FULL_TEXT[engine.dialect.name]:
            connection.execute(text(statement))
        connection.execute(text("ANALYZE"))


def _batches(size: str) -> Iterable[dict[str, list[dict[str, Any]]]]:
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number, record in enumerate(records(size), 1):
        for table, row in peer_rows(record):
            rows[table].append(row)
        if number % AT_ONCE == 0:
            yield rows
            rows.clear()
    yield rows


def fill_ours(lines: Path, environment: dict[str, str]) -> None:
    """Import the lines into the store that the environment names."""
    told = os.environ | environment
    for command in (("migrate",), ("seed", "apply", str(lines))):
        # The names of the first records that were made are of no interest here.
        done = subprocess.run(
            [PILOTCITIES, *command], env=told, check=True, stdout=subprocess.PIPE, text=True
        )
        print(done.stdout.splitlines()[-1])


def prepare(size: str, *, peers_too: bool = True) -> None:
    """Make all that a run on SQLite needs."""
    lines, peers, ours = lines_of(size), peers_of(size), store_of(size)
    if not lines.exists():
        _told(f"writing {lines.name}", lambda: write_lines(size, lines))
    if peers_too and not peers.exists():
        _told("filling the peers' database", lambda: _fill_peers_file(size, peers))
    if not ours.exists():
        _told("importing into our store", lambda: _fill_our_folder(lines, ours))


def _fill_peers_file(size: str, path: Path) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{unfinished}")
    fill_peers(size, engine)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA journal_mode=WAL"))  # ours has it, too
    engine.dispose()
    unfinished.rename(path)


def _fill_our_folder(lines: Path, folder: Path) -> None:
    unfinished = folder.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    fill_ours(lines, {"DATA_DIR": str(unfinished)})
    unfinished.rename(folder)


def _told(what: str, work: Any) -> None:
    print(f"{what} ...", flush=True)
    began = time.monotonic()
    work()
    print(f"{what}: {time.monotonic() - began:.1f} s", flush=True)


def main() -> None:
    """Prepare a size, and say what is missing for a full run."""
    parser = argparse.ArgumentParser(prog="bench/prepare", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="S")
    parser.add_argument("--anew", action="store_true", help="make again what is there already")
    parser.add_argument("--ours", action="store_true", help="nothing for the peers")
    asked = parser.parse_args()
    if asked.anew:
        shutil.rmtree(lines_of(asked.size).parent, ignore_errors=True)
    prepare(asked.size, peers_too=not asked.ours)
    for tool, package in (("wrk", "wrk"), ("nginx", "nginx-light")):
        if not shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin"):
            print(f"{tool} is missing (Debian: apt-get install {package}).")


if __name__ == "__main__":
    main()

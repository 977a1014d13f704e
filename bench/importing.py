"""How fast the ordinary import is, and how much memory it takes: `seed apply` of a size's lines.

    var/bench/venv/bin/python -m bench.importing --size M --database sqlite,postgresql

Each store is new, and gone afterwards. Seconds are those of the whole command, its start and the
analysis at its end among them; memory is the largest that any of its processes held.
"""

import argparse
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.postgres import temporary_cluster

from .making import PILOTCITIES, write_lines
from .places import lines_of
from .records import SIZES

ORDINARY = ("shared_buffers=1GB", "max_wal_size=4GB")
"""How PostgreSQL is set up where it has some gigabytes; all else is as it comes, fsync too."""


@contextmanager
def new_store(database: str) -> Iterator[dict[str, str]]:
    """Yield the settings of an empty store."""
    with TemporaryDirectory(prefix="bench-") as folder:
        if database == "sqlite":
            yield {"DATA_DIR": folder}
            return
        with temporary_cluster(ORDINARY) as cluster:
            cluster.create_database("ours")
            yield {"DATA_DIR": folder, "DATABASE_URL": cluster.url("ours")}


def cost_of(path: Path, database: str) -> tuple[float, float]:
    """Return the seconds that an import into a new store takes, and its memory in MiB."""
    with new_store(database) as settings:
        told = os.environ | settings
        subprocess.run([PILOTCITIES, "migrate"], env=told, check=True, stdout=subprocess.DEVNULL)
        began = time.monotonic()
        command = [PILOTCITIES, "seed", "apply", str(path)]
        process = subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"The import failed: {os.waitstatus_to_exitcode(status)}.")
        return time.monotonic() - began, used.ru_maxrss / 1024


def main() -> None:
    """Import, and print a line for each database."""
    parser = argparse.ArgumentParser(prog="bench.importing", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="S")
    parser.add_argument("--first", type=int, help="only so many lines")
    parser.add_argument("--database", default="sqlite,postgresql")
    asked = parser.parse_args()
    path = lines_of(asked.size)
    if not path.exists():
        write_lines(asked.size, path)
    with TemporaryDirectory(prefix="bench-") as folder, path.open("rb") as lines:
        some = Path(folder) / "records.ndjson"
        with some.open("wb") as file:
            file.writelines(islice(lines, asked.first))
        count = sum(1 for _ in some.open("rb"))
        for database in asked.database.split(","):
            seconds, largest = cost_of(some, database)
            rate = f"{count / seconds:,.0f} a second"
            print(f"{database}: {count:,} records in {seconds:.1f} s, {rate}, {largest:.0f} MiB")


if __name__ == "__main__":
    main()

"""The whole contract against a running server, on both databases. `scripts/test-fuzz` runs it.

Twice on each: first all writes are only tried, then they are done, so that one operation meets what
another left.

python -m tests.fuzz.run [CASES [SCHEMATHESIS OPTIONS]]
"""

# ruff: noqa: T201  a script's output is its print

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import orjson

from api.settings import ROOT
from tests.faults.server import run, serving
from tests.postgres import temporary_cluster

CASES = "150"
"""The most cases of an operation and phase."""
SEED = "20"
LONGEST = 3_600


def main() -> int:
    """Return 1 if anything was found."""
    with tempfile.TemporaryDirectory() as folder, temporary_cluster() as cluster:
        stores = {}
        for kind in ("tried", "done"):
            cluster.create_database(kind)
            stores[f"SQLite, writes {kind}"] = f"sqlite:///{folder}/{kind}.db"
            stores[f"PostgreSQL, writes {kind}"] = cluster.url(kind)
        failed = [name for name, url in stores.items() if not fuzz(name, url, Path(folder))]
    print(f"Findings on {' and '.join(failed)}." if failed else "No findings.")
    return 1 if failed else 0


def fuzz(name: str, url: str, folder: Path) -> bool:
    """Return whether the server on a store kept to the contract, and the store agrees after."""
    print(f"== {name}", flush=True)
    done = name.endswith("done")
    cases, *options = sys.argv[1:] or [CASES]
    with serving(folder / f"{name}.log", database_url=url, data_dir=folder / name) as server:
        token = run("token", "issue", "--name", "fuzz", "--scope", "admin", database_url=url)
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(ROOT / "openapi.yaml")),
            *("--url", f"http://127.0.0.1:{server.port}", "--mode", "all"),
            *(
                "--max-examples",
                str(int(cases) * (3 if done else 1)),
                "--seed",
                SEED,
                "--generation-deterministic",
            ),
            *("--workers", "1", "--continue-on-failure"),
            *("--header", f"Authorization: Bearer {token.stdout.split()[-1]}"),
            *(["--phases", "fuzzing,stateful"] if done else []),
            *options,
        ]
        environment = os.environ | {
            "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
            "FUZZ_WRITES": "1" if done else "0",
        }
        status = subprocess.run(command, check=False, cwd=ROOT, env=environment, timeout=LONGEST)
        if status.returncode not in (0, 1):
            print(f"schemathesis ended with status {status.returncode}")
        server.stop()
        good = answers_were_good(server.log, done)
    checked = run("check", database_url=url)
    print(checked.stdout + checked.stderr, flush=True)
    return status.returncode == 0 and good and checked.returncode == 0


def answers_were_good(log: str, done: bool) -> bool:
    """Return whether nothing crashed and, where writes are done, each verb did something."""
    lines = [orjson.loads(line) for line in log.split("\n") if line.startswith("{")]
    crashes = [line for line in lines if line.get("event") == "crashed"]
    for line in crashes[:10]:
        print(line)
    counted = Counter((str(line["method"]), line["status"]) for line in lines if "status" in line)
    print(", ".join(f"{m} {status}: {n}" for (m, status), n in sorted(counted.items())))
    worked = {(m, status) for m, status in counted if status in (201, 204) or m == "PATCH"}
    wanted = {("POST", 201), ("PUT", 201), ("PATCH", 200), ("DELETE", 204)} if done else set()
    print(*(f"{m} never answered {status}." for m, status in wanted - worked), sep="\n")
    return not crashes and wanted <= worked


if __name__ == "__main__":
    sys.exit(main())

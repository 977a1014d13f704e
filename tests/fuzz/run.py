"""The whole contract against a running server, on both databases. `scripts/test-fuzz` runs it.

python -m tests.fuzz.run [CASES [SCHEMATHESIS OPTIONS]]
"""

# ruff: noqa: T201  a script's output is its print

import os
import subprocess
import sys
import tempfile
from pathlib import Path

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
        cluster.create_database("fuzz")
        stores = {"SQLite": f"sqlite:///{folder}/fuzz.db", "PostgreSQL": cluster.url("fuzz")}
        failed = [name for name, url in stores.items() if not fuzz(name, url, Path(folder))]
    print(f"Findings on {' and '.join(failed)}." if failed else "No findings.")
    return 1 if failed else 0


def fuzz(name: str, url: str, folder: Path) -> bool:
    """Return whether the server on a store kept to the contract."""
    print(f"== {name}", flush=True)
    cases, *options = sys.argv[1:] or [CASES]
    with serving(folder / f"{name}.log", database_url=url, log_level="error") as server:
        token = run("token", "issue", "--name", "fuzz", "--scope", "admin", database_url=url)
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(ROOT / "openapi.yaml")),
            *("--url", f"http://127.0.0.1:{server.port}", "--checks", "all", "--mode", "all"),
            *("--max-examples", cases, "--seed", SEED, "--generation-deterministic"),
            *("--workers", "1", "--continue-on-failure"),
            *("--header", f"Authorization: Bearer {token.stdout.split()[-1]}"),
            *options,
        ]
        environment = os.environ | {"SCHEMATHESIS_HOOKS": "tests.fuzz.hooks"}
        done = subprocess.run(command, check=False, cwd=ROOT, env=environment, timeout=LONGEST)
        if done.returncode not in (0, 1):
            print(f"schemathesis ended with status {done.returncode}")
        crashes = server.log.count('"crashed"')
        if crashes:
            print(f"The server's log tells of {crashes} crashes:\n{server.log}")
    return done.returncode == 0 and not crashes


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.clients [NAME…]`: scripts/test-clients, once its tools are there."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.server import free_port, run, serving

from .building import Client, Missing
from .languages import CLIENTS
from .steps import Outcome, Verdict
from .table import PAGE, written
from .trying import attempt

IN_CI = os.environ.get("CI") == "true"


def main() -> int:
    """Try the clients that are named, or all, and return the exit status."""
    chosen = _chosen(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="clients-") as folder:
        found, missing = _try_all(chosen, Path(os.environ.get("KEEP") or folder))
    before = PAGE.read_text(encoding="utf-8")
    after = written(before, found)
    PAGE.write_text(after, encoding="utf-8")
    failed = [each for outcomes in found.values() for each in outcomes if _failed(each)]
    if missing and IN_CI:
        return _say("A client could not be tried, which CI must.")
    if before != after and IN_CI:
        return _say("docs/clients.md did not say what this run found; commit what it wrote.")
    passed = sum(len(outcomes) for outcomes in found.values()) - len(failed)
    print(f"{passed} passed, {len(failed)} failed", flush=True)
    return 1 if failed else 0


def _say(sentence: str) -> int:
    print(sentence, flush=True)
    return 1


def _failed(outcome: Outcome) -> bool:
    return outcome.verdict is Verdict.FAILED


def _chosen(names: list[str]) -> list[Client]:
    parser = argparse.ArgumentParser(prog="scripts/test-clients", description=__doc__)
    known = [client.name for client in CLIENTS]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(known)}")
    asked = parser.parse_args(names).names
    if unknown := set(asked) - set(known):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return [client for client in CLIENTS if not asked or client.name in asked]


def _try_all(chosen: list[Client], folder: Path) -> tuple[dict[str, list[Outcome]], list[str]]:
    port, found, missing = free_port(), dict[str, list[Outcome]](), list[str]()
    store = folder / "store"
    store.mkdir(parents=True)
    api = f"http://127.0.0.1:{port}"
    settings = {"data_dir": store, "database_url": "", "public_url": api, "log_level": "error"}
    with serving(folder / "server.log", port=port, **settings):
        issued = run("token", "issue", "--name", "clients", "--scope", "admin", **settings)
        token = issued.stdout.split()[-1]
        for client in chosen:
            started = time.monotonic()
            try:
                found[client.name] = attempt(client, api, token, folder / client.name)
            except Missing as error:
                missing.append(client.name)
                print(f"{client.name}: skipped, {error}.", flush=True)
                continue
            _tell(client, found[client.name], time.monotonic() - started, folder)
    return found, missing


def _tell(client: Client, outcomes: list[Outcome], seconds: float, folder: Path) -> None:
    failed = [each for each in outcomes if _failed(each)]
    done = len(outcomes) - len(failed)
    told = f"{client.name} ({client.generator}): {done} of {len(outcomes)} steps, {seconds:.0f} s"
    print(told, flush=True)
    for each in failed:
        print(f"  {each.step}: {each.told}", flush=True)
    log = folder / client.name / "log"
    if failed and log.exists():
        print(log.read_text(encoding="utf-8")[-6000:], flush=True)


if __name__ == "__main__":
    sys.exit(main())

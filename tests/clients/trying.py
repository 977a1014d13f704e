"""Tries one client: builds it, and runs its scenario against a server."""

import os
import subprocess
from pathlib import Path

from .building import PATIENCE, Broken, Client, Place
from .steps import SCENARIO, STEPS, Outcome, Verdict, read

SAID = 300


def attempt(client: Client, api: str, token: str, folder: Path) -> list[Outcome]:
    """Return how each step went; the log of all that was said lies in the folder."""
    folder.mkdir()
    place = Place(client.name, folder)
    outcomes: list[Outcome] = []
    for step, build in (("generate", client.generate), ("compile", client.compile)):
        try:
            build(place)
        except Broken as error:
            (folder / "log").write_text(str(error), encoding="utf-8")
            told = " ".join(str(error).split())[-SAID:]
            outcomes.append(Outcome(step, Verdict.FAILED, told))
            rest = list(STEPS)[len(outcomes) :]
            return outcomes + [Outcome(each, Verdict.FAILED, f"{step} failed") for each in rest]
        note = client.notes.get(step, "")
        outcomes.append(Outcome(step, Verdict.WORKAROUND if note else Verdict.OK, note))
    return outcomes + _run(client, place, api, token)


def _run(client: Client, place: Place, api: str, token: str) -> list[Outcome]:
    variables = {"API": api, "TOKEN": token, "CLIENT": f"client-{client.name}"}
    try:
        done = subprocess.run(
            client.start(place),
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            cwd=place.folder,
            env={**os.environ, **variables},
        )
    except subprocess.TimeoutExpired:
        return [Outcome(each, Verdict.FAILED, "took too long") for each in SCENARIO]
    (place.folder / "log").write_text(done.stdout + done.stderr, encoding="utf-8")
    return read(done.stdout.splitlines())

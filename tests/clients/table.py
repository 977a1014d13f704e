"""Writes what the clients did into docs/clients.md: a table, and what was worked around."""

import re

from api.settings import ROOT

from .building import Client
from .languages import CLIENTS
from .steps import STEPS, Outcome, Verdict

PAGE = ROOT / "docs" / "clients.md"
SIGNS = {Verdict.OK: "✓", Verdict.FAILED: "✗"}
UNTRIED = "–"


def written(text: str, found: dict[str, list[Outcome]]) -> str:
    """Return the page with the rows and notes of the clients that were tried made anew."""
    rows = [_row(client, text, found.get(client.name)) for client in CLIENTS]
    notes = [line for client in CLIENTS for line in _notes(client, text, found.get(client.name))]
    head = ["", "Client", *STEPS]
    table = [_line(head[1:]), _line(["---"] * (len(head) - 1)), *rows]
    return _replaced(_replaced(text, "table", table), "workarounds", notes)


def _row(client: Client, text: str, outcomes: list[Outcome] | None) -> str:
    name = f"[{client.name}](../clients/{client.name}/)"
    if outcomes is not None:
        return _line([name, *(SIGNS.get(each.verdict, "w") for each in outcomes)])
    kept = re.search(rf"^\| {re.escape(name)} \|.*$", text, re.MULTILINE)
    return kept.group() if kept else _line([name, *[UNTRIED] * len(STEPS)])


def _notes(client: Client, text: str, outcomes: list[Outcome] | None) -> list[str]:
    start = f"- **{client.name}**, "
    if outcomes is None:
        return [line for line in text.splitlines() if line.startswith(start)]
    told: dict[str, list[str]] = {}
    for each in outcomes:
        if each.verdict is Verdict.WORKAROUND:
            told.setdefault(each.told, []).append(each.step)
    return [f"{start}{', '.join(steps)}: {note}" for note, steps in told.items()]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _replaced(text: str, part: str, lines: list[str]) -> str:
    begin, end = f"<!-- {part} -->", f"<!-- end of {part} -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return "\n".join([before + begin, "", *lines, "", end + after])

"""What every client is put through, and how it went."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

BUILDING = {
    "generate": "makes the client from `openapi.yaml` as it is committed",
    "compile": "compiles it, and the scenario, as strictly as the language can",
}
SCENARIO = {
    "list": "a list with two values of a filter and chosen fields, walked page by page to its end",
    "lang": "a city in Ukrainian, and which of its texts fell back to English",
    "include": "workshops of a city, with their cities and documents along",
    "facets": "counts without records; one value is null",
    "search": "hits of several types, with snippets",
    "404": "a problem with its `code`, as a type",
    "400": "a problem whose `errors` name the parameter",
    "304": "the ETag sent back",
    "create": "a workshop with dates of a month and of a moment, and a closed list",
    "patch": "one field set, another emptied by null, with `If-Match`",
    "412": "a stale `If-Match` as a problem",
    "put back": "`lang=*` read and put back: a 200, and no new version",
    "delete": "204, then 410 as a problem with its reason",
    "CSV": "a list as text",
    "iCal": "a calendar as text",
    "upload": "bytes for a document's file",
    "download": "the same bytes again",
}
STEPS = BUILDING | SCENARIO


class Verdict(StrEnum):
    """How a step went."""

    OK = "ok"
    WORKAROUND = "workaround"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """One step of one client: what was worked around, or why it failed."""

    step: str
    verdict: Verdict
    told: str = ""


def read(output: Iterable[str]) -> list[Outcome]:
    """Return what a scenario says of its steps; one that it says nothing of has failed."""
    found: dict[str, Outcome] = {}
    for line in output:
        verdict, _, rest = line.rstrip("\n").partition("\t")
        if verdict in list(Verdict):
            step, _, told = rest.partition("\t")
            found[step] = Outcome(step, Verdict(verdict), told)
    if unknown := found.keys() - SCENARIO.keys():
        raise ValueError(f"There are no steps named {sorted(unknown)}.")
    missing = "the scenario ended before it"
    return [found.get(step) or Outcome(step, Verdict.FAILED, missing) for step in SCENARIO]

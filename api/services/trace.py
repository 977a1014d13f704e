"""The chain that a recommendation stands in: finding, recommendation, workshop, action."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from .listing import single
from .records import ACTIONS, DOCUMENTS, FINDINGS, RECOMMENDATIONS, WORKSHOPS
from .relating import related

Snapshot = dict[str, Any]

STEPS = (FINDINGS, WORKSHOPS, ACTIONS, DOCUMENTS)
"""The collections that a trace shows beside the recommendation."""


@dataclass(frozen=True)
class Trace:
    """A recommendation, what it answers, where it was discussed, what followed, and the papers."""

    recommendation: Snapshot
    findings: Sequence[Snapshot]
    workshops: Sequence[Snapshot]
    actions: Sequence[Snapshot]
    documents: Sequence[Snapshot]


def trace(connection: Connection, record_id: str) -> Trace:
    """Walk the chain around a recommendation. Costs six statements, however long it is.

    Raises NotFound or Gone.
    """
    record = single(connection, RECOMMENDATIONS, record_id)
    findings = related(connection, RECOMMENDATIONS, [record], FINDINGS)
    papers = related(connection, RECOMMENDATIONS, [record], DOCUMENTS)
    evidence = related(connection, FINDINGS, findings, DOCUMENTS)
    documents = {each["id"]: each for each in (*papers, *evidence)}
    return Trace(
        record,
        findings,
        related(connection, RECOMMENDATIONS, [record], WORKSHOPS),
        related(connection, RECOMMENDATIONS, [record], ACTIONS),
        [documents[key] for key in sorted(documents)],
    )

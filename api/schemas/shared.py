"""Fields that several record types have, said once."""

from typing import Any

from ..codes import Dimension
from .dates import PartialDate
from .facts import facts
from .fields import Code, Objects, References, Text, Unique
from .parts import PartyInput, maybe


def title(description: str, example: str) -> Any:
    """Return the field for a record's name."""
    said = facts(description, example=example, sort=True, weight="A", translated=True)
    return Text(500, required=True, metadata=said)


def aliases() -> Any:
    """Return the field for other names."""
    said = facts("Other names, in any language; published errors are kept here.", weight="A")
    return Unique(Text(500), metadata=said)


def statement(description: str, example: str) -> Any:
    """Return the field for what a finding, recommendation or action says."""
    said = facts(description, example=example, weight="A", translated=True)
    return Text(required=True, metadata=said)


def prose(description: str, *, own: bool = False) -> Any:
    """Return a field for searched text that may be unknown; `own`: never translated."""
    return maybe(Text, metadata=facts(description, weight="B", translated=not own))


def points(description: str) -> Any:
    """Return a field for an ordered list of translated sentences."""
    return Unique(Text(), metadata=facts(description, weight="B", translated=True))


def cities() -> Any:
    """Return the field for the cities concerned."""
    return References("cities", metadata=facts("Ids of cities.", filter="city", facet=True))


def projects() -> Any:
    """Return the field for the projects that a record belongs to."""
    said = facts("Ids of projects.", filter="project", facet=True)
    return References("projects", metadata=said)


def documents() -> Any:
    """Return the field for the documents in which it stands."""
    said = facts("Ids of the documents in which it stands.", filter="document")
    return References("documents", metadata=said)


def dimension() -> Any:
    """Return the field for the dimension of the diagnostic tool."""
    said = facts("The dimension of the diagnostic tool.", filter="dimension", facet=True)
    return maybe(Code, Dimension, metadata=said)


def actors() -> Any:
    """Return the field for who is to act or acted."""
    said = facts("Who is to act, or acted.", weight="B", translated=True)
    return Unique(Text(500), metadata=said)


def horizon() -> Any:
    """Return the field for a time frame in words."""
    return prose("The time frame, in words.")


def starts_on() -> Any:
    """Return the field for the first day, month or year."""
    said = facts(
        "When it starts: a year, month or day.", filter="starts", sort=True, example="2021-09-03"
    )
    return maybe(PartialDate, metadata=said)


def ends_on() -> Any:
    """Return the field for the last day, month or year."""
    return maybe(
        PartialDate, metadata=facts("When it ends: a year, month or day.", example="2021-09-03")
    )


def parties(description: str) -> Any:
    """Return a field for people or bodies and what they did, in an order that tells."""
    return Objects(PartyInput, metadata=facts(description, weight="B"))

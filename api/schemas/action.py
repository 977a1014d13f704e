"""The contract of actions."""

from ..codes import ActionStatus
from .facts import facts
from .fields import Code, References
from .parts import maybe
from .record import ScopedInput, complete
from .shared import (
    actors,
    cities,
    dimension,
    ends_on,
    horizon,
    projects,
    prose,
    starts_on,
    statement,
)


@complete
class ActionInput(ScopedInput):
    """What a city did, announced or plans."""

    text = statement("What is done.", "No charge for the use of public space in spring 2020.")
    cities = cities()
    projects = projects()
    dimension = dimension()
    status = maybe(
        Code, ActionStatus, metadata=facts("How far it has come.", filter="status", facet=True)
    )
    starts_on = starts_on()
    ends_on = ends_on()
    horizon = horizon()
    decision = prose("The decision it rests on.")
    actors = actors()
    recommendations = References(
        "recommendations",
        metadata=facts("Ids of the recommendations it follows.", filter="recommendation"),
    )

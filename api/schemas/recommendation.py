"""The contract of recommendations."""

from ..codes import RecommendationStatus
from .facts import facts
from .fields import Code, Objects, References
from .parts import ValidationInput, maybe
from .record import ScopedInput, complete
from .shared import actors, cities, dimension, documents, horizon, projects, statement


@complete
class RecommendationInput(ScopedInput):
    """What a city is advised to do."""

    text = statement("What is advised.", "Make the economy more resilient by diversifying it.")
    cities = cities()
    projects = projects()
    dimension = dimension()
    status = maybe(
        Code,
        RecommendationStatus,
        metadata=facts("How far it has come.", filter="status", facet=True),
    )
    horizon = horizon()
    actors = actors()
    documents = documents()
    findings = References(
        "findings", metadata=facts("Ids of the findings it answers.", filter="finding")
    )
    validations = Objects(
        ValidationInput,
        metadata=facts("The workshops in which it was discussed.", filter="workshop"),
    )

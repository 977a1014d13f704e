"""The contract of findings."""

from .record import ScopedInput, complete
from .shared import cities, dimension, documents, parties, projects, prose, statement


@complete
class FindingInput(ScopedInput):
    """What a diagnosis says about a city."""

    text = statement("What was found.", "Crisis management is written into plans and budgets.")
    cities = cities()
    projects = projects()
    dimension = dimension()
    grade = prose("The grade in the source's words.", own=True)
    documents = documents()
    attributed_to = parties("Who said it: the chain, from its origin to where it was read.")

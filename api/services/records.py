"""The seven collections, in an order in which each names only those before it (or itself)."""

import copyreg

from ..models import Action, City, Document, Finding, Project, Recommendation, Workshop
from ..schemas import (
    ActionInput,
    CityInput,
    DocumentInput,
    FindingInput,
    ProjectInput,
    RecommendationInput,
    WorkshopInput,
)
from .collection import Collection

PROJECTS = Collection("projects", "project", Project, ProjectInput, "title")
CITIES = Collection("cities", "city", City, CityInput, "name")
WORKSHOPS = Collection("workshops", "workshop", Workshop, WorkshopInput, "title")
DOCUMENTS = Collection("documents", "document", Document, DocumentInput, "title")
FINDINGS = Collection("findings", "finding", Finding, FindingInput, "text")
RECOMMENDATIONS = Collection(
    "recommendations", "recommendation", Recommendation, RecommendationInput, "text"
)
ACTIONS = Collection("actions", "action", Action, ActionInput, "text")

COLLECTIONS = (PROJECTS, CITIES, WORKSHOPS, DOCUMENTS, FINDINGS, RECOMMENDATIONS, ACTIONS)
BY_NAME = {each.name: each for each in COLLECTIONS}


def named(name: str) -> Collection:
    """Return the collection of a name."""
    return BY_NAME[name]


# Between processes goes the name of a collection, not its tables.
copyreg.pickle(Collection, lambda each: (named, (each.name,)))

"""The public contract: what records look like, field by field. Marshmallow only."""

from .action import ActionInput
from .city import CityInput
from .document import DocumentInput
from .finding import FindingInput
from .project import ProjectInput
from .recommendation import RecommendationInput
from .record import RecordInput
from .workshop import WorkshopInput

__all__ = [
    "ActionInput",
    "CityInput",
    "DocumentInput",
    "FindingInput",
    "ProjectInput",
    "RecommendationInput",
    "RecordInput",
    "WorkshopInput",
]

"""Tables, and nothing but tables. Importing this package makes `Base.metadata` whole."""

from . import action, city, document, finding, project, recommendation, workshop
from .action import Action
from .base import Base, cover
from .change import Change, Store
from .city import City
from .content import Content, PageText
from .document import Document
from .finding import Finding
from .project import Project
from .recommendation import Recommendation
from .search import SearchEntry
from .tally import Tally
from .token import Token
from .workshop import Workshop

LINKS = {
    module.LINKS[0].name.split("_")[0]: module.LINKS
    for module in (action, city, document, finding, project, recommendation, workshop)
}
"""Table name of a record type to the tables of its lists."""

for _name in LINKS:
    cover(Base.metadata.tables[_name])

__all__ = [
    "LINKS",
    "Action",
    "Base",
    "Change",
    "City",
    "Content",
    "Document",
    "Finding",
    "PageText",
    "Project",
    "Recommendation",
    "SearchEntry",
    "Store",
    "Tally",
    "Token",
    "Workshop",
]

"""Documents."""

from ..services.records import DOCUMENTS
from ..web.publish import publish

blueprint = publish(DOCUMENTS, "Reports, plans, agendas, presentations and their files.")

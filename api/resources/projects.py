"""Projects."""

from ..services.records import PROJECTS
from ..web.publish import publish

blueprint = publish(PROJECTS, "Programmes that run in several cities.")

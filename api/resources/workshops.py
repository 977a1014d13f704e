"""Workshops."""

from ..services.records import WORKSHOPS
from ..web.publish import publish

blueprint = publish(WORKSHOPS, "Workshops, debates and meetings.")

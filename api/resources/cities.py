"""Cities."""

from ..services.records import CITIES
from ..web.publish import publish

blueprint = publish(CITIES, "Pilot cities, and cities that records merely refer to.")

"""Actions."""

from ..services.records import ACTIONS
from ..web.publish import publish

blueprint = publish(ACTIONS, "What cities did, announced or plan.")

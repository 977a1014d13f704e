"""Findings."""

from ..services.records import FINDINGS
from ..web.publish import publish

blueprint = publish(FINDINGS, "What diagnoses say about cities.")

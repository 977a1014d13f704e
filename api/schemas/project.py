"""The contract of projects."""

from .facts import facts
from .fields import Objects
from .parts import AgencyInput, maybe
from .record import RecordInput, complete
from .shared import aliases, ends_on, prose, starts_on, title
from .standards import Url


@complete
class ProjectInput(RecordInput):
    """A programme that runs in several cities."""

    title = title("Its title.", "Building Urban Economic Resilience during and after COVID-19")
    aliases = aliases()
    summary = prose("What it is, in short.")
    objective = prose("What it is to achieve.")
    starts_on = starts_on()
    ends_on = ends_on()
    funder = prose("Who pays for it.", own=True)
    agencies = Objects(
        AgencyInput,
        metadata=facts("The agencies that carry it out.", weight="B"),
    )
    website = maybe(Url, metadata=facts("Its own site."))

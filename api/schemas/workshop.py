"""The contract of workshops."""

from typing import Any

from marshmallow import fields, post_load

from ..codes import WorkshopKind, WorkshopMode, WorkshopStatus
from .dates import OffsetDateTime
from .facts import facts
from .fields import Code, Reference, Text, Unique
from .parts import ParticipantsInput, maybe
from .record import ScopedInput, complete, starting_day
from .shared import (
    aliases,
    cities,
    ends_on,
    parties,
    points,
    projects,
    prose,
    starts_on,
    title,
)
from .standards import Language


@complete
class WorkshopInput(ScopedInput):
    """An event: a workshop, debate or meeting."""

    title = title(
        "Its title; a descriptive one where `title_as_printed` is null.",
        "Local Validation Workshop in Kharkiv",
    )
    title_as_printed = maybe(Text, metadata=facts("Its title as published.", weight="A"))
    aliases = aliases()
    kind = maybe(Code, WorkshopKind, metadata=facts("What it was for.", filter="kind", facet=True))
    kind_as_printed = maybe(Text, metadata=facts("Its kind in the source's words.", weight="B"))
    status = maybe(
        Code,
        WorkshopStatus,
        metadata=facts("Whether it took place.", filter="status", facet=True),
    )
    summary = prose("What it was about.")
    objectives = points("What it was to achieve, in order.")
    outcomes = points("What came of it, or was expected to.")
    cities = cities()
    projects = projects()
    starts_on = starts_on()
    ends_on = ends_on()
    starts_at = maybe(
        OffsetDateTime,
        metadata=facts(
            "The moment it starts; its day is `starts_on` where none is given.",
            example="2021-09-03T11:00:00+02:00",
        ),
    )
    ends_at = maybe(
        OffsetDateTime,
        metadata=facts("The moment it ends.", example="2021-09-03T12:45:00+02:00"),
    )
    date_as_printed = maybe(Text, metadata=facts("The date in the source's words."))
    time_as_printed = maybe(
        Text, metadata=facts("The time in the source's words.", example="11:00-12:45 CEST")
    )
    mode = maybe(
        Code, WorkshopMode, metadata=facts("How people took part.", filter="mode", facet=True)
    )
    platform = maybe(Text, 500, metadata=facts("The online platform.", example="Zoom"))
    venue = prose("Where it took place.")
    languages = Unique(
        Language(),
        metadata=facts("Languages of the meeting (BCP 47).", filter="language", facet=True),
    )
    organisers = parties("Who organised it.")
    participants = fields.Nested(
        ParticipantsInput,
        allow_none=True,
        load_default=None,
        metadata=facts("Who took part."),
    )
    part_of = maybe(
        Reference,
        "workshops",
        metadata=facts("The id of the longer event that it lies in.", filter="part_of"),
    )

    @post_load
    def day_of_its_moment(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """What starts at a moment starts on that day, where filters and lists look for it."""
        return data | {"starts_on": starting_day(data)}

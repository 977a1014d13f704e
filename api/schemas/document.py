"""The contract of documents."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from ..codes import DocumentKind, DocumentStatus
from .dates import PartialDate
from .facts import facts
from .fields import Code, Objects, References, Text, Unique, Whole
from .parts import DocumentFileInput, maybe
from .record import ScopedInput, complete
from .shared import aliases, cities, projects, prose, title


@complete
class DocumentInput(ScopedInput):
    """A report, plan, agenda or presentation, and its files in whatever languages."""

    title = title("Its title.", "Agenda and concept note")
    aliases = aliases()
    kind = maybe(Code, DocumentKind, metadata=facts("What it is.", filter="kind", facet=True))
    kind_as_printed = maybe(Text, metadata=facts("Its kind in the source's words.", weight="B"))
    status = maybe(
        Code,
        DocumentStatus,
        metadata=facts("Whether it can be had.", filter="status", facet=True),
    )
    symbol = maybe(
        Text,
        100,
        metadata=facts(
            "Its UN symbol.", filter="symbol", weight="A", example="E/ESCWA/CL2.GPID/2022/TP.5"
        ),
    )
    summary = prose("What it says, in short.")
    published_on = maybe(
        PartialDate,
        metadata=facts("When it was published.", filter="published", sort=True, example="2021-02"),
    )
    publisher = prose("Who published it.", own=True)
    authors = Unique(Text(500), metadata=facts("Who wrote it.", weight="B"))
    pages = maybe(Whole, 1, metadata=facts("Number of pages."))
    cities = cities()
    projects = projects()
    workshops = References(
        "workshops", metadata=facts("Ids of the workshops it belongs to.", filter="workshop")
    )
    files = Objects(
        DocumentFileInput,
        metadata=facts("Its files.", filter="language", facet=True),
    )

    @validates_schema
    def files_have_ids_of_their_own(self, data: dict[str, Any], **_: Any) -> None:
        """No two files share an id."""
        ids = [each["id"] for each in data.get("files", ()) if "id" in each]
        twice = {i: {"id": ["stands here twice"]} for i, id_ in enumerate(ids) if id_ in ids[:i]}
        if twice:
            raise ValidationError({"files": twice})

"""The small shapes that records are built of."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validates_schema

from ..codes import Confidence, CoverageStatus, TextStatus
from .dates import PartialDate
from .facts import facts
from .fields import Code, ExternalIds, Long, Reference, Slug, Text, Unique, Whole
from .forms import Form
from .standards import Language, MediaType, Sha256, Url


def maybe(kind: type[fields.Field[Any]], *args: Any, **kwargs: Any) -> Any:
    """Return a field of a kind that may be null, and is null when it is left out."""
    return kind(*args, allow_none=True, load_default=None, **kwargs)


class SourceInput(Form):
    """Where a record's content was read, and how sure that is."""

    url = maybe(Url, metadata=facts("The page or file that was read."))
    title = maybe(Text, 1000, metadata=facts("What the source is called."))
    retrieved_on = maybe(PartialDate, metadata=facts("When it was read."))
    locator = maybe(Text, 500, metadata=facts("Where in it, a page or section."))
    confidence = Code(
        Confidence, required=True, metadata=facts("Whether the source says it, or it was inferred.")
    )
    fields_ = Unique(
        Text(100),
        data_key="fields",
        attribute="fields",
        allow_none=True,
        load_default=None,
        metadata=facts("The fields it vouches for; null means the whole record."),
    )
    note = maybe(Text, 2000, metadata=facts("A remark."))

    @post_load
    def vouch_for_all(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """No field named is all of them."""
        return {**data, "fields": data["fields"] or None}

    @validates_schema
    def named(self, data: dict[str, Any], **_: Any) -> None:
        """A source has an address or at least a title."""
        if not data.get("url") and not data.get("title"):
            raise ValidationError("a source needs a url or a title", "url")


class PartyInput(Form):
    """A person or body, and what it did."""

    name = Text(500, required=True, metadata=facts("Its name."))
    role = maybe(Text, 500, metadata=facts("What it did."))


class AgencyInput(Form):
    """An agency of a project."""

    name = Text(200, required=True, metadata=facts("Its short name.", example="UNECE"))
    full_name = maybe(Text, 500, metadata=facts("Its full name."))
    aliases = Unique(Text(500), metadata=facts("Other names, published errors among them."))
    role = maybe(Text, 500, metadata=facts("What it does in the project."))


class PopulationInput(Form):
    """A population figure, with what it needs to be compared."""

    value = Whole(required=True, metadata=facts("Number of people."))
    year = maybe(Whole, 1, 9999, metadata=facts("The year it stands for."))
    boundary = maybe(Text, 500, metadata=facts("The area it counts."))
    method = maybe(Text, 500, metadata=facts("Census, register or estimate."))
    source = maybe(Url, metadata=facts("Where the figure was read."))


class CoverageEntryInput(Form):
    """Whether a city's records of one type were looked for."""

    status = Code(CoverageStatus, required=True, metadata=facts("What the search gave."))
    note = maybe(Text, 2000, metadata=facts("How far the search went."))


class CoverageInput(Form):
    """Per record type, whether anyone looked for the city's records of scope `pilot`."""

    workshops = maybe(fields.Nested, CoverageEntryInput, metadata=facts("Of workshops."))
    documents = maybe(fields.Nested, CoverageEntryInput, metadata=facts("Of documents."))
    findings = maybe(fields.Nested, CoverageEntryInput, metadata=facts("Of findings."))
    recommendations = maybe(
        fields.Nested, CoverageEntryInput, metadata=facts("Of recommendations.")
    )
    actions = maybe(fields.Nested, CoverageEntryInput, metadata=facts("Of actions."))


class ParticipantsInput(Form):
    """Who took part, as far as a source tells."""

    groups = Unique(Text(500), metadata=facts("Groups that were present or invited."))
    total = maybe(Whole, metadata=facts("Number of people."))
    women = maybe(Whole, metadata=facts("Number of women."))
    men = maybe(Whole, metadata=facts("Number of men."))
    as_printed = maybe(Text, 2000, metadata=facts("The source's own words."))
    note = maybe(Text, 2000, metadata=facts("A remark."))

    @validates_schema(skip_on_field_errors=False)
    def adds_up(self, data: dict[str, Any], **_: Any) -> None:
        """Women and men are not more than all."""
        total, counted = data.get("total"), (data.get("women") or 0) + (data.get("men") or 0)
        if total is not None and counted > total:
            raise ValidationError(f"women and men are {counted}, more than the total", "total")


class DocumentFileInput(Form):
    """One file of a document: one language version in one format."""

    id = Slug(required=True, metadata=facts("Its id within the document.", example="en"))
    lang = maybe(Language, metadata=facts("The language of its text.", example="ru"))
    media_type = maybe(MediaType, metadata=facts("Its format.", example="application/pdf"))
    url = maybe(Url, metadata=facts("Where its publisher offers it."))
    size = maybe(Long, metadata=facts("Its size in bytes."))
    sha256 = maybe(Sha256, metadata=facts("The SHA-256 digest of its bytes."))
    external_ids = ExternalIds(metadata=facts("What other systems call it."))
    text_status = maybe(
        Code,
        TextStatus,
        dump_only=True,
        metadata=facts("Whether search finds its pages; the server sets it, for stored PDFs."),
    )

    @pre_load
    def drop_what_the_server_sets(self, data: Any, **_: Any) -> Any:
        """Let an answer be sent back as it came."""
        if not isinstance(data, Mapping):
            return data
        return {name: value for name, value in data.items() if name != "text_status"}

    @post_load
    def leave_it_to_the_server(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """What no body says is null."""
        return {**data, "text_status": None}


class ValidationInput(Form):
    """One discussion of a recommendation in a workshop."""

    workshop = Reference("workshops", required=True, metadata=facts("The workshop's id."))
    on = maybe(PartialDate, metadata=facts("When it was discussed."))
    outcome = maybe(Text, 500, metadata=facts("What came of it."))
    note = maybe(Text, 2000, metadata=facts("A remark."))

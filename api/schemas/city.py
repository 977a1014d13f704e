"""The contract of cities."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from ..codes import Commission
from .facts import facts
from .fields import Code, Objects
from .parts import CoverageInput, PopulationInput, maybe
from .record import RecordInput, complete
from .shared import aliases, projects, prose, title
from .standards import Country, Degrees, Subdivision, TimeZone, Unlocode, Url


@complete
class CityInput(RecordInput):
    """A city of a project, the pilot or another, or one merely referred to (without projects)."""

    name = title("Its name, as the project writes it.", "Kharkiv")
    aliases = aliases()
    country = maybe(
        Country,
        metadata=facts(
            "Its country (ISO 3166-1 alpha-2).", filter="country", facet=True, example="UA"
        ),
    )
    subdivision = maybe(
        Subdivision,
        metadata=facts("Its region (ISO 3166-2).", filter="subdivision", example="UA-63"),
    )
    commission = maybe(
        Code,
        Commission,
        metadata=facts("The UN regional commission of its pilot.", filter="commission", facet=True),
    )
    unlocode = maybe(Unlocode, metadata=facts("Its UN/LOCODE.", filter="unlocode", example="UAHRK"))
    latitude = maybe(Degrees, 90, metadata=facts("Degrees north, WGS 84.", example=49.9925))
    longitude = maybe(Degrees, 180, metadata=facts("Degrees east, WGS 84.", example=36.23111))
    timezone = maybe(TimeZone, metadata=facts("Its time zone (IANA).", example="Europe/Kyiv"))
    population = Objects(
        PopulationInput,
        metadata=facts("Figures, each with year, boundary and method."),
    )
    website = maybe(Url, metadata=facts("Its own site."))
    summary = prose("What the city's pilot was, in short.")
    projects = projects()
    coverage = fields.Nested(
        CoverageInput,
        load_default=lambda: dict.fromkeys(CoverageInput._declared_fields),
        metadata=facts("Whether its records of scope `pilot` were looked for, per type."),
    )

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def located_wholly(self, _data: Any, original: Any, **_: Any) -> None:
        """A point has both coordinates or none."""
        named = original if isinstance(original, Mapping) else {}
        given = [named.get(name) is not None for name in ("latitude", "longitude")]
        if any(given) and not all(given):
            raise ValidationError("latitude and longitude stand together", "longitude")

    @validates_schema(skip_on_field_errors=False)
    def of_one_country(self, data: dict[str, Any], **_: Any) -> None:
        """The longer codes begin with the country's."""
        country = data.get("country")
        wrong = {
            name: [f"must begin with the country's code {country}"]
            for name in ("subdivision", "unlocode")
            if country and data.get(name) and not data[name].startswith(country)
        }
        if wrong:
            raise ValidationError(wrong)

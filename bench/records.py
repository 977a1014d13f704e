"""The records of the benchmark, made by dice: the same size gives the same records everywhere.

    for each in records("S"): ...

They come in an order in which each names only records before it. Ids have their number with
leading zeros, so that the order of ids is the order of numbers for everyone.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from textwrap import wrap
from typing import NamedTuple

from api.codes import Dimension, DocumentKind, RecommendationStatus, WorkshopKind, WorkshopMode

from .words import LANGUAGES, Speaker


class Size(NamedTuple):
    """How many records of each type there are, besides a programme a country."""

    cities: int
    workshops: int
    documents: int
    recommendations: int


SIZES = {
    "S": Size(16, 200, 800, 1_500),
    "M": Size(1_000, 20_000, 100_000, 150_000),
    "L": Size(10_000, 200_000, 1_000_000, 1_500_000),
}
COUNTRIES = tuple(wrap("ALAMAZBABGCZDEEEFIGEGRHRHUKGKZLTLVMDMEMKPLRORSSESISKTJTRUAUZ", 2))
ZONES = ("Europe/Kyiv", "Europe/Tirane", "Europe/Chisinau", "Asia/Tbilisi", "Europe/Warsaw")
MEDIA_TYPES = ("application/pdf", "text/html", "text/csv", "image/jpeg")
LANGUAGE_SETS = ("en", "en uk", "en ru uk", "uk", "en sq", "sq", "ru uk", "en ru", "en ru sq uk")
FIRST_DAY = datetime(2017, 1, 9, 9)  # noqa: DTZ001 - the offset is written when it is told
DAYS = 3_600
SYLLABLES = "ka,lu,mi,ro,ste,vi,no,bra,gor,ti,pol,sha,ven,dra,zhy,kre,ber,la"


class City(NamedTuple):
    """A city."""

    number: int
    slug: str
    name: str
    country: str
    latitude: float
    longitude: float
    timezone: str


class Workshop(NamedTuple):
    """A workshop in a city. Its times are those of the clock at UTC+2."""

    number: int
    slug: str
    city: City
    title: str
    kind: str
    mode: str
    starts_at: datetime
    ends_at: datetime
    languages: tuple[str, ...]
    objectives: tuple[str, ...]


class Document(NamedTuple):
    """A document of a workshop, with one file."""

    number: int
    slug: str
    city: City
    workshop: int
    title: str
    kind: str
    language: str
    media_type: str
    published_on: date


class Recommendation(NamedTuple):
    """What a workshop advised its city. A third of them are translated."""

    number: int
    slug: str
    city: City
    workshop: int
    dimension: str
    status: str
    language: str
    text: str
    translation: tuple[str, str] | None


Record = City | Workshop | Document | Recommendation


def countries(size: str) -> tuple[str, ...]:
    """Return the countries that a size has: several cities in each, also when there are few."""
    return COUNTRIES[: max(4, min(len(COUNTRIES), SIZES[size].cities // 4))]


def programme_slug(country: str) -> str:
    """Return the id of a country's programme, the project that all of its records belong to."""
    return f"programme-{country.lower()}"


def workshop_slug(number: int) -> str:
    """Return a workshop's id."""
    return f"workshop-{number:07}"


def records(size: str) -> Iterator[Record]:
    """Yield all records of a size."""
    dice = random.Random(f"records of {size}")
    speaker = Speaker(dice)
    many = SIZES[size]
    cities = list(_cities(size, dice))
    yield from cities
    held_in: list[City] = []
    for number in range(1, many.workshops + 1):
        held_in.append(dice.choice(cities))
        yield _workshop(number, held_in[-1], dice, speaker)
    for number in range(1, many.documents + 1):
        workshop = dice.randint(1, many.workshops)
        language = dice.choice(LANGUAGES)
        yield Document(
            number,
            f"document-{number:07}",
            held_in[workshop - 1],
            workshop,
            speaker.say(language, 3, 8),
            dice.choice(KINDS_OF_DOCUMENT),
            language,
            dice.choice(MEDIA_TYPES),
            (FIRST_DAY + timedelta(days=dice.randrange(DAYS))).date(),
        )
    for number in range(1, many.recommendations + 1):
        workshop = dice.randint(1, many.workshops)
        yield _recommendation(number, held_in[workshop - 1], workshop, dice, speaker)


KINDS_OF_WORKSHOP = [each.value for each in WorkshopKind]
MODES = [each.value for each in WorkshopMode]
KINDS_OF_DOCUMENT = [each.value for each in DocumentKind]
DIMENSIONS = [each.value for each in Dimension]
STATUSES = [each.value for each in RecommendationStatus]


def _cities(size: str, dice: random.Random) -> Iterator[City]:
    there = countries(size)
    for number in range(1, SIZES[size].cities + 1):
        name = "".join(dice.choices(SYLLABLES.split(","), k=dice.randint(2, 4)))
        place = round(dice.uniform(38, 60), 5), round(dice.uniform(12, 60), 5)
        country = there[number % len(there)]
        slug = f"{name}-{number:05}"
        yield City(number, slug, name.capitalize(), country, *place, dice.choice(ZONES))


def _workshop(number: int, city: City, dice: random.Random, speaker: Speaker) -> Workshop:
    starts_at = FIRST_DAY + timedelta(days=dice.randrange(DAYS), hours=dice.randrange(8))
    languages = tuple(dice.choice(LANGUAGE_SETS).split())
    return Workshop(
        number,
        workshop_slug(number),
        city,
        speaker.say(languages[0], 4, 9),
        dice.choice(KINDS_OF_WORKSHOP),
        dice.choice(MODES),
        starts_at,
        starts_at + timedelta(hours=dice.choice((3, 6, 30, 54))),
        languages,
        tuple(dict.fromkeys(speaker.say(languages[0], 8, 20) for _ in range(3))),
    )


def _recommendation(
    number: int, city: City, workshop: int, dice: random.Random, speaker: Speaker
) -> Recommendation:
    language = dice.choice(LANGUAGES)
    other = dice.choice(("en", "uk"))
    translated = dice.random() < 1 / 3 and other != language
    return Recommendation(
        number,
        f"recommendation-{number:07}",
        city,
        workshop,
        dice.choice(DIMENSIONS),
        dice.choice(STATUSES),
        language,
        speaker.say(language, 12, 35),
        (other, speaker.say(other, 12, 35)) if translated else None,
    )

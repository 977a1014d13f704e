"""The work items: the same questions in each contender's own spelling.

Parameters are drawn by dice from what the generator made, so all are asked for the same records
in the same order. Our lists have no `country=` for workshops: a country's workshops are those of
its programme (`project=programme-ua`), which gives the same rows.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote, urlencode

from .records import SIZES, STATUSES, City, countries, programme_slug, records, workshop_slug
from .words import LANGUAGES, vocabulary

ITEMS = {
    "W1": "a city by its id",
    "W2": "a city's workshops, the 20 newest, with total",
    "W3": "a country's workshops of some years and a language, 50, with cities and documents",
    "W4": "50 recommendations at depth 50,000",
    "W5": "full-text search, the 20 best, with total",
    "W6": "a workshop with its documents and recommendations",
    "W7": "W3 asked again with If-None-Match",
    "W8": "counts of recommendations by dimension and city",
    "W9": "a city's recommendations in Ukrainian, else English, else as they are",
    "W10": "counts by dimension and city, of a country and a status",
    "W11": "a poll of the change feed that finds nothing new",
    "W12": "a country's workshops as CSV",
    "W13": "search over all types with snippets, 20",
}
OURS_ALONE = ("W11", "W13")
"""What the peers do not have."""
PAGE = 50
DEEPEST = 1_000
DEEP_PAGES = 20
RANKS = ((9, 14), (20, 33), (45, 80), (100, 130))
"""How frequent the words of a search are, by their place in the vocabulary."""
Spell = Callable[[str, Any], str]


@dataclass(frozen=True)
class Country:
    """What W3, W10 and W12 are asked of."""

    code: str
    first_year: int
    last_year: int
    language: str
    status: str

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day."""
        return f"{self.first_year}-01-01", f"{self.last_year}-12-31"


def asked(size: str) -> dict[str, list[Any]]:
    """Return item → what to ask, one after the other."""
    dice = random.Random(f"questions at {size}")
    many = SIZES[size]
    cities = [each.slug for each in islice(records(size), many.cities) if isinstance(each, City)]
    cities = dice.sample(cities, min(200, len(cities)))
    years = [(2017, 2026)] if many.workshops < 1_000 else [(y, y + 1) for y in range(2018, 2026, 2)]
    questions = [
        Country(code, *years_, language, dice.choice(STATUSES))
        for code in countries(size)
        for years_ in years
        for language in LANGUAGES
    ]
    dice.shuffle(questions)
    last = min(DEEPEST, many.recommendations // PAGE)
    words = {language: vocabulary(language) for language in LANGUAGES}
    terms = [(words[each][a], words[each][b]) for a, b in RANKS for each in LANGUAGES]
    workshops = [dice.randint(1, many.workshops) for _ in range(300)]
    found: dict[str, list[Any]] = {"W1": cities, "W2": cities, "W3": questions[:120]}
    found |= {"W4": list(range(max(1, last - DEEP_PAGES), last + 1)), "W5": terms}
    found |= {"W6": workshops, "W7": found["W3"], "W8": [None], "W9": cities}
    found |= {"W10": questions[:120], "W11": [None], "W12": questions[:30], "W13": terms}
    return found


def peer(item: str, what: Any, *, by_numbers: bool = False) -> str:
    """Spell a question to a peer; `by_numbers`: its pages have numbers instead of cursors."""
    if item == "W1":
        return f"/cities/{what}"
    if item == "W2":
        return f"/cities/{what}/workshops"
    if item in ("W3", "W7"):
        first, last = what.days
        named = {"country": what.code, "date_from": first, "date_to": last}
        return "/workshops?" + urlencode({**named, "language": what.language})
    if item == "W4":
        return f"/recommendations?{f'page={what}' if by_numbers else f'after={(what - 1) * PAGE}'}"
    return _peer_also(item, what)


def _peer_also(item: str, what: Any) -> str:
    if item == "W5":
        return "/search?" + urlencode({"q": " ".join(what)})
    if item == "W6":
        return f"/workshops/{workshop_slug(what)}"
    if item == "W9":
        return f"/cities/{what}/recommendations?lang=uk,en&limit={PAGE}"
    if item == "W10":
        return f"/facets?country={what.code}&status={what.status}"
    return "/facets" if item == "W8" else f"/workshops.csv?country={what.code}"


def ours(item: str, what: Any, cursors: dict[str, str]) -> str:
    """Spell a question to us. `cursors`: by depth for W4, and the present one for W11."""
    if item in ("W1", "W2", "W3", "W6", "W7", "W12"):
        return "/api/v1" + _of_records(item, what)
    recommendations = "/api/v1/recommendations?"
    if item == "W4":
        return f"{recommendations}limit={PAGE}&cursor={cursors[str((what - 1) * PAGE)]}"
    if item in ("W5", "W13"):
        # In quotes, as a last word without them is also the beginning of others.
        q = quote(" ".join(f'"{word}"' for word in what))
        return f"{recommendations if item == 'W5' else '/api/v1/search?'}q={q}&limit=20"
    if item == "W9":
        return f"{recommendations}city={what}&lang=uk,en&limit={PAGE}"
    if item == "W11":
        return f"/api/v1/changes?cursor={cursors['now']}"
    narrowed = ""
    if item == "W10":
        narrowed = f"&project={programme_slug(what.code)}&status={what.status}"
    return f"{recommendations}facets=dimension,city&limit=0{narrowed}"


def _of_records(item: str, what: Any) -> str:
    if item == "W1":
        return f"/cities/{what}"
    if item == "W2":
        return f"/workshops?city={what}&sort=-starts_on&limit=20"
    if item == "W6":
        return f"/workshops/{workshop_slug(what)}?include=cities,documents,recommendations"
    if item == "W12":
        return f"/workshops.csv?project={programme_slug(what.code)}"
    first, last = what.days
    narrowed = f"starts_from={first}&starts_to={last}&language={what.language}"
    shown = f"sort=-starts_on&limit={PAGE}&include=cities,documents"
    return f"/workshops?project={programme_slug(what.code)}&{narrowed}&{shown}"

"""Records made from the schemas alone: each field has some value of its kind, or none.

So a new collection, or a new field of an old one, has values to be filtered and sorted by
before anyone writes a test about it.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError
from marshmallow.fields import Field, List, Nested

from api.schemas.dates import OffsetDateTime, PartialDate
from api.schemas.fields import Code, ExternalIds, Reference, References, Slug, Text, Whole
from api.schemas.record import Translations
from api.schemas.standards import Country, Degrees, LanguageTag, Subdivision, Unlocode, Url
from api.services.collection import Collection
from api.services.records import COLLECTIONS
from tests.factories import Record, library, load, source

DATES = ["2020", "2020-02", "2020-07", "2020-07-15", "2020-12-31", "2021", "2021-01-01", "2021-09"]
TITLES = [
    *("Recovery plan", "recovery Plan", "Zoo", "a note", "ärger", "Équité", "Ёлка і Харків"),
    *("～ full width", "😀 beyond UTF-16", "Recovery", "Recovery-plan", "Rimëkëmbja", "Їжак"),
]
LANGUAGES = ["en", "uk", "ru", "sq", "fr", "sr-Latn"]
MOMENTS = [datetime(2026, 1, day, 12, tzinfo=UTC) for day in (1, 2, 3, 4)]
EACH = 16
"""How many records of a collection are made."""

Value = Callable[[random.Random, Any, dict[str, list[str]], Record], Any]


@cache
def written() -> dict[str, dict[str, Record]]:
    """Return collection → id → record as loaded: all that is in the world."""
    found: dict[str, dict[str, Record]] = {}
    for name, record in (*library(), *varied()):
        found.setdefault(name, {})[record["id"]] = load(name, record)
    return found


def varied() -> Iterator[tuple[str, Record]]:
    """Yield (collection, record) pairs, each naming only records before it."""
    dice = random.Random(11)
    ids: dict[str, list[str]] = {}
    for collection in COLLECTIONS:
        here = ids.setdefault(collection.name, [])
        for number in range(EACH):
            record = _record(collection, number, dice, ids)
            here.append(record["id"])
            yield collection.name, record


def _record(
    collection: Collection, number: int, dice: random.Random, ids: dict[str, list[str]]
) -> Record:
    # Ids in which words, bytes and languages are sorted differently: v1, v-1, v10, v-10.
    record: Record = {
        "id": f"v{'-' * (number % 2)}{number // 2}",
        "lang": dice.choice(LANGUAGES),
        "sources": [source()],
        collection.label: dice.choice(TITLES),
    }
    for name, field in collection.fields.items():
        if name not in record and (dice.random() < 0.7 or isinstance(field, Degrees)):
            record[name] = value(field, dice, ids, record)
    return _without_faults(collection, record)


def _without_faults(collection: Collection, record: Record) -> Record:
    """Leave out the fields that contradict others, such as an end before the start."""
    for _ in range(len(record)):
        try:
            collection.schema().load(record)
        except ValidationError as error:
            record = {name: each for name, each in record.items() if name not in error.messages}
    return record


def value(field: Field[Any], dice: random.Random, ids: dict[str, list[str]], beside: Record) -> Any:
    """Return a value for a field, None where nothing here knows its kind."""
    for kind, make in KINDS.items():
        if isinstance(field, kind):
            return make(dice, field, ids, beside)
    return (field.metadata.get("examples") or [None])[0]


def _some(dice: random.Random, values: list[Any]) -> list[Any]:
    return dice.sample(values, min(len(values), dice.randint(0, 3)))


def _texts(dice: random.Random, field: Any, ids: dict[str, list[str]], beside: Record) -> Record:
    texts = field.value_field.schema.fields
    return {
        lang: {
            n: value(each, dice, ids, beside) for n, each in texts.items() if dice.random() < 0.6
        }
        for lang in _some(dice, [each for each in LANGUAGES if each != beside.get("lang")])
    }


def _part(dice: random.Random, schema: Schema, ids: dict[str, list[str]]) -> Record:
    return {
        each.data_key or name: value(each, dice, ids, {})
        for name, each in schema.fields.items()
        if each.required or (dice.random() < 0.7 and name != "fields_")
    }


def _list(dice: random.Random, field: Any, ids: dict[str, list[str]], beside: Record) -> list[Any]:
    found: list[Any] = []
    for _ in range(dice.randint(0, 3)):
        each = value(field.inner, dice, ids, beside)
        if each not in found:
            found.append(each)
    return found


KINDS: dict[Any, Value] = {
    Code: lambda dice, field, ids, beside: dice.choice([each.value for each in field.codes]),
    PartialDate: lambda dice, field, ids, beside: dice.choice(DATES),
    OffsetDateTime: lambda dice, field, ids, beside: f"{dice.choice(DATES[3:5])}T10:00:00+02:00",
    References: lambda dice, field, ids, beside: _some(dice, ids[field.collection]),
    Reference: lambda dice, field, ids, beside: dice.choice(ids[field.collection] or [None]),
    ExternalIds: lambda dice, field, ids, beside: (
        {s: str(dice.randint(0, 5)) for s in _some(dice, ["legacy", "unece_event"])}
    ),
    Country: lambda dice, field, ids, beside: dice.choice(["UA", "AL", "KG"]),
    Subdivision: lambda dice, field, ids, beside: (
        f"{beside.get('country') or 'UA'}-{dice.randint(1, 3)}"
    ),
    Unlocode: lambda dice, field, ids, beside: (
        f"{beside.get('country') or 'UA'}{dice.choice(['HRK', 'TIA'])}"
    ),
    Degrees: lambda dice, field, ids, beside: float(dice.randint(-9, 9) * 10),
    LanguageTag: lambda dice, field, ids, beside: dice.choice(LANGUAGES),
    Url: lambda dice, field, ids, beside: "https://example.org/page",
    Slug: lambda dice, field, ids, beside: f"part-{dice.randint(1, 10**9)}",
    Whole: lambda dice, field, ids, beside: dice.randint(1, 9),
    Translations: _texts,
    Nested: lambda dice, field, ids, beside: _part(dice, field.schema, ids),
    List: _list,
}
KINDS[Text] = lambda dice, field, ids, beside: (
    (field.metadata.get("examples") or [None])[0]
    if getattr(field, "pattern", "") or type(field) is not Text
    else dice.choice(TITLES)
)
"""Kind of field → what makes a value of it; the first that fits."""

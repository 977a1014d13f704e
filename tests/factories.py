"""Valid records, one function a type: good defaults, and whatever a test changes.

`library()` is a small varied store for tests that only read: unknown values, partial dates,
several languages, references in both directions, ties in every sort key.
"""

import random
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine

from api.services import catalog
from api.services.catalog import Door
from api.services.database import writing
from api.services.records import BY_NAME

Record = dict[str, Any]
DOOR = Door("test")


def source(**fields: Any) -> Record:
    return {"title": "A page", "confidence": "stated", **fields}


def _record(id: str, **fields: Any) -> Record:
    return {"id": id, "lang": "en", "sources": [source()], **fields}


def project(id: str = "project-1", **fields: Any) -> Record:
    return _record(id, **{"title": f"Project {id}", **fields})


def city(id: str = "city-1", **fields: Any) -> Record:
    return _record(id, **{"name": f"City {id}", **fields})


def workshop(id: str = "workshop-1", **fields: Any) -> Record:
    return _record(id, **{"title": f"Workshop {id}", **fields})


def document(id: str = "document-1", **fields: Any) -> Record:
    return _record(id, **{"title": f"Document {id}", **fields})


def finding(id: str = "finding-1", **fields: Any) -> Record:
    return _record(id, **{"text": f"Finding {id}", **fields})


def recommendation(id: str = "recommendation-1", **fields: Any) -> Record:
    return _record(id, **{"text": f"Recommendation {id}", **fields})


def action(id: str = "action-1", **fields: Any) -> Record:
    return _record(id, **{"text": f"Action {id}", **fields})


MAKE = {
    "projects": project,
    "cities": city,
    "workshops": workshop,
    "documents": document,
    "findings": finding,
    "recommendations": recommendation,
    "actions": action,
}
"""Collection → the function that makes one of its records."""


def load(collection: str, record: Record) -> Record:
    """Return a record as the catalog takes it."""
    loaded: Record = BY_NAME[collection].schema().load(record)
    return loaded


def store(engine: Engine, *records: tuple[str, Record]) -> list[catalog.Saved]:
    """Save (collection, record) pairs in one transaction."""
    with writing(engine) as connection:
        return [
            catalog.save(connection, BY_NAME[name], load(name, record), DOOR)
            for name, record in records
        ]


def fill(engine: Engine) -> None:
    """Put the whole library into a store."""
    store(engine, *library())


CITIES = [f"city-{number}" for number in range(1, 13)]
DATES = ["2020", "2020-07", "2020-07-15", "2021-09-03", "2021-09", "2022", None, None]
DIMENSIONS = ["overall", "labour_market", "economic_governance", None]
TITLES = ["Recovery plan", "Ёлка і Харків", "Rimëkëmbja", "ärger", "Zoo", "a note", "Équité"]


def library() -> Iterator[tuple[str, Record]]:
    """Yield (collection, record) pairs, each naming only records before it."""
    dice = random.Random(7)
    yield from _places(dice)
    yield from _meetings(dice)
    yield from _knowledge(dice)


def _places(dice: random.Random) -> Iterator[tuple[str, Record]]:
    for number in range(1, 4):
        yield "projects", project(f"project-{number}", starts_on=DATES[number], website=None)
    for number, id_ in enumerate(CITIES):
        place = {"latitude": -60.0 + 10 * number, "longitude": -170.0 + 30 * number}
        yield (
            "cities",
            city(
                id_,
                country=["UA", "AL", None, "KG"][number % 4],
                commission=["UNECE", "ECA", None][number % 3],
                projects=[f"project-{1 + number % 2}"] if number % 3 else [],
                translations={"uk": {"name": f"Місто {number}"}} if number % 2 else {},
                aliases=[f"Alias {number % 5}"],
                **(place if number % 5 else {}),
            ),
        )


def _meetings(dice: random.Random) -> Iterator[tuple[str, Record]]:
    for number in range(40):
        yield (
            "workshops",
            workshop(
                f"workshop-{number}",
                title=dice.choice(TITLES),
                kind=dice.choice(["validation", "training", None]),
                status=dice.choice(["held", "planned", None]),
                mode=dice.choice(["online", None]),
                scope=dice.choice(["pilot", "related"]),
                starts_on=dice.choice(DATES),
                cities=dice.sample(CITIES, dice.randint(0, 3)),
                projects=dice.sample(["project-1", "project-2"], dice.randint(0, 2)),
                languages=dice.sample(["en", "ru", "sq"], dice.randint(0, 2)),
                external_ids={"legacy": str(number // 2)} if number % 3 == 0 else {},
                part_of=f"workshop-{number - 1}" if number % 10 == 9 else None,
                summary="Talks about recovery after the crisis." if number % 2 else None,
                translations={"ru": {"title": "Семинар о восстановлении"}} if number % 4 else {},
            ),
        )
    for number in range(30):
        yield (
            "documents",
            document(
                f"document-{number}",
                title=dice.choice(TITLES),
                kind=dice.choice(["agenda", "report", None]),
                status=dice.choice(["available", "missing", None]),
                published_on=dice.choice(DATES),
                cities=dice.sample(CITIES, dice.randint(0, 2)),
                workshops=[f"workshop-{number}"] if number % 2 else [],
                files=[{"id": "one", "lang": "ru", "external_ids": {"file": str(number)}}]
                if number % 3
                else [],
            ),
        )


def _knowledge(dice: random.Random) -> Iterator[tuple[str, Record]]:
    for number in range(20):
        yield (
            "findings",
            finding(
                f"finding-{number}",
                dimension=dice.choice(DIMENSIONS),
                cities=dice.sample(CITIES, 1),
                documents=[f"document-{number}"] if number % 2 else [],
                grade=dice.choice(["weak", None]),
            ),
        )
    for number in range(30):
        yield (
            "recommendations",
            recommendation(
                f"recommendation-{number}",
                dimension=dice.choice(DIMENSIONS),
                status=dice.choice(["proposed", "validated", None]),
                cities=dice.sample(CITIES, dice.randint(0, 2)),
                findings=[f"finding-{number % 20}"] if number % 2 else [],
                documents=[f"document-{number % 30}"] if number % 3 == 0 else [],
                validations=[{"workshop": f"workshop-{number}", "outcome": "kept"}]
                if number % 4 == 0
                else [],
            ),
        )
    for number in range(15):
        yield (
            "actions",
            action(
                f"action-{number}",
                dimension=dice.choice(DIMENSIONS),
                status=dice.choice(["done", None]),
                starts_on=dice.choice(DATES),
                cities=dice.sample(CITIES, 1),
                recommendations=[f"recommendation-{number}"] if number % 2 else [],
            ),
        )

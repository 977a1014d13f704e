"""How long answers take on the large store, on both databases, within one process.

python -m tests.scale.latencies
"""

# ruff: noqa: T201  a script's output is its print

import tempfile
import time
from typing import Any

from sqlalchemy import Engine

from api.services.database import open_engine
from api.services.migrating import migrate
from tests.conftest import client_of, create_linguistic_database
from tests.postgres import temporary_cluster
from tests.scale.asking import deep_cursor
from tests.scale.store import LARGE, analyse, build

ENOUGH = 1_000


def main() -> None:
    """Build the store on each database, and print the middle of three times for each question."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(f"sqlite:///{folder}/large.db")
    with temporary_cluster() as cluster:
        create_linguistic_database(cluster, "large")
        _measure(cluster.url("large"))


def _measure(url: str) -> None:
    engine = open_engine(url, seconds=120)
    migrate(engine)
    began = time.perf_counter()
    build(engine, LARGE)
    analyse(engine)
    name = engine.dialect.name
    print(f"{name:10} built in {time.perf_counter() - began:.0f} s", flush=True)
    client = client_of(engine, cache_bytes=0)
    for label, path in _questions(engine):
        took: list[float] = []
        while len(took) < 3 and sum(took) < ENOUGH:
            began = time.perf_counter()
            assert client.get(f"/api/v1/{path}").status_code == 200
            took.append(1000 * (time.perf_counter() - began))
        print(f"{name:10} {label:38} {sorted(took)[len(took) // 2]:9.1f} ms", flush=True)
    engine.dispose()


def _questions(engine: Engine) -> list[tuple[str, str]]:
    deep = deep_cursor(engine, "recommendations", "id", 100_000)
    recent = deep_cursor(engine, "recommendations", "-updated_at", 100_000)
    first: Any = client_of(engine).get("/api/v1/recommendations?limit=1").json
    word = first["data"][0]["text"].split()
    return [
        ("list page", "recommendations"),
        ("deep page", f"recommendations?sort=id&cursor={deep}"),
        ("deep page, latest first", f"recommendations?sort=-updated_at&cursor={recent}"),
        ("one record", "recommendations/recommendation-070000"),
        ("trace", "recommendations/recommendation-070000/trace"),
        ("filter: a city", "recommendations?city=city-000007"),
        ("filter: a project of half", "recommendations?project=project-000001"),
        ("  latest first", "recommendations?project=project-000001&sort=-updated_at"),
        ("filter: a common dimension", "recommendations?dimension=labour_market"),
        ("  latest first", "recommendations?dimension=labour_market&sort=-updated_at"),
        ("filter: scope=pilot, latest first", "recommendations?scope=pilot&sort=-updated_at"),
        ("filter: updated_since, few", "recommendations?updated_since=2025-01-02T23:50:00Z"),
        ("facets dimension, status", "recommendations?facets=dimension,status&limit=0"),
        ("facets city, project", "recommendations?facets=city,project&limit=0"),
        ("include cities, findings", "recommendations?include=cities,findings"),
        ("q, a common prefix", f"recommendations?q={word[0][:2]}"),
        ("q, one word", f"recommendations?q={word[0]}"),
        ("q, three words", f"recommendations?q={'+'.join(word[:3])}"),
        ("q, one word, by id", f"recommendations?q={word[0]}&sort=id"),
        ("search, a common prefix", f"search?q={word[0][:2]}"),
        ("search, one word", f"search?q={word[0]}"),
    ]


if __name__ == "__main__":
    main()

"""What the server counts of itself, read by Prometheus' own parsers."""

import io
from collections.abc import Mapping
from contextlib import redirect_stderr

import pytest
from flask.testing import FlaskClient
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from api.web import cache
from api.web.observe import configure_log
from tests.conftest import client_of

V1 = "/api/v1"


@pytest.fixture
def client(engine: Engine) -> FlaskClient:
    return client_of(engine, cache_bytes=1_000_000)


def _told(client: FlaskClient, name: str, **labels: str) -> float:
    found = text_string_to_metric_families(client.get("/metrics").text)
    samples = [each for family in found for each in family.samples if each.name == name]
    return sum(each.value for each in samples if _fits(each.labels, labels))


def _asked(client: FlaskClient, outcome: str) -> float:
    return _told(client, "pilotcities_cache_requests_total", outcome=outcome)


def _fits(labels: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return labels.items() >= wanted.items()


def test_what_the_cache_did_is_counted(client: FlaskClient) -> None:
    before = _asked(client, "hit")
    for _ in range(3):
        client.get(f"{V1}/cities")
    client.get(f"{V1}/cities", headers={"Range": "bytes=0-1"})
    assert _asked(client, "hit") - before == 2
    assert _asked(client, "bypass") == 1
    assert _told(client, "pilotcities_cache_bytes") > 2_000


def test_what_the_application_answered_is_counted_by_route(client: FlaskClient) -> None:
    for path in ("cities", "cities", "cities/nowhere", "cities/elsewhere", "no-such-thing"):
        client.get(f"{V1}/{path}")
    name, route = "pilotcities_requests_total", f"{V1}/cities/<id>"
    assert _told(client, name, route=f"{V1}/cities", status="200", method="GET") == 1
    assert _told(client, name, route=route, status="404") == 2
    assert _told(client, name, route="none", status="404") == 1
    assert _told(client, "pilotcities_request_seconds_count", route=route) == 2


def test_strangers_make_no_series(client: FlaskClient) -> None:
    for number in range(20):
        client.open(f"{V1}/nothing-{number}", method=f"VERB{number}")
    assert "VERB" not in client.get("/metrics").text
    assert "nothing-" not in client.get("/metrics").text


def test_who_asks_for_openmetrics_gets_it(client: FlaskClient) -> None:
    answer = client.get("/metrics", headers={"Accept": "application/openmetrics-text"})
    assert answer.mimetype == "application/openmetrics-text"
    names = {each.name for each in openmetrics.text_string_to_metric_families(answer.text)}
    assert {"pilotcities_requests", "process_resident_memory_bytes"} <= names
    assert answer.headers["Cache-Control"] == "no-store"


def test_one_answer_of_many_from_the_cache_is_logged(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "HITS_A_LINE", 5)
    with redirect_stderr(io.StringIO()) as log:
        client = client_of(engine, cache_bytes=1_000_000, log_level="info")
        for _ in range(12):
            client.get(f"{V1}/cities")
    configure_log("error")
    assert log.getvalue().count('"event":"cache"') == 2

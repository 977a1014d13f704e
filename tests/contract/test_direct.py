"""What goes past Flask is what Flask would have answered, to the byte."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from api.services.records import COLLECTIONS
from api.web.direct import Direct
from tests.conftest import client_of

V1 = "/api/v1"
QUERIES = [
    "",
    "limit=2",
    "limit=2&sort=-updated_at",
    "lang=uk,en&limit=3",
    "lang=*&limit=2",
    "fields=id,url&limit=2",
    "q=kharkiv",
    "limit=0&facets=scope",
    "updated_since=2020-01-01&limit=1",
    "updated_since=2020-01-01T00%3A00%3A00%2B01%3A00&limit=1",
    "limit=1&limit=2",
    "limit=0",
    "nonsense=1",
    "q=",
    "q=%FF",
    "sort=title+",
    "limit=%31",
    "cursor=abc",
    "include=cities&limit=2",
]


@pytest.fixture(scope="module")
def both(seeded: Engine) -> Iterator[tuple[FlaskClient, FlaskClient]]:
    """A client that goes past Flask where it can, and one that never does."""
    direct, flask = (client_of(seeded, cache_bytes=0, threads=n) for n in (2, 3))  # two apps
    cache = flask.application.wsgi_app
    assert isinstance(cache.behind, Direct)  # type: ignore[attr-defined]  # our middleware
    cache.behind = cache.behind.behind  # type: ignore[attr-defined]
    return direct, flask


def told(client: FlaskClient, address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    given = {"X-Request-Id": "the-same-for-both", "Accept-Encoding": "identity"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.get(address, headers=given | named)
    return answer.status_code, dict(answer.headers), answer.data


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda each: each.name)
def test_lists_are_those_of_flask(both, collection, query: str):
    direct, flask = both
    address = f"{V1}/{collection.name}?{query}"
    found = told(direct, address)
    assert found == told(flask, address)
    tag = found[1].get("ETag", "")
    assert told(direct, address, If_None_Match=tag) == told(flask, address, If_None_Match=tag)


@pytest.mark.parametrize("query", ["", "lang=ru", "fields=id", "x=1", "lang=*"])
@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda each: each.name)
def test_records_are_those_of_flask(both, collection, query: str):
    direct, flask = both
    ids = [each["id"] for each in flask.get(f"{V1}/{collection.name}?limit=5").json["data"]]
    for record_id in (*ids, "no-such-record", "No Id"):
        address = f"{V1}/{collection.name}/{record_id}?{query}"
        found = told(direct, address)
        assert found == told(flask, address)
        tag = found[1].get("ETag", "")
        assert told(direct, address, If_None_Match=tag) == told(flask, address, If_None_Match=tag)


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "text/csv"},
        {"Accept": "text/html"},
        {"Accept": "application/json"},
        {"Accept": ""},
        {"Authorization": "Bearer nonsense"},
        {"Range": "bytes=0-5"},
        {"Origin": "https://example.org"},
        {"If-None-Match": "*"},
    ],
    ids=str,
)
def test_what_is_unusual_is_answered_by_flask(both, headers: dict[str, str]):
    direct, flask = both
    assert told(direct, f"{V1}/workshops", **headers) == told(flask, f"{V1}/workshops", **headers)


def test_a_plain_read_never_comes_to_flask(both, monkeypatch: pytest.MonkeyPatch):
    direct, _ = both
    cache = direct.application.wsgi_app
    monkeypatch.setattr(cache.behind, "behind", None)
    assert direct.get(f"{V1}/workshops?limit=1&include=cities").status_code == 200
    assert direct.get(f"{V1}/cities/kharkiv", headers={"Accept": "*/*"}).status_code == 200
    with pytest.raises(TypeError):
        direct.get(f"{V1}/cities/nowhere")

"""What HTTP asks of every collection: methods, media types, headers, problems."""

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.services.collection import Collection
from tests.contract.conftest import Everything
from tests.contract.oracle import each, get

METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"}


def _problem(response: TestResponse, status: int, code: str) -> None:
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.json["status"] == status
    assert response.json["code"] == code
    assert response.json["type"].endswith(f"/api/v1/problems/{code}")
    assert response.json["request_id"] == response.headers["X-Request-Id"]
    assert response.json["detail"]
    assert response.headers["Cache-Control"] == "no-store"


def _paths(everything: Everything, collection: Collection) -> list[str]:
    one = everything[collection.name][0]["id"]
    return [f"/api/v1/{collection.name}", f"/api/v1/{collection.name}/{one}"]


STRANGE = [
    *(
        "no-such-record",
        "A",
        "-",
        "a--b",
        ".",
        " ",
        "v1 ",
        "\x00",
        "\n",
        "é",
        "日本",
        "'",
        '"',
        "*",
    ),
    *("x" * 5_000, "%", "%00", "null", "1e9", "\u202e", "\ufffd", "v1;x", "v1.html"),
]


@each
def test_an_id_that_nobody_has_is_not_found(reader: FlaskClient, collection: Collection) -> None:
    for id_ in STRANGE:
        response = reader.get(f"/api/v1/{collection.name}/{quote(id_, safe='')}")
        _problem(response, 404, "not_found")


NOWHERE = ["..", "../", "%2e%2e", "%2e%2e%2fcities", "a/b", "a%2Fb", "/", "%ff", "%ed%a0%80"]


@each
def test_a_path_that_leads_nowhere_is_not_found(
    reader: FlaskClient, collection: Collection
) -> None:
    for path in NOWHERE:
        response = reader.get(f"/api/v1/{collection.name}/{path}")
        assert response.status_code == 404
        assert response.content_type == "application/problem+json"


@each
def test_a_method_that_an_address_lacks_is_answered_with_those_it_has(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    for path in _paths(everything, collection):
        allowed = set(reader.options(path).headers["Allow"].split(", "))
        assert {"GET", "HEAD", "OPTIONS"} <= allowed
        for method in sorted(METHODS - allowed):
            response = reader.open(path, method=method)
            _problem(response, 405, "method_not_allowed")
            assert set(response.headers["Allow"].split(", ")) == allowed


@each
@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/*, text/plain"])
def test_a_format_that_is_not_offered_is_refused_with_those_that_are(
    reader: FlaskClient, everything: Everything, collection: Collection, accept: str
) -> None:
    for path in _paths(everything, collection):
        response = reader.get(path, headers={"Accept": accept})
        _problem(response, 406, "not_acceptable")
        assert "application/json" in response.json["available"]


@each
@pytest.mark.parametrize(
    "accept", ["application/json", "application/*;q=0.2", "text/html, */*", ""]
)
def test_json_comes_to_whoever_takes_it(
    reader: FlaskClient, everything: Everything, collection: Collection, accept: str
) -> None:
    for path in _paths(everything, collection):
        response = reader.get(path, headers={"Accept": accept})
        assert (response.status_code, response.content_type) == (200, "application/json")


def test_who_takes_problems_alone_gets_the_usual_answer(reader: FlaskClient) -> None:
    # Generated clients choose one type of those documented, and like JSON best.
    problems = {"Accept": "application/problem+json"}
    for path, usual in (("cities", "application/json"), ("cities.csv", "text/csv")):
        assert reader.get(f"/api/v1/{path}", headers=problems).mimetype == usual


@each
def test_head_is_get_without_a_body(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    known = {"X-Request-Id": "the-same-for-both"}
    one = everything[collection.name][0]["id"]
    for path in ("?limit=2&sort=-id", "", f"/{one}", "/no-such-record", "?limit=x"):
        got = reader.get(f"/api/v1/{collection.name}{path}", headers=known)
        head = reader.head(f"/api/v1/{collection.name}{path}", headers=known)
        assert head.status_code == got.status_code
        told = [dict(answer.headers) for answer in (head, got)]
        for headers in told:
            headers.pop("Cache-Status")  # the second may come from the cache
        assert told[0] == told[1]
        assert head.data == b""


@each
def test_answers_may_be_kept_by_any_cache(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    for path in _paths(everything, collection):
        response = reader.get(path)
        assert response.headers["Cache-Control"].startswith("public, max-age=60, s-maxage=300")
        assert {"Accept", "Accept-Encoding"} <= set(response.headers["Vary"].split(", "))
        assert "Set-Cookie" not in response.headers


@each
@pytest.mark.parametrize("given", ["abcd-1234", "A.b_c-" + "9" * 50])
def test_a_sane_request_id_comes_back(
    reader: FlaskClient, collection: Collection, given: str
) -> None:
    for path in (collection.name, f"{collection.name}/no-such-record", f"{collection.name}?x=1"):
        response = reader.get(f"/api/v1/{path}", headers={"X-Request-Id": given})
        assert response.headers["X-Request-Id"] == given


@each
@pytest.mark.parametrize("given", ["", "short", "x" * 300, "a space!", "<script>", "ключ-ключ"])
def test_another_request_id_is_replaced(
    reader: FlaskClient, collection: Collection, given: str
) -> None:
    header = {"X-Request-Id": given.encode().decode("latin-1")}
    response = reader.get(f"/api/v1/{collection.name}?x=1", headers=header)
    assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-Id"])
    assert response.json["request_id"] == response.headers["X-Request-Id"]


@each
def test_each_request_has_an_id_of_its_own(reader: FlaskClient, collection: Collection) -> None:
    seen = [reader.get(f"/api/v1/{collection.name}").headers["X-Request-Id"] for _ in range(5)]
    assert len(set(seen)) == 5


@each
def test_addresses_come_from_the_setting_never_from_the_request(
    reader: FlaskClient, collection: Collection
) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "x"}
    for query in ("?limit=1", "?limit=x"):
        path = f"/api/v1/{collection.name}{query}"
        assert "evil" not in reader.get(path, headers=forged).text
    moved = reader.get(f"/api/v1//{collection.name}", headers=forged)
    assert "evil" not in moved.headers.get("Location", "")
    assert get(reader, collection.name)["links"]["self"].startswith("http://127.0.0.1:8000/")

"""What a page of another site may ask, and see of the answer."""

import pytest
from flask.testing import FlaskClient

from api.services.collection import Collection
from tests.contract.conftest import Everything
from tests.contract.oracle import each

ORIGIN = {"Origin": "https://partner.example"}


def _paths(everything: Everything, collection: Collection) -> list[str]:
    one = everything[collection.name][0]["id"]
    return [f"/api/v1/{collection.name}", f"/api/v1/{collection.name}/{one}"]


@each
def test_a_browser_of_any_site_may_read_answers_and_problems(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    tag = reader.get(f"/api/v1/{collection.name}").headers["ETag"]
    for path in (*_paths(everything, collection), f"/api/v1/{collection.name}/no-such-record"):
        for headers in (ORIGIN, {**ORIGIN, "If-None-Match": tag}):
            response = reader.get(path, headers=headers)
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
            assert {"ETag", "Link", "X-Request-Id", "Retry-After"} <= set(exposed)
            assert "Access-Control-Allow-Credentials" not in response.headers


@each
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_browser_may_ask_first(
    reader: FlaskClient, everything: Everything, collection: Collection, method: str
) -> None:
    asked = {"If-None-Match", "If-Match", "Authorization", "Content-Type", "X-Request-Id"}
    asking = {"Access-Control-Request-Method": method, **ORIGIN}
    asking["Access-Control-Request-Headers"] = ", ".join(asked)
    response = reader.options(_paths(everything, collection)[1], headers=asking)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert method in response.headers["Access-Control-Allow-Methods"]
    assert {h.casefold() for h in asked} == {
        h.casefold() for h in response.headers["Access-Control-Allow-Headers"].split(", ")
    }

"""A second version beside the first: one resource of another shape, and all else shared."""

import pytest
import yaml
from flask import Response, request
from flask.testing import FlaskClient
from marshmallow import fields
from openapi_spec_validator import validate
from sqlalchemy import Engine

from api.app import V1, create_app
from api.breaks.documents import breaks
from api.contract import plain
from api.schemas.answers import Answer
from api.schemas.facts import facts
from api.services import changes, listing
from api.services.query import Query
from api.services.records import WORKSHOPS
from api.settings import Settings
from api.web import conditional
from api.web.blueprint import Blueprint
from api.web.db import snapshot
from api.web.envelopes import view_of
from api.web.negotiation import json_response
from api.web.params import refuse_parameters
from api.web.versions import Version
from tests.contract.breaking import Document
from tests.contract.oracle import get

workshops = Blueprint("workshops", "workshops", description="Workshops, as years and names.")


class WorkshopLine(Answer):
    """A workshop in a line."""

    always = ("name", "address")
    name = fields.String(metadata=facts("Its title."))
    address = fields.URL(metadata=facts("Where it is."))


class WorkshopLines(Answer):
    """All workshops."""

    always = ("workshops",)
    workshops = fields.List(fields.Nested(WorkshopLine), metadata=facts("The workshops."))


@workshops.route("/workshops")
@workshops.operation("list_workshops", "List workshops", answer=WorkshopLines)
def list_lines() -> Response:
    """List workshops

    All at once, without pages.
    """
    refuse_parameters(request.args.items(multi=True))
    with snapshot() as connection:
        mark = changes.mark(connection, ["workshops"])
        found = listing.listing(connection, WORKSHOPS, Query(limit=200))
    base = view_of(Query()).base
    lines = [
        {"name": each["title"], "address": f"{base}/workshops/{each['id']}"}
        for each in found.records
    ]
    value = conditional.tag(mark.seq, mark.epoch)
    return conditional.cached(json_response({"workshops": lines}), value)


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Version 2: its own workshops, and the blueprints of version 1 but for those."""
    shared = tuple(each for each in V1.blueprints if each.name != "workshops")
    document = tmp_path_factory.mktemp("v2") / "openapi.yaml"
    return Version("/api/v2", (workshops, *shared), document)


@pytest.fixture(scope="module")
def client(world: Engine, second: Version) -> FlaskClient:
    """A client of both versions; the second one's contract is written as a release would."""
    app = create_app(Settings(log_level="error"), world, (V1, second))
    second.document.write_text(yaml.safe_dump(plain(app, second)), encoding="utf-8")
    return app.test_client()


def addresses(value: object) -> list[str]:
    """Return every address of this server in an answer."""
    if isinstance(value, dict):
        return [a for each in value.values() for a in addresses(each)]
    if isinstance(value, list):
        return [a for each in value for a in addresses(each)]
    return [value] if isinstance(value, str) and "127.0.0.1:8000/api/" in value else []


def test_the_second_version_has_its_own_workshops(client: FlaskClient) -> None:
    first = client.get("/api/v1/workshops?limit=200").json["data"]
    lines = client.get("/api/v2/workshops").json["workshops"]
    assert [each["name"] for each in lines] == [each["title"] for each in first]
    assert lines[0]["address"].startswith("http://127.0.0.1:8000/api/v2/workshops/")


@pytest.mark.parametrize(
    "path", ["", "/cities?limit=1", "/search?q=a", "/changes?limit=2", "/cities.geojson", "/none"]
)
def test_links_stay_within_the_version_that_was_asked(client: FlaskClient, path: str) -> None:
    for name in ("v1", "v2"):
        answer = client.get(f"/api/{name}{path}")
        found = addresses(answer.get_json(force=True))
        found += [answer.headers["Link"]] if "Link" in answer.headers else []
        assert found
        assert all(f"/api/{name}" in each for each in found)


def test_what_is_shared_is_the_same_record(client: FlaskClient) -> None:
    for each in get(client, "cities", limit="200")["data"]:
        other = client.get(f"/api/v2/cities/{each['id']}").json["data"]
        assert other.pop("url") == each.pop("url").replace("/v1/", "/v2/")
        assert other == each


def test_each_version_has_its_own_contract(client: FlaskClient, second: Version) -> None:
    served: Document = yaml.safe_load(client.get("/api/v2/openapi.yaml").text)
    validate(served)
    assert all(path.startswith("/api/v2") for path in served["paths"])
    assert "WorkshopLines" in served["components"]["schemas"]
    assert {tag["name"] for tag in served["tags"]} == {each.name for each in second.blueprints}
    first = yaml.safe_load(client.get("/api/v1/openapi.yaml").text)
    assert "WorkshopLines" not in first["components"]["schemas"]
    assert all(path.startswith(("/api/v1", "/health")) for path in first["paths"])


def test_the_first_version_is_untouched_by_the_second(client: FlaskClient, world: Engine) -> None:
    alone = create_app(Settings(log_level="error"), world)
    assert plain(client.application) == plain(alone)
    assert breaks(plain(alone), plain(client.application)) == []

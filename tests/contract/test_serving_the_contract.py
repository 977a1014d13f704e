"""The contract as a server hands it out."""

from sqlalchemy import Engine

from api.app import create_app
from api.contract import PATH
from api.settings import Settings
from tests.contract.oracle import get

PUBLIC = "https://pilots.example.org"


def test_the_served_contract_names_the_public_address(world: Engine) -> None:
    client = create_app(Settings(public_url=PUBLIC, log_level="error"), world).test_client()
    response = client.get("/api/v1/openapi.yaml", headers={"Host": "evil.example"})
    assert response.content_type == "application/yaml"
    assert f"servers:\n- url: {PUBLIC}\n" in response.text
    assert "127.0.0.1" not in response.text
    assert "evil" not in response.text


def test_the_served_contract_is_else_the_committed_one(world: Engine) -> None:
    client = create_app(Settings(public_url=PUBLIC, log_level="error"), world).test_client()
    served = client.get("/api/v1/openapi.yaml").text
    committed = PATH.read_text(encoding="utf-8")
    assert served.replace(PUBLIC, "http://127.0.0.1:8000") == committed


def test_links_in_answers_begin_with_the_public_address(world: Engine) -> None:
    client = create_app(Settings(public_url=PUBLIC, log_level="error"), world).test_client()
    body = get(client, "workshops", limit="1")
    for address in (*body["links"].values(), body["data"][0]["url"]):
        assert address.startswith(f"{PUBLIC}/api/v1/workshops")
    problem = client.get("/api/v1/nowhere").json
    assert problem["type"].startswith(PUBLIC)


def test_the_tag_of_an_answer_depends_on_the_public_address(world: Engine) -> None:
    tags = {
        create_app(Settings(public_url=url, log_level="error"), world)
        .test_client()
        .get("/api/v1/workshops")
        .headers["ETag"]
        for url in (PUBLIC, "https://other.example.org")
    }
    assert len(tags) == 2

"""The pages for people."""

import html
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from api.app import create_app
from api.services import catalog
from api.services.catalog import Door
from api.services.database import writing
from api.services.records import CITIES
from tests.conftest import SETTINGS, FreshStore, client_of

PAGES = ["/", "/docs"]
LOADED = re.compile(r'<(?:script|img|link)\b[^>]*?\b(?:src|href)="([^"]+)"')


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    return answer.text


def fetch(client: FlaskClient, path: str, **headers: str):
    """GET a file, and close it."""
    return client.get(path, headers=headers, buffered=True)


def save_city(engine: Engine, **fields) -> None:
    city = {"id": "aarhus", "name": "Aarhus", "lang": "en", "projects": [], **fields}
    record = CITIES.schema().load({"sources": [{"title": "A", "confidence": "stated"}], **city})
    with writing(engine) as connection:
        catalog.save(connection, CITIES, record, Door("seed"))


def test_the_home_page_names_both_cities(seeded_client):
    found = re.findall(r'<h3 id="(\w+)">', text_of(seeded_client, "/"))
    assert found == ["kharkiv", "tirana"]


def test_the_home_page_leads_to_docs_data_and_contract(seeded_client):
    page = text_of(seeded_client, "/")
    for path in ("/docs", "/api/v1", "/api/v1/openapi.yaml"):
        assert f'href="{path}"' in page


def test_every_link_of_the_home_page_answers(seeded_client):
    for link in set(re.findall(r'href="(/[^"#]*)"', text_of(seeded_client, "/"))):
        assert fetch(seeded_client, html.unescape(link)).status_code == 200, link


def test_the_home_page_counts_every_collection(seeded_client):
    page = text_of(seeded_client, "/")
    for each in seeded_client.get("/api/v1").json["data"]["collections"]:
        assert f'href="/api/v1/{each["name"]}"><b>{each["count"]}</b>' in page


def test_a_city_shows_for_each_type_whether_anyone_looked_and_how_many_there_are(seeded_client):
    tirana = text_of(seeded_client, "/").split('id="tirana"')[1].split("</article>")[0]
    links = re.findall(r'href="(/api/v1/\w+\?[^"]+)">(\d+)', tirana)
    assert tirana.count("None found") == 5
    assert links
    for link, number in links:
        answer = seeded_client.get(html.unescape(link))
        assert answer.json["page"]["total"] == int(number)


def test_the_examples_answer_with_records(seeded_client):
    examples = re.findall(r"curl '(.+?)'", text_of(seeded_client, "/"))
    assert len(examples) == 3
    for url in examples:
        path = html.unescape(url).removeprefix(SETTINGS.public_url)
        assert seeded_client.get(path).json["data"]


def test_examples_stand_at_the_public_address(seeded):
    settings = replace(SETTINGS, public_url="https://cities.example")
    page = text_of(create_app(settings, seeded).test_client(), "/")
    assert page.count("curl 'https://cities.example/api/v1/") == 3


def test_only_cities_of_the_pilot_project_count_as_pilot_cities(seeded_client):
    page = text_of(seeded_client, "/")
    assert "The 16 pilot cities" in page
    pilots, _, rest = page.partition('<p class="mentioned">')
    for city in ("mykolaiv", "podgorica", "skopje", "amman", "london"):
        link = f'href="/cities/{city}"'
        assert (link in pilots, link in rest) == (False, True), city
    assert 'href="/cities/harare"' in pilots


def test_a_text_in_another_language_says_so(engine):
    save_city(engine, lang="da", name="Århus", country="DK", projects=[])
    assert '<span lang="da">Århus</span>' in text_of(client_of(engine), "/")


def test_the_home_page_of_an_empty_store_answers(engine):
    assert "The 0 pilot cities" in text_of(client_of(engine), "/")


def test_what_a_city_says_is_escaped(engine):
    save_city(engine, name="<script>alert(1)</script>")
    assert "<script" not in text_of(client_of(engine), "/")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_elsewhere(seeded_client, path):
    loaded = LOADED.findall(text_of(seeded_client, path))
    assert len(loaded) > 2
    assert [each for each in loaded if not each.startswith("/")] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_no_script_of_its_own_text(seeded_client, path):
    policy = seeded_client.get(path).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "unsafe" not in policy
    page = text_of(seeded_client, path)
    assert not re.search(r"<style|\bstyle=|\bon\w+=|<script>", page)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_the_reader_has_is_not_sent_again(seeded_client, path):
    tag = seeded_client.get(path).headers["ETag"]
    again = seeded_client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_write_changes_the_tag_of_the_home_page(fresh_store: FreshStore):
    engine = fresh_store()
    client = client_of(engine)
    tag = client.get("/").headers["ETag"]
    save_city(engine)
    answer = client.get("/", headers={"If-None-Match": tag})
    assert "Aarhus" in answer.text


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/static/pages.css", "text/css"),
        ("/static/docs.js", "text/javascript|application/javascript"),
        ("/static/favicon.svg", "image/svg.xml"),
        ("/favicon.ico", "image/svg.xml"),
        ("/docs/assets/swagger-ui.css", "text/css"),
        ("/docs/assets/swagger-ui-bundle.js", "text/javascript|application/javascript"),
    ],
)
def test_a_static_file_comes_as_what_it_is(seeded_client, path, kind):
    answer = fetch(seeded_client, path)
    assert answer.status_code == 200
    assert re.fullmatch(kind, answer.mimetype)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_what_a_page_loads_may_be_kept_for_a_year(seeded_client, path):
    for address in LOADED.findall(text_of(seeded_client, path)):
        if not address.startswith("/api/"):
            caching = fetch(seeded_client, address).cache_control
            assert (caching.max_age, caching.immutable) == (31_536_000, True), address


def test_a_static_file_under_its_plain_name_is_soon_asked_for_again(seeded_client):
    answer = fetch(seeded_client, "/static/pages.css")
    assert answer.cache_control.max_age == 3_600
    again = fetch(seeded_client, "/static/pages.css", **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("folder", ["/static", "/docs/assets"])
@pytest.mark.parametrize(
    "name", ["none.js", "../pages.py", "..%2fpages.py", "%2e%2e/pages.py", "..%5cpages.py", "a%00b"]
)
def test_an_unknown_file_is_a_problem(seeded_client, folder, name):
    answer = seeded_client.get(f"{folder}/{name}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_the_console_may_ask_the_public_address(seeded):
    settings = replace(SETTINGS, public_url="https://cities.example")
    headers = create_app(settings, seeded).test_client().get("/docs").headers
    assert "connect-src 'self' https://cities.example" in headers["Content-Security-Policy"]

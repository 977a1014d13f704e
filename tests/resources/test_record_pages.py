"""The pages of cities, workshops, documents and recommendations."""

import html
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from api.app import create_app
from api.formats.places import PAGED
from api.resources import rendering
from api.services import catalog
from api.services.database import writing
from api.services.records import BY_NAME, WORKSHOPS
from tests.conftest import SETTINGS, client_of
from tests.factories import DOOR, MAKE, finding, recommendation, source, store, workshop
from tests.resources.html import XHTML, following, langs, linked_data, links, page, read, text

TYPES = sorted(PAGED)
each_type = pytest.mark.parametrize("name", TYPES)
HOSTILE = """</script><script>alert(1)</script> "'><img src=x onerror=alert(2)> &lt; {{ 7 * 7 }}"""


def ids(client: FlaskClient, name: str) -> list[str]:
    answer = client.get(f"/api/v1/{name}?limit=200&fields=id")
    return [each["id"] for each in answer.json["data"]]


@each_type
def test_every_record_has_a_page(seeded_client, name):
    for record_id in ids(seeded_client, name):
        tree = page(seeded_client, f"/{name}/{record_id}")
        assert linked_data(tree)["id"].endswith(f"/api/v1/{name}/{record_id}")


@each_type
@pytest.mark.parametrize("lang", ["uk,en", "sr-Latn", "ar"])
def test_every_kind_of_record_has_a_page_in_any_language(library, name, lang):
    client = client_of(library)
    for record_id in ids(client, name)[:12]:
        page(client, f"/{name}/{record_id}?lang={lang}")


@each_type
def test_every_link_of_a_page_answers(seeded_client, name):
    for path in (f"/{name}", f"/{name}/{ids(seeded_client, name)[0]}?lang=uk"):
        for link in links(page(seeded_client, path)):
            assert seeded_client.get(link, buffered=True).status_code == 200, link


@each_type
def test_a_page_leads_to_its_data_in_header_and_head(seeded_client, name):
    path = f"/{name}/{ids(seeded_client, name)[0]}"
    answer = seeded_client.get(path)
    home = f"{SETTINGS.public_url}{path}"
    data = f"{SETTINGS.public_url}/api/v1{path}"
    assert f'<{data}>; rel="alternate"; type="application/json"' in answer.headers["Link"]
    assert f'<{home}>; rel="canonical"' in answer.headers["Link"]
    assert f'<link rel="canonical" href="{home}">' in answer.text
    assert f'<link rel="alternate" type="application/json" href="{data}"' in answer.text


def test_a_workshop_page_leads_to_its_calendar(seeded_client):
    path = "/workshops/kharkiv-2021-09-03-validation"
    calendar = f"{SETTINGS.public_url}/api/v1{path}.ics"
    assert f'type="text/calendar" href="{calendar}"' in seeded_client.get(path).text


@each_type
def test_a_page_is_tagged_cached_and_kept_in_its_bounds(seeded_client, name):
    for path in (f"/{name}", f"/{name}/{ids(seeded_client, name)[0]}"):
        answer = seeded_client.get(path)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'; ")
        assert answer.cache_control.max_age == 60
        again = seeded_client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_a_page_changes_with_what_it_shows_of_others(engine):
    store(engine, ("cities", MAKE["cities"]()))
    client = client_of(engine)
    tag = client.get("/cities/city-1").headers["ETag"]
    store(engine, ("workshops", workshop(cities=["city-1"], title="A new workshop")))
    answer = client.get("/cities/city-1", headers={"If-None-Match": tag})
    assert "A new workshop" in answer.text


@each_type
def test_hostile_texts_stay_texts(engine, name):
    named = source(title=HOSTILE, note=HOSTILE, locator=HOSTILE)
    known = {BY_NAME[name].label: HOSTILE, "external_ids": {"legacy": "<b>'\""}}
    store(engine, (name, MAKE[name]("hostile", sources=[named], **known)))
    tree = page(client_of(engine), f"/{name}/hostile")
    assert [each.get("src")[:8] for each in tree.iter(f"{XHTML}img")] == ["/static/"]
    assert "".join(tree.itertext()).count(HOSTILE) >= 5
    told = linked_data(tree).get("name") or linked_data(tree)["text"]
    assert told["@value"] == HOSTILE


def test_hostile_texts_stay_texts_in_lists_and_searches(engine):
    store(engine, *((name, MAKE[name](**{BY_NAME[name].label: HOSTILE})) for name in TYPES))
    client = client_of(engine)
    for path in ("/", "/search?q=alert", *(f"/{name}" for name in TYPES)):
        tree = page(client, path)
        assert not list(tree.iter(f"{XHTML}script")), path
        assert [each.get("src")[:8] for each in tree.iter(f"{XHTML}img")] == ["/static/"], path


def test_each_text_is_marked_with_its_language(seeded_client):
    tree = page(seeded_client, "/cities/tirana?lang=uk,en")
    assert tree.get("lang") == "en"
    assert set(langs(tree, "Тирана")) == {"uk"}
    record = seeded_client.get("/api/v1/cities/tirana?lang=uk,en").json["data"]
    assert record["fallbacks"]["summary"] == "en"
    assert langs(tree, record["summary"]) == ["en"]
    assert "in English" in text(tree)


def test_a_page_offers_the_languages_of_its_record(seeded_client):
    tree = page(seeded_client, "/cities/kharkiv?lang=uk")
    offered = {
        each.get("hreflang"): each for each in tree.iter(f"{XHTML}a") if each.get("hreflang")
    }
    assert set(offered) == {"en", "ru", "uk"}
    assert offered["uk"].get("aria-current") == "true"
    for each in offered.values():
        assert page(seeded_client, each.get("href")) is not None


def test_a_language_that_a_record_lacks_is_named(seeded_client):
    said = text(page(seeded_client, "/cities/kharkiv?lang=fr"))
    assert "There is no text in Français here; what follows is in English." in said


def test_a_text_that_runs_from_right_to_left_says_so(engine):
    store(engine, ("cities", MAKE["cities"](lang="ar", name="الإسكندرية")))
    answer = client_of(engine).get("/cities/city-1")
    assert '<h1 lang="ar" dir="rtl">الإسكندرية</h1>' in answer.text


def test_a_page_in_another_language_has_an_address_of_its_own(seeded_client):
    page_in = seeded_client.get("/cities/kharkiv?lang=uk&utm_source=x").text
    assert f'<link rel="canonical" href="{SETTINGS.public_url}/cities/kharkiv?lang=uk">' in page_in
    lacking = seeded_client.get("/cities/kharkiv?lang=fr").text
    assert f'<link rel="canonical" href="{SETTINGS.public_url}/cities/kharkiv">' in lacking


@pytest.mark.parametrize("query", ["lang=*", "lang=", "lang=x_y", "lang=en&lang=uk", "lnag=uk"])
def test_a_wrong_language_is_a_page_that_says_so(seeded_client, query):
    answer = seeded_client.get(f"/cities/kharkiv?{query}")
    assert answer.status_code == 400
    assert "lang" in text(read(answer))
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query", ["utm_source=mail", "fbclid=x", "gclid=1&utm_campaign=a&utm_campaign=b"]
)
def test_what_mail_and_media_add_to_an_address_does_no_harm(seeded_client, query):
    assert seeded_client.get(f"/cities/kharkiv?{query}").status_code == 200


def test_slips_are_sought_among_the_first_names_only(seeded_client, monkeypatch):
    compared = []
    monkeypatch.setattr(rendering, "nearest", lambda name, _: compared.append(name) or "")
    query = "&".join(f"x{number}=1" for number in range(1_000))
    assert seeded_client.get(f"/workshops?{query}&lang=uk").status_code == 200
    assert len(compared) == rendering.MOST_SLIPS


@each_type
@pytest.mark.parametrize("record_id", ["nope", "NOPE", "a--b", "%00", "é", "x" * 500])
def test_a_record_that_never_was_is_a_page_that_says_so(seeded_client, name, record_id):
    answer = seeded_client.get(f"/{name}/{record_id}")
    assert answer.status_code == 404
    assert "Search all records" in text(read(answer))


def test_a_deleted_record_says_when_why_and_what_replaced_it(engine):
    store(engine, ("workshops", workshop("old")), ("workshops", workshop("new")))
    with writing(engine) as connection:
        catalog.remove(connection, WORKSHOPS, "old", DOOR, reason="Told <twice>", replaced_by="new")
    client = client_of(engine)
    answer = client.get("/workshops/old")
    tree = read(answer)
    assert answer.status_code == 410
    assert "Told <twice>" in text(tree)
    assert re.search(r"Deleted \d+ \w+ 20\d\d", text(tree))
    assert {"/workshops/new", "/api/v1/workshops/old/versions"} <= links(tree)
    assert {client.get(link, buffered=True).status_code for link in links(tree)} == {200}


def test_a_recommendation_shows_its_chain_in_order(engine):
    store(
        engine,
        ("workshops", workshop("met", title="The meeting")),
        ("findings", finding("found", text="What was found out")),
        (
            "recommendations",
            recommendation(
                "advised",
                text="What was advised",
                findings=["found"],
                validations=[{"workshop": "met", "outcome": "accepted"}],
            ),
        ),
        ("actions", MAKE["actions"]("done", text="What was done", recommendations=["advised"])),
    )
    said = text(page(client_of(engine), "/recommendations/advised")).partition("to what was done")[
        2
    ]
    parts = ["What was found out", "What was advised", "The meeting", "accepted", "What was done"]
    assert sorted(parts, key=said.index) == parts


def test_a_city_tells_its_coverage_and_its_population_honestly(seeded_client):
    said = text(page(seeded_client, "/cities/tirana"))
    assert said.count("None found") == 5
    assert "418,495 2011 city census dept.abcdef.wiki" in said
    assert text(page(seeded_client, "/cities/suva")).count("Not searched") == 5


def test_a_page_names_sources_and_how_to_cite_it(seeded_client):
    said = text(page(seeded_client, "/workshops/kharkiv-2021-09-03-validation"))
    assert "stated there" in said
    assert "inferred from it" in said
    cited = said.partition("How to cite")[2]
    assert (
        "Building Urban Economic Resilience during and after COVID-19. Pilot Cities, version 1"
        in cited
    )
    assert f"{SETTINGS.public_url}/workshops/kharkiv-2021-09-03-validation" in cited


def test_more_than_a_page_can_hold_is_said_and_linked_to(engine, monkeypatch):
    monkeypatch.setattr("api.services.surroundings.MOST", 3)
    meetings = [("workshops", workshop(f"w{n}", cities=["city-1"])) for n in range(5)]
    papers = [("documents", MAKE["documents"](f"d{n}", workshops=["w0"])) for n in range(5)]
    store(engine, ("cities", MAKE["cities"]()), *meetings, *papers)
    client = client_of(engine)
    tree = page(client, "/cities/city-1?lang=uk")
    assert "These are the first 3; all 5 workshops" in text(tree)
    assert "/workshops?lang=uk&city=city-1" in links(tree)
    tree = page(client, "/workshops/w0")
    assert "Not all is shown here" in text(tree)


@each_type
def test_a_list_leads_to_every_record(engine, name):
    store(engine, *((name, MAKE[name](f"r{n}")) for n in range(120)))
    client, path, found = client_of(engine), f"/{name}?lang=en", set()
    while path:
        tree = page(client, path)
        found |= {link for link in links(tree) if link.startswith(f"/{name}/")}
        path = following(tree)
    assert found == {f"/{name}/r{n}?lang=en" for n in range(120)}


def test_a_list_can_be_narrowed_and_refuses_what_is_no_filter(seeded_client):
    tree = page(seeded_client, "/workshops?city=kharkiv&kind=validation&utm_medium=mail")
    assert [link for link in links(tree) if link.startswith("/workshops/")] == [
        "/workshops/kharkiv-2021-09-03-validation"
    ]
    assert "1 in all with city kharkiv and kind validation" in text(tree)
    for query in ("citty=kharkiv", "kind=party", "cursor=x", "lang=*"):
        assert read(seeded_client.get(f"/workshops?{query}")) is not None
        assert seeded_client.get(f"/workshops?{query}").status_code == 400


def test_a_person_at_a_wrong_address_gets_a_page_and_a_program_a_problem(seeded_client):
    person = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert read(seeded_client.get("/nowhere", headers=person)) is not None
    for path, headers in (("/nowhere", {}), ("/api/v1/nowhere", person), ("/static/x", person)):
        answer = seeded_client.get(path, headers=headers)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_addresses_to_cite_stand_at_the_public_address(seeded):
    client = create_app(
        replace(SETTINGS, public_url="https://cities.example"), seeded
    ).test_client()
    answer = client.get("/cities/kharkiv", headers={"Host": "evil.example"})
    assert '<link rel="canonical" href="https://cities.example/cities/kharkiv">' in answer.text
    assert '"https://cities.example/api/v1/cities/kharkiv"' in html.unescape(answer.text)
    assert "evil.example" not in answer.text + str(answer.headers)


def test_a_city_at_zero_degrees_has_a_map(engine: Engine) -> None:
    city = MAKE["cities"](latitude=0.0, longitude=0.0, projects=[])
    store(engine, ("cities", city))
    assert '<svg class="map small"' in client_of(engine).get("/cities/city-1").text

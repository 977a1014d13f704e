"""Search for people."""

import pytest

from tests.conftest import SETTINGS, client_of
from tests.factories import action, project, store
from tests.resources.html import XHTML, following, links, page, read, text


def test_a_search_finds_what_the_api_finds(seeded_client):
    said = text(page(seeded_client, "/search?q=kharkiv"))
    total = seeded_client.get("/api/v1/search?q=kharkiv").json["page"]["total"]
    assert f"{total} records found" in said
    assert total > 1


def test_every_link_of_a_search_answers(seeded_client):
    for link in links(page(seeded_client, "/search?q=resilien&lang=uk")):
        assert seeded_client.get(link, buffered=True).status_code == 200, link


@pytest.mark.parametrize("query", ["", "q=", "q=+", "types=cities"])
def test_nothing_asked_is_the_form_alone(seeded_client, query):
    tree = page(seeded_client, f"/search?{query}")
    assert "found" not in text(tree)
    assert [each.get("action") for each in tree.iter(f"{XHTML}form")] == ["/search"]


def test_a_question_without_words_finds_nothing(seeded_client):
    assert "0 records found" in text(page(seeded_client, "/search?q=%22"))


def test_what_was_asked_stands_in_the_form_again(seeded_client):
    tree = page(seeded_client, '/search?q="><b>x&lang=uk&types=cities')
    fields = {each.get("name"): each.get("value") for each in tree.iter(f"{XHTML}input")}
    assert fields == {"q": '"><b>x', "lang": "uk", "types": "cities"}


def test_pages_of_hits_hold_each_hit_once(engine):
    store(engine, *(("projects", project(f"p{n}", title=f"Plan {n}")) for n in range(45)))
    client, path, found = client_of(engine), "/search?q=plan", []
    while path:
        tree = page(client, path)
        found += [each.get("href") for each in tree.iter(f"{XHTML}a") if "/p" in each.get("href")]
        path = following(tree)
    assert len(found) == len({*found}) == 45


def test_a_type_can_be_chosen_and_left_again(seeded_client):
    tree = page(seeded_client, "/search?q=kharkiv&types=cities")
    assert {"/search?q=kharkiv&types=cities", "/search?q=kharkiv"} <= links(tree)
    assert "City" in text(tree)


def test_an_action_is_found_on_the_page_of_its_city(seeded_client):
    answer = seeded_client.get("/search?q=instalment&types=actions").text
    assert f'href="{SETTINGS.public_url}/cities/tirana#action-' in answer


def test_an_action_of_no_city_is_found_as_data(engine):
    store(engine, ("actions", action(text="Wandering")))
    assert '/api/v1/actions/action-1">' in client_of(engine).get("/search?q=wandering").text


@pytest.mark.parametrize("query", ["page=0", "page=201", "types=towns", "lang=*", "q=a&q=b"])
def test_a_wrong_search_is_a_page_that_says_so(seeded_client, query):
    answer = seeded_client.get(f"/search?{query}")
    assert answer.status_code == 400
    assert read(answer) is not None


def test_a_page_past_the_last_is_empty(seeded_client):
    tree = page(seeded_client, "/search?q=kharkiv&page=200")
    assert not [each for each in tree.iter(f"{XHTML}a") if each.get("rel") == "next"]

"""What search engines are told."""

from urllib.robotparser import RobotFileParser
from xml.etree.ElementTree import fromstring

import pytest

from api.formats.places import PAGED
from api.resources import sitemap
from tests.conftest import SETTINGS, client_of
from tests.factories import MAKE, city, store, workshop

NAMES = {"": sitemap.NAMESPACE}


def entries(client, path, kind="url"):
    """Return address → lastmod."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    found = fromstring(answer.data).findall(kind, NAMES)
    return {
        each.findtext("loc", None, NAMES): each.findtext("lastmod", None, NAMES) for each in found
    }


def test_every_address_of_the_sitemap_answers(seeded_client):
    for address in entries(seeded_client, "/sitemap.xml"):
        assert seeded_client.get(address.removeprefix(SETTINGS.public_url)).status_code == 200


def test_every_record_that_has_a_page_is_in_the_sitemap(seeded_client):
    found = entries(seeded_client, "/sitemap.xml")
    for name in PAGED:
        for each in seeded_client.get(f"/api/v1/{name}?limit=200").json["data"]:
            assert found[f"{SETTINGS.public_url}/{name}/{each['id']}"] == each["updated_at"]


def test_too_many_addresses_for_one_sitemap_stand_in_several(engine, monkeypatch):
    monkeypatch.setattr(sitemap, "MOST", 3)
    store(engine, *(("cities", city(f"c{n}")) for n in range(7)), ("workshops", workshop()))
    client = client_of(engine)
    maps = [
        each.removeprefix(SETTINGS.public_url)
        for each in entries(client, "/sitemap.xml", "sitemap")
    ]
    assert [entries(client, each).keys() for each in maps]
    found = [address for each in maps for address in entries(client, each)]
    assert len(found) == len({*found}) == 7 + 1 + len(sitemap.PLAIN)


@pytest.mark.parametrize(
    "name", ["cities-0", "cities-2", "towns-1", "findings-1", "cities-x", "cities--1"]
)
def test_a_sitemap_that_is_none_is_not_found(seeded_client, name):
    assert seeded_client.get(f"/sitemap-{name}.xml").status_code == 404


@pytest.mark.parametrize(
    "path", ["/sitemap.xml", "/sitemap-pages.xml", "/sitemap-cities-1.xml", "/robots.txt"]
)
def test_what_a_robot_has_is_not_sent_again(seeded_client, path):
    tag = seeded_client.get(path).headers["ETag"]
    assert seeded_client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_write_changes_the_tag_of_the_sitemap(engine):
    client = client_of(engine)
    tag = client.get("/sitemap.xml").headers["ETag"]
    store(engine, ("documents", MAKE["documents"]()))
    assert client.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 200


def test_robots_may_read_all_but_searches(seeded_client):
    rules = RobotFileParser()
    rules.parse(seeded_client.get("/robots.txt").text.splitlines())
    assert rules.site_maps() == [f"{SETTINGS.public_url}/sitemap.xml"]
    assert rules.can_fetch("*", "/cities/kharkiv")
    assert not rules.can_fetch("*", "/search?q=x")

"""Lists and records in other formats, over HTTP, judged by what others wrote."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import feedparser
import orjson
import pytest
import vobject
from flask.testing import FlaskClient
from geojson_pydantic import FeatureCollection
from icalendar import Calendar
from pyld import jsonld as pyld
from sqlalchemy import Engine

from api.services import catalog
from api.services.batches import AT_ONCE
from api.services.database import reading, writing
from api.services.projection import View
from api.services.query import Query
from api.services.records import BY_NAME, CITIES, COLLECTIONS, WORKSHOPS
from api.services.whole import whole
from api.web.formats import Format
from api.web.known_formats import ATOM, CSV, formats_of
from tests import factories
from tests.conftest import client_of
from tests.factories import load

LISTS = [(each.name, form) for each in COLLECTIONS for form in formats_of(each)]
SINGLES = [(name, form) for name, form in LISTS if form.one is not None]
V1 = "/api/v1"


def _named(value: Any) -> str | None:
    return value.suffix if isinstance(value, Format) else None


lists = pytest.mark.parametrize(("name", "form"), LISTS, ids=_named)
singles = pytest.mark.parametrize(("name", "form"), SINGLES, ids=_named)


@lists
def test_a_list_has_each_format_at_an_address_of_its_own_and_by_accept(
    seeded_client: FlaskClient, name: str, form: Format
) -> None:
    own = seeded_client.get(f"{V1}/{name}.{form.suffix}?lang=uk")
    asked = {"Accept": form.media_type}
    negotiated = seeded_client.get(f"{V1}/{name}?lang=uk", headers=asked)
    assert (own.status_code, own.mimetype) == (200, form.media_type)
    assert negotiated.data == own.data != b""
    assert negotiated.mimetype == form.media_type
    assert "Accept" in negotiated.headers["Vary"]


@singles
def test_a_record_has_each_format_too(seeded_client: FlaskClient, name: str, form: Format) -> None:
    [first] = seeded_client.get(f"{V1}/{name}?limit=1").json["data"]
    own = seeded_client.get(f"{V1}/{name}/{first['id']}.{form.suffix}")
    asked = {"Accept": form.media_type}
    negotiated = seeded_client.get(f"{V1}/{name}/{first['id']}", headers=asked)
    assert (own.status_code, own.mimetype) == (200, form.media_type)
    assert negotiated.data == own.data != b""
    assert seeded_client.get(f"{V1}/{name}/nowhere.{form.suffix}").status_code == 404


@singles
def test_the_address_of_a_format_can_only_be_read(
    seeded_client: FlaskClient, name: str, form: Format
) -> None:
    address = f"{V1}/{name}/an-id.{form.suffix}"
    assert seeded_client.options(address).allow == {"GET", "HEAD", "OPTIONS"}
    assert seeded_client.put(address, json={}).status_code == 405


@lists
def test_what_is_held_is_not_sent_again(
    seeded_client: FlaskClient, name: str, form: Format
) -> None:
    first = seeded_client.get(f"{V1}/{name}.{form.suffix}")
    held = {"If-None-Match": first.headers["ETag"]}
    assert seeded_client.get(f"{V1}/{name}.{form.suffix}", headers=held).status_code == 304
    other = seeded_client.get(f"{V1}/{name}.{form.suffix}?lang=sq", headers=held)
    assert other.status_code == 200


@lists
@pytest.mark.parametrize("asked", ["include=cities", "lang=*", "facets=city", "stauts=held"])
def test_what_a_format_does_not_take_is_refused(
    client: FlaskClient, name: str, form: Format, asked: str
) -> None:
    found = client.get(f"{V1}/{name}.{form.suffix}?{asked}")
    assert found.status_code == 400
    assert found.json["errors"][0]["parameter"] == asked.partition("=")[0]


@lists
def test_filters_and_words_narrow_each_format(
    seeded_client: FlaskClient, name: str, form: Format
) -> None:
    everything = seeded_client.get(f"{V1}/{name}.{form.suffix}").data
    nothing = seeded_client.get(f"{V1}/{name}.{form.suffix}?q=unheardof").data
    since = seeded_client.get(f"{V1}/{name}.{form.suffix}?updated_since=2020-01-01").data
    assert len(nothing) < len(everything)
    assert len(since) >= len(everything)


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda each: each.name)
def test_a_table_holds_the_whole_list(seeded_client: FlaskClient, collection: Any) -> None:
    text = seeded_client.get(f"{V1}/{collection.name}.csv").text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    listed = seeded_client.get(f"{V1}/{collection.name}?limit=200").json["data"]
    assert [row["id"] for row in rows] == [each["id"] for each in listed]
    assert [int(row["version"]) for row in rows] == [each["version"] for each in listed]
    assert [row[collection.label].lstrip("'") for row in rows] == [
        each[collection.label] for each in listed
    ]


def test_a_table_can_have_some_columns_and_a_byte_order_mark(seeded_client: FlaskClient) -> None:
    asked = f"{V1}/cities.csv?fields=country,name&sort=-name&csv_bom=true"
    lines = seeded_client.get(asked).data.decode("utf-8-sig").splitlines()
    assert seeded_client.get(asked).data.startswith(b"\xef\xbb\xbf")
    assert lines[0] == "id,name,country"
    assert lines[1:] == sorted(lines[1:], key=lambda line: line.split(",")[1], reverse=True)
    assert seeded_client.get(f"{V1}/cities.csv?csv_bom=yes").status_code == 400


def test_a_calendar_holds_the_workshops_whose_day_is_known(seeded_client: FlaskClient) -> None:
    listed = seeded_client.get(f"{V1}/workshops?limit=200&project=buer-covid-19").json["data"]
    known = [each for each in listed if each["starts_at"] or len(each["starts_on"] or "") == 10]
    text = seeded_client.get(f"{V1}/workshops.ics?project=buer-covid-19").text
    titles = sorted(each["title"] for each in known)
    assert sorted(str(each["SUMMARY"]) for each in Calendar.from_ical(text).events) == titles
    assert sorted(each.summary.value for each in vobject.readOne(text).vevent_list) == titles
    assert 0 < len(known) < len(listed)


def test_cities_are_features(seeded_client: FlaskClient) -> None:
    found = FeatureCollection.model_validate_json(seeded_client.get(f"{V1}/cities.geojson").data)
    places = {each.id: each.geometry and each.geometry.coordinates for each in found.features}
    assert (places["kharkiv"].longitude, places["kharkiv"].latitude) == (36.23111, 49.9925)
    assert None in places.values()
    assert len(places) == seeded_client.get(f"{V1}/cities").json["page"]["total"]


def _refuse(url: str, _options: Any) -> Any:
    raise AssertionError(f"{url} is asked for")


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda each: each.name)
def test_every_seeded_record_is_linked_data(seeded_client: FlaskClient, collection: Any) -> None:
    document = seeded_client.get(f"{V1}/{collection.name}.jsonld").json
    nodes = {each["@id"] for each in pyld.expand(document, {"documentLoader": _refuse})}
    listed = seeded_client.get(f"{V1}/{collection.name}?limit=200&fields=url").json["data"]
    assert nodes == {each["url"] for each in listed}


@pytest.mark.parametrize("name", ["workshops", "documents"])
def test_a_feed_goes_on_page_by_page_the_latest_change_first(
    seeded_client: FlaskClient, name: str
) -> None:
    address, titles = f"{V1}/{name}.atom?limit=7", []
    while address:
        found = feedparser.parse(seeded_client.get(address).data)
        assert not found.bozo
        titles += [each.title for each in found.entries]
        address = next((each.href for each in found.feed.links if each.rel == "next"), None)
    listed = seeded_client.get(f"{V1}/{name}?limit=200&sort=-updated_at").json["data"]
    assert titles == [each["title"] for each in listed]


@pytest.mark.parametrize("path", ["workshops.atom", "changes.atom?types=workshops"])
def test_a_feed_is_as_old_as_the_latest_deletion(
    engine: Engine, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def updated(second: int) -> str:
        monkeypatch.setattr(catalog, "now", lambda: datetime(2030, 1, 1, 0, 0, second, 0, UTC))
        with writing(engine) as connection:
            if second < 2:
                record = load("workshops", factories.workshop(f"workshop-{second}"))
                catalog.save(connection, WORKSHOPS, record, factories.DOOR)
            else:
                catalog.remove(connection, WORKSHOPS, "workshop-1", factories.DOOR)
        found: str = feedparser.parse(client_of(engine).get(f"{V1}/{path}").data).feed.updated
        return found

    assert [updated(n) for n in range(3)] == [f"2030-01-01T00:00:0{n}Z" for n in range(3)]


def test_the_feed_of_changes_tells_deletions(engine: Engine) -> None:
    with writing(engine) as connection:
        for number in range(3):
            saved = factories.city(f"city-{number}")
            catalog.save(connection, CITIES, CITIES.schema().load(saved), factories.DOOR)
        catalog.remove(connection, CITIES, "city-1", factories.DOOR, reason="twice")
    client = client_of(engine)
    found = feedparser.parse(client.get(f"{V1}/changes.atom?types=cities").data)
    assert [each.title for each in found.entries] == ["City city-2", "City city-0"]
    text = client.get(f"{V1}/changes", headers={"Accept": ATOM.media_type}).text
    assert text.index("deleted-entry") < text.index("City city-2")
    assert "<at:comment>twice</at:comment>" in text
    assert client.get(f"{V1}/changes.atom?limit=1").text.count("<entry>") == 0


def test_a_long_table_is_one_state_of_the_store(engine: Engine) -> None:
    many = AT_ONCE + 20
    with writing(engine) as connection:
        for number in range(many):
            saved = factories.workshop(f"w-{number:04}")
            catalog.save(connection, WORKSHOPS, WORKSHOPS.schema().load(saved), factories.DOOR)
    response = client_of(engine).get(f"{V1}/workshops.csv?fields=id", buffered=False)
    assert response.content_length is None
    with writing(engine) as connection:
        catalog.remove(connection, WORKSHOPS, f"w-{many - 1:04}", factories.DOOR)
    rows = response.get_data(as_text=True).split()
    assert rows == ["id", *(f"w-{number:04}" for number in range(many))]


def test_a_whole_answer_costs_a_statement_a_batch(library: Engine) -> None:
    with reading(library) as connection:
        found = whole(connection, WORKSHOPS, Query(sort="-starts_on"))
    [batch] = found.batches(library, View("https://cities.example/api/v1"))
    listed = client_of(library).get(f"{V1}/workshops?limit=200&sort=-starts_on").json["data"]
    assert [each["id"] for each in batch] == [each["id"] for each in listed]


def test_what_none_of_them_offers_is_refused_with_what_there_is(client: FlaskClient) -> None:
    found = client.get(f"{V1}/workshops", headers={"Accept": "image/png"})
    assert found.status_code == 406
    assert found.json["available"] == [
        "application/json",
        *(each.media_type for each in formats_of(BY_NAME["workshops"])),
    ]
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
    assert client.get(f"{V1}/workshops", headers={"Accept": browser}).mimetype == "application/json"
    assert client.get(f"{V1}/workshops.csv", headers={"Accept": "image/png"}).status_code == 406
    assert orjson.loads(client.get(f"{V1}/cities", headers={"Accept": "*/*"}).data)["data"]
    assert CSV.content_type == "text/csv; charset=utf-8"

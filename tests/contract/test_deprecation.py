"""What is deprecated says so: in the contract, in the index, and on the answers it concerns."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from sqlalchemy import Engine
from werkzeug.http import parse_date

from api.app import V1, create_app
from api.breaks.documents import breaks
from api.contract import plain
from api.settings import ROOT, Settings
from api.web.deprecation import Deprecation
from tests.contract.breaking import Document
from tests.contract.oracle import get

LINK = "https://pilots.example.org/changes/"
OPERATION = Deprecation(
    "list_workshops_ics", date(2026, 1, 1), date(2027, 6, 30), LINK + "1", "Use `list_workshops`."
)
PARAMETER = Deprecation(
    "parameters/WorkshopKind", date(2026, 2, 1), date(2027, 7, 31), LINK + "2", "Use `q`."
)
FIELD = Deprecation(
    "schemas/City/unlocode", date(2026, 3, 1), date(2027, 8, 31), LINK + "3", "Use `external_ids`."
)
VERSION = replace(V1, deprecations=(OPERATION, PARAMETER, FIELD))
SETTINGS = Settings(log_level="error")


@pytest.fixture(scope="module")
def old_client(world: Engine) -> FlaskClient:
    """A client of an API in which an operation, a parameter and a field are deprecated."""
    return create_app(SETTINGS, world, (VERSION,)).test_client()


def told(client: FlaskClient, path: str) -> tuple[str | None, str | None]:
    """Return the Deprecation and Sunset headers of an answer."""
    headers = client.get(f"/api/v1/{path}").headers
    return headers.get("Deprecation"), headers.get("Sunset")


def both(deprecation: Deprecation) -> tuple[str, str]:
    since = datetime.combine(deprecation.since, datetime.min.time(), UTC)
    return f"@{int(since.timestamp())}", f"{deprecation.sunset:%a, %d %b %Y} 00:00:00 GMT"


def test_an_operation_tells_on_every_answer(old_client: FlaskClient) -> None:
    for path in ("workshops.ics", "workshops.ics?nonsense=1"):
        assert told(old_client, path) == both(OPERATION)
    sunset = old_client.get("/api/v1/workshops.ics").headers["Sunset"]
    assert parse_date(sunset) == datetime(2027, 6, 30, tzinfo=UTC)


def test_a_parameter_tells_only_when_it_is_used(old_client: FlaskClient) -> None:
    assert told(old_client, "workshops?kind=training") == both(PARAMETER)
    assert told(old_client, "workshops.csv?kind=training") == both(PARAMETER)
    assert told(old_client, "workshops") == (None, None)


def test_a_field_tells_only_where_it_is_shown(old_client: FlaskClient) -> None:
    assert told(old_client, "cities") == both(FIELD)
    city = get(old_client, "cities", limit="1")["data"][0]["id"]
    assert told(old_client, f"cities/{city}") == both(FIELD)
    assert told(old_client, "workshops?include=cities") == both(FIELD)
    for path in ("cities?fields=name", "workshops", "cities/none", "cities.csv"):
        assert told(old_client, path) == (None, None)


def test_a_field_of_another_shape_that_has_the_same_name_tells_nothing(world: Engine) -> None:
    deprecation = replace(FIELD, what="schemas/City/summary")
    version = replace(V1, deprecations=(deprecation,))
    client = create_app(SETTINGS, world, (version,)).test_client()
    assert '"summary":' in client.get("/api/v1/workshops").text
    assert told(client, "workshops") == (None, None)
    assert told(client, "workshops?include=cities") == both(deprecation)


def test_of_several_the_earliest_days_and_all_links_are_told(old_client: FlaskClient) -> None:
    path = "/api/v1/workshops?kind=training&include=cities"
    headers = old_client.get(path).headers
    assert (headers["Deprecation"], headers["Sunset"]) == both(PARAMETER)
    for number in "23":
        for relation in ("deprecation", "sunset"):
            assert f'<{LINK}{number}>; rel="{relation}"' in headers["Link"]


def test_the_link_to_the_next_page_stays(old_client: FlaskClient) -> None:
    link = old_client.get("/api/v1/cities?limit=1").headers["Link"]
    assert 'rel="next", <' in link
    assert 'rel="deprecation"' in link


def test_the_index_lists_what_is_deprecated(old_client: FlaskClient, reader: FlaskClient) -> None:
    listed = get(old_client, "")["data"]["deprecations"]
    assert [each["what"] for each in listed] == [each.what for each in VERSION.deprecations]
    assert listed[0] == {
        "what": "list_workshops_ics",
        "since": "2026-01-01",
        "sunset": "2027-06-30",
        "link": LINK + "1",
        "instead": "Use `list_workshops`.",
    }
    assert get(reader, "")["data"]["deprecations"] == []


@pytest.fixture(scope="module")
def marked(old_client: FlaskClient) -> Document:
    """The contract of the API in which some things are deprecated."""
    return plain(old_client.application, VERSION)


def test_the_contract_marks_what_is_deprecated(marked: Document) -> None:
    schemas = marked["components"]["schemas"]
    nodes = [
        marked["paths"]["/api/v1/workshops.ics"]["get"],
        marked["components"]["parameters"]["WorkshopKind"],
        *(schemas[f"City{form}"]["properties"]["unlocode"] for form in ("", "Input", "Patch")),
    ]
    assert all(node["deprecated"] and node["x-sunset"] for node in nodes)
    assert nodes[0]["description"].endswith(
        "Deprecated since 2026-01-01; it may be gone from 2027-06-30 on. Use `list_workshops`."
    )
    headers = marked["paths"]["/api/v1/cities"]["get"]["responses"]["200"]["headers"]
    assert {"Deprecation", "Sunset", "Link"} <= set(headers)
    validate(marked)


def test_to_deprecate_breaks_nothing_and_what_is_past_its_sunset_may_go(
    marked: Document, reader: FlaskClient
) -> None:
    before = plain(reader.application)
    assert breaks(before, marked) == []
    gone = {**marked, "paths": {**marked["paths"]}}
    del gone["paths"]["/api/v1/workshops.ics"]
    (early,) = breaks(marked, gone, date(2027, 6, 29))
    assert early.kind.id == "removed_too_early"
    assert breaks(marked, gone, date(2027, 6, 30)) == []


@pytest.mark.parametrize("what", ["list_nothing", "parameters/None", "schemas/City/none"])
def test_what_is_not_in_the_contract_cannot_be_deprecated(world: Engine, what: str) -> None:
    version = replace(V1, deprecations=(replace(OPERATION, what=what),))
    with pytest.raises(ValueError, match=f"{what} is not in the contract"):
        create_app(SETTINGS, world, (version,))


def test_a_year_at_least_lies_between_the_notice_and_the_sunset() -> None:
    with pytest.raises(ValueError, match="must stay 365 days"):
        replace(OPERATION, sunset=date(2026, 12, 31))


def test_the_changelog_names_what_is_deprecated() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [each.what for each in V1.deprecations if each.what not in changelog] == []

"""How to use the client that openapi-generator's `python` makes, with pydantic's models.

Failures are exceptions; a problem is their `data`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from openapi_client import (
    ApiClient,
    ApiException,
    ApiResponse,
    CitiesApi,
    Confidence,
    Configuration,
    CountryCode,
    DocumentFileInput,
    DocumentInput,
    DocumentsApi,
    FilesApi,
    Problem,
    RecordType,
    SearchApi,
    SourceInput,
    WorkshopFacet,
    WorkshopField,
    WorkshopInclude,
    WorkshopInput,
    WorkshopKind,
    WorkshopPatch,
    WorkshopReplacement,
    WorkshopsApi,
)
from reporting import API, CLIENT, TOKEN, run, step

reader = ApiClient(Configuration(host=API))
writer = ApiClient(Configuration(host=API, access_token=TOKEN))
cities, files, search_api = CitiesApi(reader), FilesApi(reader), SearchApi(reader)
workshops, writing = WorkshopsApi(reader), WorkshopsApi(writer)


def failure(call: Callable[[], object]) -> ApiException:
    """Return the exception that a call raises."""
    try:
        call()
    except ApiException as error:
        return error
    raise AssertionError("it was no failure")


def problem(call: Callable[[], object]) -> Problem:
    """Return the problem that a call meets."""
    found = failure(call).data
    assert isinstance(found, Problem), found
    return found


def tag(answer: ApiResponse[Any]) -> str:
    """Return the tag of the version that an answer shows."""
    assert answer.headers
    return next(value for name, value in answer.headers.items() if name.lower() == "etag")


@step("list")
def list_to_the_end() -> None:
    kinds, seen = [WorkshopKind.OTHER, WorkshopKind.PLANNING], set[str]()
    fields, cursor = [WorkshopField.TITLE, WorkshopField.KIND], None
    while True:
        found = workshops.list_workshops(kind=kinds, limit=4, fields=fields, cursor=cursor)
        assert all(workshop.kind in kinds for workshop in found.data)
        seen |= {workshop.id for workshop in found.data}
        cursor = found.page.next_cursor
        if cursor is None:
            break
    assert len(seen) == found.page.total > 4


@step("lang")
def in_ukrainian() -> None:
    city = cities.get_city("tirana", lang=["uk"]).data
    assert (city.lang, city.name) == ("uk", "Тирана")
    assert city.fallbacks
    assert set(city.fallbacks.values()) == {"en"}


@step("include")
def with_related() -> None:
    include = [WorkshopInclude.CITIES, WorkshopInclude.DOCUMENTS]
    included = workshops.list_workshops(city=["kharkiv"], include=include).included
    assert included
    assert included.cities
    assert included.documents
    assert "kharkiv" in {city.id for city in included.cities}


@step("facets")
def count() -> None:
    found = workshops.list_workshops(limit=0, facets=[WorkshopFacet.KIND, WorkshopFacet.STATUS])
    assert found.facets
    statuses = found.facets["status"]
    assert None in {each.value for each in statuses}
    assert sum(each.count for each in statuses) == found.page.total


@step("search")
def search() -> None:
    hits = search_api.search_records("resilient", limit=5).data
    assert RecordType.WORKSHOPS in {hit.type for hit in hits}
    assert all("<mark>" in hit.snippet.html for hit in hits if hit.snippet)


@step("404")
def not_found() -> None:
    met = problem(lambda: workshops.get_workshop("nothing"))
    assert (met.status, met.code) == (404, "not_found")


@step("400")
def refused() -> None:
    met = problem(lambda: workshops.list_workshops(starts_from="2021-02-30"))
    assert met.errors
    assert (met.code, met.errors[0].parameter) == ("bad_query", "starts_from")


@step("304", "A 304 is an exception, too: look at its `status`.")
def unchanged() -> None:
    held = tag(cities.get_city_with_http_info("kharkiv"))
    again = failure(lambda: cities.get_city("kharkiv", if_none_match=held))
    assert again.status == 304


SOURCES = [SourceInput(confidence=Confidence.STATED, title="A scenario of the tests")]
STARTS = datetime.fromisoformat("2024-05-06T09:30:00+02:00")
WORKSHOP = f"{CLIENT}-workshop"


@step("create")
def create() -> None:
    body = WorkshopInput(
        id=WORKSHOP,
        lang="en",
        title="A workshop of the tests",
        sources=SOURCES,
        kind=WorkshopKind.TRAINING,
        cities=["kharkiv"],
        starts_on="2024-05",
        starts_at=STARTS,
        venue="A hall",
    )
    answer = writing.create_workshop_with_http_info(body)
    assert answer.status_code == 201
    made = answer.data.data
    assert (made.kind, made.starts_on, made.starts_at) == (WorkshopKind.TRAINING, "2024-05", STARTS)
    assert made.ends_at is None


@step("patch")
def patch() -> None:
    held = writing.get_workshop_with_http_info(WORKSHOP)
    body = WorkshopPatch(summary="What it was about", venue=None)
    after = writing.update_workshop(WORKSHOP, body, if_match=tag(held)).data
    assert (after.version, after.venue) == (held.data.data.version + 1, None)
    assert (after.summary, after.kind) == ("What it was about", WorkshopKind.TRAINING)


@step("412")
def stale() -> None:
    body = WorkshopPatch(summary="Too late")
    met = problem(lambda: writing.update_workshop(WORKSHOP, body, if_match='"0.x"'))
    assert (met.status, met.code) == (412, "precondition_failed")


@step("put back")
def put_back() -> None:
    held = writing.get_workshop_with_http_info(WORKSHOP, lang=["*"])
    body = WorkshopReplacement.from_dict(held.data.data.to_dict())
    assert body
    again = writing.replace_workshop_with_http_info(WORKSHOP, body, if_match=tag(held))
    assert again.status_code == 200
    assert again.data.data.version == held.data.data.version


@step("delete")
def delete() -> None:
    held = tag(writing.get_workshop_with_http_info(WORKSHOP))
    gone = writing.delete_workshop_with_http_info(WORKSHOP, if_match=held, reason="a test")
    assert gone.status_code == 204
    met = problem(lambda: workshops.get_workshop(WORKSHOP))
    assert (met.code, met.reason) == ("gone", "a test")


@step("CSV")
def table() -> None:
    text = cities.list_cities_csv(country=[CountryCode.UA])
    assert text.startswith("id,")
    assert "Kharkiv" in text


@step("iCal")
def calendar() -> None:
    assert workshops.list_workshops_ics(city=["kharkiv"]).startswith("BEGIN:VCALENDAR")


DOCUMENT, CONTENT = f"{CLIENT}-document", "Харків\n".encode()


@step("upload")
def upload() -> None:
    file = DocumentFileInput(id="uk", lang="uk", media_type="text/plain")
    body = DocumentInput(id=DOCUMENT, lang="en", title="A text", sources=SOURCES, files=[file])
    DocumentsApi(writer).create_document(body)
    stored = FilesApi(writer).put_file_content(DOCUMENT, "uk", CONTENT, if_none_match="*")
    assert stored.data.size == len(CONTENT)


@step("download")
def download() -> None:
    assert files.get_file_content(DOCUMENT, "uk") == CONTENT
    DocumentsApi(writer).delete_document(DOCUMENT, if_match="*")


run()

"""How to use the client that openapi-python-client makes.

Failures are values here, not exceptions: `parsed` is the answer's model or a `Problem`.
"""

from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any, TypeVar

import httpx
from pilot_cities_client import AuthenticatedClient, Client
from pilot_cities_client.api.cities import get_city, list_cities_csv
from pilot_cities_client.api.documents import create_document, delete_document
from pilot_cities_client.api.files import get_file_content, put_file_content
from pilot_cities_client.api.search import search_records
from pilot_cities_client.api.workshops import (
    create_workshop,
    delete_workshop,
    get_workshop,
    list_workshops,
    list_workshops_ics,
    replace_workshop,
    update_workshop,
)
from pilot_cities_client.models import (
    CityAnswer,
    Confidence,
    CountryCode,
    DocumentAnswer,
    DocumentFileAnswer,
    DocumentFileInput,
    DocumentInput,
    Problem,
    RecordType,
    SearchAnswer,
    SourceInput,
    WorkshopAnswer,
    WorkshopFacet,
    WorkshopField,
    WorkshopInclude,
    WorkshopInput,
    WorkshopKind,
    WorkshopList,
    WorkshopPatch,
    WorkshopReplacement,
)
from pilot_cities_client.types import UNSET, File, Response, Unset
from reporting import API, CLIENT, TOKEN, run, step

LISTS = (
    "The generator writes a list as `kind=other&kind=planning`, whatever `explode: false` says, "
    "and the API refuses a name that stands twice: a hook of httpx joins the values by commas."
)


def join_lists(request: httpx.Request) -> None:
    """Join the values of a repeated name by commas."""
    asked = request.url.params
    joined = {name: ",".join(asked.get_list(name)) for name in asked}
    request.url = request.url.copy_with(params=joined)


HOOK = {"event_hooks": {"request": [join_lists]}}
reader = Client(base_url=API, httpx_args=HOOK)
writer = AuthenticatedClient(base_url=API, token=TOKEN, httpx_args=HOOK)

Shape = TypeVar("Shape")


def expect(kind: type[Shape], response: Response[Any]) -> Shape:
    """Return what an answer holds, which must be of a kind."""
    assert isinstance(response.parsed, kind), (response.status_code, response.parsed)
    return response.parsed


def tag(response: Response[Any]) -> str:
    """Return the tag of the version that an answer shows."""
    return str(response.headers["ETag"])


@step("list", LISTS)
def list_to_the_end() -> None:
    """Walk over all pages of a filtered list."""
    kinds, seen = [WorkshopKind.OTHER, WorkshopKind.PLANNING], set[str]()
    cursor: str | Unset | None = UNSET
    while cursor is not None:
        page = expect(
            WorkshopList,
            list_workshops.sync_detailed(
                client=reader,
                kind=kinds,
                limit=4,
                fields=[WorkshopField.TITLE, WorkshopField.KIND],
                cursor=cursor,
            ),
        )
        assert all(workshop.kind in kinds for workshop in page.data)
        seen |= {workshop.id for workshop in page.data}
        cursor = page.page.next_cursor
    assert len(seen) == page.page.total > 4


@step("lang")
def in_ukrainian() -> None:
    """Read a record in a language, and learn which texts are in another."""
    city = expect(CityAnswer, get_city.sync_detailed("tirana", client=reader, lang=["uk"])).data
    assert (city.lang, city.name) == ("uk", "Тирана")
    assert city.fallbacks
    assert set(city.fallbacks.additional_properties.values()) == {"en"}


@step("include", LISTS)
def with_related() -> None:
    """Have related records come along."""
    include = [WorkshopInclude.CITIES, WorkshopInclude.DOCUMENTS]
    answer = list_workshops.sync_detailed(client=reader, city=["kharkiv"], include=include)
    included = expect(WorkshopList, answer).included
    assert included
    assert included.cities
    assert included.documents
    assert "kharkiv" in {city.id for city in included.cities}


@step("facets", LISTS)
def count() -> None:
    """Count without reading records; a value may be null."""
    facets = [WorkshopFacet.KIND, WorkshopFacet.STATUS]
    found = expect(
        WorkshopList, list_workshops.sync_detailed(client=reader, limit=0, facets=facets)
    )
    assert found.facets
    statuses = found.facets["status"]
    assert None in {each.value for each in statuses}
    assert sum(each.count for each in statuses) == found.page.total


@step("search")
def search() -> None:
    """Search all types at once."""
    answer = search_records.sync_detailed(client=reader, q="resilient", limit=5)
    hits = expect(SearchAnswer, answer).data
    assert RecordType.WORKSHOPS in {hit.type_ for hit in hits}
    assert all("<mark>" in hit.snippet.html for hit in hits if hit.snippet)


@step("404")
def not_found() -> None:
    """Meet what is not there."""
    problem = expect(Problem, get_workshop.sync_detailed("nothing", client=reader))
    assert (problem.status, problem.code) == (404, "not_found")


@step("400")
def refused() -> None:
    """Ask for what cannot be, and learn what was wrong with it."""
    problem = expect(Problem, list_workshops.sync_detailed(client=reader, starts_from="2021-02-30"))
    assert problem.errors
    assert (problem.code, problem.errors[0].parameter) == ("bad_query", "starts_from")


@step("304")
def unchanged() -> None:
    """Ask again only for what has changed."""
    held = tag(get_city.sync_detailed("kharkiv", client=reader))
    again = get_city.sync_detailed("kharkiv", client=reader, if_none_match=held)
    assert again.status_code == HTTPStatus.NOT_MODIFIED


SOURCES = [SourceInput(confidence=Confidence.STATED, title="A scenario of the tests")]
STARTS = datetime.fromisoformat("2024-05-06T09:30:00+02:00")
WORKSHOP = f"{CLIENT}-workshop"


@step("create")
def create() -> None:
    """Write a new record."""
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
    answer = create_workshop.sync_detailed(client=writer, body=body)
    assert answer.status_code == HTTPStatus.CREATED, answer.parsed
    made = expect(WorkshopAnswer, answer).data
    assert (made.kind, made.starts_on, made.starts_at) == (WorkshopKind.TRAINING, "2024-05", STARTS)
    assert made.ends_at is None


@step("patch")
def patch() -> None:
    """Change some fields; null empties one, and what is left out stays."""
    held = get_workshop.sync_detailed(WORKSHOP, client=writer)
    before = expect(WorkshopAnswer, held).data
    body = WorkshopPatch(summary="What it was about", venue=None)
    changed = update_workshop.sync_detailed(WORKSHOP, client=writer, body=body, if_match=tag(held))
    after = expect(WorkshopAnswer, changed).data
    assert (after.version, after.venue) == (before.version + 1, None)
    assert (after.summary, after.kind) == ("What it was about", WorkshopKind.TRAINING)


@step("412")
def stale() -> None:
    """Change what somebody else has changed since."""
    body = WorkshopPatch(summary="Too late")
    answer = update_workshop.sync_detailed(WORKSHOP, client=writer, body=body, if_match='"0.x"')
    problem = expect(Problem, answer)
    assert (problem.status, problem.code) == (412, "precondition_failed")


@step("put back")
def put_back() -> None:
    """Put back what `lang=*` gave: nothing changes."""
    held = get_workshop.sync_detailed(WORKSHOP, client=writer, lang=["*"])
    read = expect(WorkshopAnswer, held).data
    body = WorkshopReplacement.from_dict(read.to_dict())
    again = replace_workshop.sync_detailed(WORKSHOP, client=writer, body=body, if_match=tag(held))
    assert again.status_code == HTTPStatus.OK, again.parsed
    assert expect(WorkshopAnswer, again).data.version == read.version


@step("delete")
def delete() -> None:
    """Delete a record; afterwards its address says that it is gone."""
    held = tag(get_workshop.sync_detailed(WORKSHOP, client=writer))
    gone = delete_workshop.sync_detailed(WORKSHOP, client=writer, if_match=held, reason="a test")
    assert gone.status_code == HTTPStatus.NO_CONTENT, gone.parsed
    problem = expect(Problem, get_workshop.sync_detailed(WORKSHOP, client=reader))
    assert (problem.code, problem.reason) == ("gone", "a test")


@step("CSV")
def table() -> None:
    """Read a list as a table."""
    text = expect(str, list_cities_csv.sync_detailed(client=reader, country=[CountryCode.UA]))
    assert text.startswith("id,")
    assert "Kharkiv" in text


@step("iCal")
def calendar() -> None:
    """Read workshops as a calendar."""
    text = expect(str, list_workshops_ics.sync_detailed(client=reader, city=["kharkiv"]))
    assert text.startswith("BEGIN:VCALENDAR")


DOCUMENT, CONTENT = f"{CLIENT}-document", "Харків\n".encode()


@step("upload")
def upload() -> None:
    """Store the bytes of a document's file."""
    files = [DocumentFileInput(id="uk", lang="uk", media_type="text/plain")]
    body = DocumentInput(id=DOCUMENT, lang="en", title="A text", sources=SOURCES, files=files)
    expect(DocumentAnswer, create_document.sync_detailed(client=writer, body=body))
    stored = put_file_content.sync_detailed(
        DOCUMENT, "uk", client=writer, body=File(payload=BytesIO(CONTENT)), if_none_match="*"
    )
    assert expect(DocumentFileAnswer, stored).data.size == len(CONTENT)


@step("download")
def download() -> None:
    """Read them again."""
    file = expect(File, get_file_content.sync_detailed(DOCUMENT, "uk", client=reader))
    assert file.payload.read() == CONTENT
    delete_document.sync_detailed(DOCUMENT, client=writer, if_match="*")


run()

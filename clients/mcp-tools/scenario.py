"""How to offer the API as tools to a language model: `fastmcp.from_openapi`.

Each operation is a tool of its operation id. Tools see bodies alone; `version` is in each, and
`If-Match` counts only the version, so `"VERSION.0"` is tag enough.
"""

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import yaml
from anyio.from_thread import start_blocking_portal
from fastmcp import Client, FastMCP
from reporting import API, CLIENT, TOKEN, run, step

DOCUMENT = Path(__file__).parents[2] / "openapi.yaml"
TEXTS = (
    "Answers that are no JSON get an output schema all the same, which no text can fit: "
    "`mcp_component_fn` takes it away."
)
PROBLEMS = (
    "A tool that fails gives a text, and no tool shows status or headers: a hook of the HTTP "
    "client keeps the answer."
)
PATCHES = (
    "Every body goes as `application/json`: a hook names `application/merge-patch+json`. Nulls are "
    "left out: put back the record without what is to be emptied. The id in the path is `id__path` "
    "where the body has one, too."
)
answers: list[httpx2.Response] = []


def without_schema_of_texts(route: Any, component: Any) -> None:
    """Take away the output schema of an operation that does not answer JSON."""
    success = next((each for status, each in route.responses.items() if status < "300"), None)
    types = success.content_schema if success else {}
    if not any(each.endswith("json") for each in types):
        component.output_schema = None


async def say_what_is_sent(request: httpx2.Request) -> None:
    """Name the media type of patches."""
    if request.method == "PATCH":
        request.headers["Content-Type"] = "application/merge-patch+json"


async def keep(response: httpx2.Response) -> None:
    """Keep an answer."""
    await response.aread()
    answers.append(response)


http = httpx2.AsyncClient(
    base_url=API,
    headers={"Authorization": f"Bearer {TOKEN}"},
    event_hooks={"request": [say_what_is_sent], "response": [keep]},
)
server = FastMCP.from_openapi(
    yaml.safe_load(DOCUMENT.read_text(encoding="utf-8")),
    http,
    name="Pilot Cities",
    mcp_component_fn=without_schema_of_texts,
)
stack = ExitStack()
portal = stack.enter_context(start_blocking_portal())
client = stack.enter_context(portal.wrap_async_context_manager(Client(server)))


def call(tool: str, **arguments: Any) -> Any:
    """Return what a tool gives; a failure is the problem that the API answered."""
    answers.clear()
    found = portal.call(partial(client.call_tool, tool, arguments, raise_on_error=False))
    if not found.is_error:
        return found.structured_content or "".join(each.text for each in found.content)
    kind = answers[-1].headers.get("Content-Type", "") if answers else "nothing was asked"
    return answers[-1].json() if kind == "application/problem+json" else found


@step("list")
def list_to_the_end() -> None:
    asked: dict[str, Any] = {"kind": ["other", "planning"], "fields": ["title", "kind"], "limit": 4}
    page, seen = call("list_workshops", **asked), set[str]()
    seen |= {workshop["id"] for workshop in page["data"]}
    while cursor := page["page"]["next_cursor"]:
        page = call("list_workshops", **asked, cursor=cursor)
        assert all(workshop["kind"] in asked["kind"] for workshop in page["data"])
        seen |= {workshop["id"] for workshop in page["data"]}
    assert len(seen) == page["page"]["total"] > 4


@step("lang")
def in_ukrainian() -> None:
    city = call("get_city", id="tirana", lang=["uk"])["data"]
    assert (city["lang"], city["name"]) == ("uk", "Тирана")
    assert set(city["fallbacks"].values()) == {"en"}


@step("include")
def with_related() -> None:
    found = call("list_workshops", city=["kharkiv"], include=["cities", "documents"])
    assert "kharkiv" in {city["id"] for city in found["included"]["cities"]}
    assert found["included"]["documents"]


@step("facets")
def count() -> None:
    found = call("list_workshops", limit=0, facets=["kind", "status"])
    statuses = found["facets"]["status"]
    assert None in {each["value"] for each in statuses}
    assert sum(each["count"] for each in statuses) == found["page"]["total"]


@step("search")
def search() -> None:
    hits = call("search_records", q="resilient", limit=5)["data"]
    assert "workshops" in {hit["type"] for hit in hits}
    assert all("<mark>" in hit["snippet"]["html"] for hit in hits if hit["snippet"])


@step("404", PROBLEMS)
def not_found() -> None:
    met = call("get_workshop", id="nothing")
    assert (met["status"], met["code"]) == (404, "not_found")


@step("400", PROBLEMS)
def refused() -> None:
    met = call("list_workshops", starts_from="2021-02-30")
    assert (met["code"], met["errors"][0]["parameter"]) == ("bad_query", "starts_from")


@step("304", PROBLEMS)
def unchanged() -> None:
    call("get_city", id="kharkiv")
    call("get_city", id="kharkiv", **{"If-None-Match": answers[-1].headers["ETag"]})
    assert answers[-1].status_code == 304


SOURCES = [{"confidence": "stated", "title": "A scenario of the tests"}]
STARTS = "2024-05-06T09:30:00+02:00"
WORKSHOP = f"{CLIENT}-workshop"


@step("create")
def create() -> None:
    made = call(
        "create_workshop",
        id=WORKSHOP,
        lang="en",
        title="A workshop of the tests",
        sources=SOURCES,
        kind="training",
        cities=["kharkiv"],
        starts_on="2024-05",
        starts_at=STARTS,
        venue="A hall",
    )["data"]
    assert (made["kind"], made["starts_on"], made["starts_at"]) == ("training", "2024-05", STARTS)
    assert made["ends_at"] is None


def held(version: int) -> dict[str, str]:
    """Return the precondition that a record is still at a version."""
    return {"If-Match": f'"{version}.0"'}


@step("patch", PATCHES)
def patch() -> None:
    before = call("get_workshop", id=WORKSHOP)["data"]
    now, summary = held(before["version"]), "What it was about"
    after = call("update_workshop", id__path=WORKSHOP, summary=summary, **now)["data"]
    assert after["version"] == before["version"] + 1
    assert (after["summary"], after["kind"]) == (summary, "training")
    read = call("get_workshop", id=WORKSHOP, lang=["*"])["data"]
    without = {name: value for name, value in read.items() if name != "venue"}
    emptied = call("replace_workshop", id__path=WORKSHOP, **held(read["version"]), **without)
    assert emptied["data"]["venue"] is None


@step("412", PROBLEMS)
def stale() -> None:
    met = call("update_workshop", id__path=WORKSHOP, summary="Too late", **held(0))
    assert (met["status"], met["code"]) == (412, "precondition_failed")


@step("put back")
def put_back() -> None:
    read = call("get_workshop", id=WORKSHOP, lang=["*"])["data"]
    again = call("replace_workshop", id__path=WORKSHOP, **held(read["version"]), **read)
    assert answers[-1].status_code == 200
    assert again["data"]["version"] == read["version"]


@step("delete", PROBLEMS)
def delete() -> None:
    version = call("get_workshop", id=WORKSHOP)["data"]["version"]
    call("delete_workshop", id=WORKSHOP, reason="a test", **held(version))
    assert answers[-1].status_code == 204
    met = call("get_workshop", id=WORKSHOP)
    assert (met["code"], met["reason"]) == ("gone", "a test")


@step("CSV", TEXTS)
def table() -> None:
    text = call("list_cities_csv", country=["UA"])
    assert text.startswith("id,")
    assert "Kharkiv" in text


@step("iCal", TEXTS)
def calendar() -> None:
    assert call("list_workshops_ics", city=["kharkiv"]).startswith("BEGIN:VCALENDAR")


DOCUMENT_ID, CONTENT = f"{CLIENT}-document", "Харків\n"


@step("upload")
def upload() -> None:
    files = [{"id": "uk", "lang": "uk", "media_type": "text/plain"}]
    call("create_document", id=DOCUMENT_ID, lang="en", title="A text", sources=SOURCES, files=files)
    where = {"id": DOCUMENT_ID, "file": "uk", "If-None-Match": "*"}
    stored = call("put_file_content", body=CONTENT, **where)
    assert stored["data"]["size"] == len(CONTENT.encode()), stored


@step("download", TEXTS)
def download() -> None:
    assert call("get_file_content", id=DOCUMENT_ID, file="uk") == CONTENT
    call("delete_document", id=DOCUMENT_ID, **{"If-Match": "*"})


with stack:
    run()

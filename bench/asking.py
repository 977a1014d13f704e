"""Single requests: one answer and what it holds, and the cursors that ours are asked with."""

import csv
import http.client
import io
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from .asks import DEEP_PAGES, DEEPEST, PAGE
from .records import SIZES

LARGEST_PAGE = 200


class Got(NamedTuple):
    """An answer; its headers' names are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


def get(base: str, path: str, headers: dict[str, str] | None = None) -> Got:
    """Ask once, on a connection of its own."""
    place = urlsplit(base)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=120)
    try:
        connection.request("GET", path, headers={"Accept": "*/*", **(headers or {})})
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Got(answer.status, told, answer.read())
    finally:
        connection.close()


def cursors(base: str, size: str) -> dict[str, str]:
    """Return depth → cursor of our recommendations, and the feed's as `now`."""
    return walk(lambda path: _data(base, path), size)


def walk(ask: Callable[[str], Any], size: str) -> dict[str, str]:
    """Walk our recommendations to the deep pages, as a client would; `ask` returns an answer.

    Large pages of little, then the pages that are measured.
    """
    last = min(DEEPEST, SIZES[size].recommendations // PAGE)
    first = (max(1, last - DEEP_PAGES) - 1) * PAGE
    found: dict[str, str] = {}
    depth, cursor = 0, ""
    while depth < (last - 1) * PAGE:
        limit = LARGEST_PAGE if depth + LARGEST_PAGE <= first else PAGE
        path = f"/api/v1/recommendations?limit={limit}&fields=id"
        page = ask(path + (f"&cursor={cursor}" if cursor else ""))["page"]
        depth, cursor = depth + limit, page["next_cursor"]
        found[str(depth)] = cursor
    found["now"] = ask("/api/v1/state")["data"]["cursor"]
    return found


def _data(base: str, path: str) -> dict[str, Any]:
    got = get(base, path)
    if got.status != 200:
        raise RuntimeError(f"{path} answers {got.status}: {got.body[:300]!r}")
    data: dict[str, Any] = orjson.loads(got.body)
    return data


def holds(item: str, got: Got) -> Any:
    """Return what must be the same for all of an answer: ids, totals or counts."""
    if item == "W12":
        return sorted(_id(row) for row in csv.DictReader(io.StringIO(got.body.decode("utf-8-sig"))))
    body = orjson.loads(got.body)
    facets = body.get("facets", body) if isinstance(body, dict) else {}
    if item in ("W8", "W10"):
        names = sorted(facets)
        return {n: [(each["value"], each["count"]) for each in facets[n]] for n in names}
    if item in ("W1", "W6"):
        return _id(body.get("data", body))
    rows = body if isinstance(body, list) else body.get("items", body.get("data"))
    if item == "W5":  # who is best is each engine's own opinion
        return len(rows), _total(body, got)
    return [_id(row) for row in rows], None if item == "W4" else _total(body, got)


def _id(row: dict[str, Any]) -> str:
    return str(row.get("slug") or row["id"])


def _total(body: Any, got: Got) -> Any:
    if "x-pagination" in got.headers:
        return int(orjson.loads(got.headers["x-pagination"])["total"])
    return body["page"]["total"] if "page" in body else body.get("total")

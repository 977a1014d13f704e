"""What the contract says in words only, told to schemathesis, so that no check need be off.

Only valid requests are mended. What is meant to be wrong goes out as it is.
"""

import re
from collections.abc import Callable
from typing import Any
from zlib import crc32

import schemathesis
from hypothesis import strategies
from schemathesis import Case, GenerationMode, HookContext

from api.services import seeding
from api.services.terms import MOST
from api.settings import ROOT

WRITES = ("POST", "PUT", "PATCH", "DELETE")
DAY = re.compile(r"^(\d{4}-\d{2})-(\d{2})")
Query = dict[str, Any]

ITEMS = [item.key for item in seeding.load(seeding.bundle_files([], ROOT / "seed"))]

# Cursors are opaque and bound to the query that gave them: none can be made up. Tests of paging
# walk with real ones; here any text of that format is left out again below.
schemathesis.openapi.format("cursor", strategies.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))


@schemathesis.hook
def before_call(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
    """Mend a valid request, and let most of those for one record be for one that is there.

    All writes are tried only, so that the records stay.
    """
    if case.method in WRITES and isinstance(case.query, dict):
        case.query["dry_run"] = "true"
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    _point_to_a_record(case)
    for mend in MENDS:
        mend(case.query)


def _point_to_a_record(case: Case[Any]) -> None:
    found = re.match(r"/api/v1/(\w+)/\{id\}", case.path)
    if found is None:
        return
    made_up = str(case.path_parameters.get("id", ""))
    drawn = crc32(made_up.encode())  # as random as the id, and the same in each run
    ids = [record_id for name, record_id in ITEMS if name == found.group(1)]
    if drawn % 4:
        case.path_parameters["id"] = ids[drawn % len(ids)]


def _no_cursor(query: Query) -> None:
    """A cursor belongs to the query that gave it."""
    query.pop("cursor", None)


def _no_empty_page_for_nothing(query: Query) -> None:
    """`limit=0` needs `facets`: a schema of one parameter cannot speak of another."""
    if str(query.get("limit")) == "0" and not query.get("facets"):
        query["limit"] = 1


def _box_the_right_way_up(query: Query) -> None:
    """The schema knows one range for all four numbers: latitudes reach 90, the smaller first."""
    box = [float(each) for each in _values(query.get("bbox"))]
    if box:
        south, north = sorted(max(-90.0, min(90.0, each)) for each in box[1::2])
        query["bbox"] = ",".join(map(str, (box[0], south, box[2], north)))


def _days_of_the_calendar(query: Query) -> None:
    """A pattern cannot tell that February has no 30th."""
    for name, value in query.items():
        if name.endswith(("_from", "_to", "_since")) and isinstance(value, str):
            query[name] = DAY.sub(lambda m: f"{m[1]}-{min(int(m[2]), 28):02}", value)


def _all_languages_alone(query: Query) -> None:
    """`*` stands alone."""
    if "*" in _values(query.get("lang")):
        query["lang"] = "*"


def _not_too_many_words(query: Query) -> None:
    """A pattern cannot count words."""
    q = query.get("q")
    if isinstance(q, str):
        query["q"] = " ".join(q.split(" ")[:MOST]) if q.strip() else "a"


def _values(value: Any) -> list[Any]:
    """Return the values of a list, which one phase hands over joined and another does not."""
    return value.split(",") if isinstance(value, str) else list(value or ())


MENDS: tuple[Callable[[Query], None], ...] = (
    _no_cursor,
    _no_empty_page_for_nothing,
    _box_the_right_way_up,
    _days_of_the_calendar,
    _all_languages_alone,
    _not_too_many_words,
)

"""What the contract says in words only, told to schemathesis, so that no check need be off.

Only valid requests are mended. What is meant to be wrong goes out as it is. All writes are tried
only (`dry_run`), so that the records stay; with FUZZ_WRITES=1 they are done.
"""

import os
import re
from collections.abc import Callable
from typing import Any
from zlib import crc32

import schemathesis
import yaml
from hypothesis import strategies
from schemathesis import Case, DeserializationContext, GenerationMode, HookContext, Response
from schemathesis.core.media_types import YAML_MEDIA_TYPES

from api.services import seeding
from api.services.collection import Collection
from api.services.records import BY_NAME
from api.services.terms import MOST
from api.settings import ROOT

DONE = os.environ.get("FUZZ_WRITES") == "1"
OURS = [f"fuzz-{number}" for number in range(2)]
"""The ids of records that are written again and again."""
WRITES = ("POST", "PUT", "PATCH", "DELETE")
DAY = re.compile(r"^(\d{4}-\d{2})-(\d{2})")
Query = dict[str, Any]

ITEMS = [item.key for item in seeding.load(seeding.bundle_files([], ROOT / "seed"))]

# Cursors are opaque and bound to the query that gave them: none can be made up. Tests of paging
# walk with real ones; here any text of that format is left out again below.
schemathesis.openapi.format("cursor", strategies.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))


# All names of YAML are one to schemathesis, and the reader of the first is asked.
@schemathesis.deserializer(*YAML_MEDIA_TYPES)
def yaml_is_text(_context: DeserializationContext, response: Response) -> str:
    """Return YAML as the text that the contract calls it, once it is seen to be YAML."""
    text = response.content.decode()
    yaml.safe_load(text)
    return text


@schemathesis.hook
def before_call(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
    """Mend a valid request, and let most of those for one record be for one that is there."""
    if case.method in WRITES and not DONE and isinstance(case.query, dict):
        case.query["dry_run"] = "true"
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    _point_to_a_record(case)
    for mend in MENDS:
        mend(case.query)
    if DONE and case.method in WRITES:
        _let_it_be_done(case)


def _point_to_a_record(case: Case[Any]) -> None:
    found = re.match(r"/api/v1/(\w+)/\{id\}", case.path)
    if found is None:
        return
    made_up = str(case.path_parameters.get("id", ""))
    drawn = crc32(made_up.encode())  # as random as the id, and the same in each run
    ids = [record_id for name, record_id in ITEMS if name == found.group(1)]
    ids = OURS if DONE else ids
    if drawn % 4:
        case.path_parameters["id"] = ids[drawn % len(ids)]
    if "file" in case.path_parameters and drawn % 8:
        case.path_parameters["file"] = "en"


def _let_it_be_done(case: Case[Any]) -> None:
    """Let a write name what is there: schemas cannot tell which records and codes there are."""
    collection = BY_NAME.get(case.path.removeprefix("/api/v1/").partition("/")[0])
    drawn = crc32(repr((case.path, case.body, case.query)).encode())
    if collection is None:
        return
    if isinstance(case.body, dict):
        _mend_body(collection, case.body, drawn)
    if isinstance(case.query, dict):
        case.query |= {"version": 1 + drawn % 3} if case.path.endswith("/revert") else {}
        for name in ("replaced_by", "dry_run"):
            case.query.pop(name, None)
    headers = {"If-Match": "*"}
    if case.method == "PUT" and drawn % 2 and isinstance(case.body, dict):
        headers = {"If-None-Match": "*"}
        case.path_parameters["id"] = f"fuzz-put-{drawn % 1_000}"
        case.body = {**case.body, "id": case.path_parameters["id"]}
    for name in ("If-Match", "If-None-Match"):
        case.headers.pop(name, None)
    case.headers.update(headers if drawn % 5 else {})


def _mend_body(collection: Collection, body: dict[str, Any], drawn: int) -> None:
    if "id" in body:
        body["id"] = OURS[drawn % len(OURS)]
    for field, target in collection.references.items():
        ids = [record_id for name, record_id in ITEMS if name == target]
        one = ids[drawn % len(ids)]
        if field in body:
            body[field] = one if field == "part_of" else [one][: drawn % 2]
    for field in ("validations", "translations", "external_ids", "files"):
        body.pop(field, None)
    for field in ("country", "subdivision", "unlocode", "timezone", "languages"):
        body.pop(field, None)  # codes of lists
    for field in [each for each in body if each.startswith(("starts_", "ends_"))]:
        body.pop(field)  # one before the other
    body["lang"] = "en"


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

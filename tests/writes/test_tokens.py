"""Who may write: tokens are shown once, kept as digests, end when they should, and stay in their
cities through every door.
"""

import contextlib
import io
import re
import secrets
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, event, select, update
from werkzeug.test import TestResponse

from api.cli import main
from api.errors import Conflict, NotFound, Unauthorized
from api.models import Token
from api.services import tokens
from api.services.database import migrating, open_engine, reading
from api.services.doors import now
from api.services.tokens import Scope
from api.settings import Settings
from api.web.observe import configure_log
from tests.factories import Record, city, project, store, workshop
from tests.writes.acting import (
    MERGE,
    Writer,
    bundle,
    holding_lock,
    is_problem,
    issue,
    lines,
    seq,
    trace,
)

FORM = re.compile(r"upc_[A-Za-z0-9_-]{43}")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a migrated store."""
    assert run(tmp_path, "migrate").exit_code == 0
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    env = {each.name.upper(): None for each in fields(Settings)}
    return CliRunner().invoke(main, arguments, env=env | {"DATA_DIR": str(folder)})


def issued(folder: Path, *arguments: str) -> str:
    how = ["token", "issue", "--name", "Ann", "--scope", "content:write", *arguments]
    result = run(folder, *how)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()[-1]


# The command line.


def test_a_token_stands_alone_on_the_last_line(data: Path) -> None:
    assert FORM.fullmatch(issued(data))


def test_a_token_is_in_no_file_of_the_store_and_in_no_list(data: Path) -> None:
    token = issued(data)
    stored = b"".join(path.read_bytes() for path in data.iterdir())
    assert b"Ann" in stored
    assert token.encode() not in stored
    assert token[4:].encode() not in stored
    assert token not in run(data, "token", "list").output


def test_the_list_tells_scopes_cities_expiry_and_use(data: Path) -> None:
    assert "no tokens" in run(data, "token", "list").output
    issued(data, "--city", "tirana", "--city", "kharkiv", "--expires", "90d")
    (line,) = run(data, "token", "list").output.splitlines()
    for told in ("Ann", "content:write", "kharkiv, tirana", "expires 2", "last used never"):
        assert told in line


def test_a_city_that_is_not_there_is_a_note_and_no_error(data: Path) -> None:
    result = run(
        data, "token", "issue", "--name", "A", "--scope", "admin", "--city", "exampleville"
    )
    assert (result.exit_code, "no city exampleville yet" in result.stderr) == (0, True)


def test_revoking_is_told_and_can_be_done_once(data: Path) -> None:
    issued(data)
    assert run(data, "token", "revoke", "Ann").exit_code == 0
    assert "revoked" in run(data, "token", "list").output
    again = run(data, "token", "revoke", "Ann")
    assert (again.exit_code, "Ann" in again.output) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--name", "", "--scope", "admin"], 1),
        (["--name", " ", "--scope", "admin"], 1),
        (["--name", "a\nb", "--scope", "admin"], 1),
        (["--name", "x" * 101, "--scope", "admin"], 1),
        (["--name", "A"], 2),
        (["--scope", "admin"], 2),
        (["--name", "A", "--scope", "everything"], 2),
        (["--name", "A", "--scope", "admin", "--expires", "soon"], 2),
        (["--name", "A", "--scope", "admin", "--expires", "0d"], 2),
        (["--name", "A", "--scope", "admin", "--expires", "-1d"], 2),
    ],
    ids=str,
)
def test_a_token_that_makes_no_sense_is_not_issued(
    data: Path, arguments: list[str], status: int
) -> None:
    result = run(data, "token", "issue", *arguments)
    assert result.exit_code == status, result.output
    assert isinstance(result.exception, SystemExit)
    assert "no tokens" in run(data, "token", "list").output


def test_a_city_that_can_never_be_is_not_taken(data: Path) -> None:
    result = run(data, "token", "issue", "--name", "A", "--scope", "admin", "--city", "New York")
    assert result.exit_code != 0


def test_the_longest_expiry_that_can_be_said_works(data: Path) -> None:
    assert FORM.fullmatch(issued(data, "--expires", "99999w"))


def test_a_name_is_for_one_token_only_even_after_it_ended(data: Path) -> None:
    issued(data)
    run(data, "token", "revoke", "Ann")
    again = run(data, "token", "issue", "--name", "Ann", "--scope", "admin")
    assert (again.exit_code, "already" in again.output) == (1, True)


def test_what_the_command_line_issues_opens_the_door(data: Path) -> None:
    token = issued(data, "--city", "tirana")
    engine = open_engine(f"sqlite:///{data / 'pilotcities.db'}")
    found = tokens.verify(engine, token)
    assert (found.name, found.cities) == ("Ann", frozenset({"tirana"}))
    run(data, "token", "revoke", "Ann")
    with pytest.raises(Unauthorized):
        tokens.verify(engine, token)
    engine.dispose()


# The service, on both databases.


def test_only_the_digest_is_kept(engine: Engine) -> None:
    token = issue(engine)
    with reading(engine) as connection:
        row = connection.execute(select(Token.__table__)).one()
        listed = tokens.listed(connection)
    assert token not in str(row)
    assert row.digest == tokens.digest(token)
    assert "digest" not in listed[0]


def test_tokens_differ_and_names_are_unique(engine: Engine) -> None:
    assert len({issue(engine) for _ in range(20)}) == 20
    issue(engine, name="Ann")
    with pytest.raises(Conflict):
        issue(engine, name="Ann")


def test_what_is_not_there_cannot_be_revoked(engine: Engine) -> None:
    with migrating(engine) as connection, pytest.raises(NotFound):
        tokens.revoke(connection, "Nobody")


def test_admin_includes_all_scopes(engine: Engine) -> None:
    found = tokens.verify(engine, issue(engine, Scope.ADMIN))
    assert all(found.may(scope) for scope in Scope)
    assert not tokens.verify(engine, issue(engine)).may(Scope.ADMIN)


# What HTTP answers.


def test_an_administrators_token_writes(admin: Writer) -> None:
    assert admin.post("/cities", city()).status_code == 201


def ways(record: Record) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each way to write over HTTP: method, path, and what is sent."""
    body = {"json": record, "headers": {"If-Match": "*"}}
    yield "POST", "/cities", {"json": record}
    yield "PUT", "/cities/city-1", body
    yield "PATCH", "/cities/city-1", {**body, "content_type": MERGE}
    yield "DELETE", "/cities/city-1", {"headers": {"If-Match": "*"}}
    yield "POST", "/cities/city-1/revert?version=1", {"headers": {"If-Match": "*"}}
    yield "POST", "/imports", {"json": {}}
    yield "POST", "/imports", {"data": b"", "content_type": "application/x-ndjson"}


WAYS = [f"{method} {path} {number}" for number, (method, path, _) in enumerate(ways(city()))]


def asked(writer: Writer, way: str, **headers: str) -> TestResponse:
    method, path, how = list(ways(city(aliases=["changed"])))[WAYS.index(way)]
    return writer.ask(method, path, **{**how, "headers": {**how.get("headers", {}), **headers}})


@pytest.mark.parametrize("way", WAYS)
def test_writing_without_a_token_is_a_401_with_a_plain_challenge(anyone: Writer, way: str) -> None:
    store(anyone.engine, ("cities", city()))
    before = trace(anyone.engine)
    answer = asked(anyone, way)
    is_problem(answer, 401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="pilot-cities"'
    assert trace(anyone.engine) == before


def ended(engine: Engine) -> dict[str, str]:
    """Return tokens that are not valid, by what is wrong with them."""
    expired = issue(engine, lasts=timedelta(seconds=0))
    revoked = issue(engine, name="revoked")
    with migrating(engine) as connection:
        tokens.revoke(connection, "revoked")
    good = issue(engine)
    return {
        "unknown": "Bearer upc_" + secrets.token_urlsafe(32),
        "expired": f"Bearer {expired}",
        "revoked": f"Bearer {revoked}",
        "cut": f"Bearer {good[:-1]}",
        "longer": f"Bearer {good}A",
        "another case": f"Bearer {good.swapcase()}",
        "digest": f"Bearer {tokens.digest(good)}",
        "empty": "Bearer ",
        "no kind": good,
        "another kind": f"Basic {good}",
        "garbage": "Bearer ' OR 1=1 --",
        "not ascii": "Bearer upc_" + "é" * 43,
        "very long": "Bearer " + "a" * 20_000,
    }


KINDS_OF_BAD = [
    *("unknown", "expired", "revoked", "cut", "longer", "another case", "digest", "empty"),
    *("no kind", "another kind", "garbage", "not ascii", "very long"),
]


@pytest.mark.parametrize("kind", KINDS_OF_BAD)
def test_a_token_that_is_not_valid_is_a_401_that_says_so(anyone: Writer, kind: str) -> None:
    header = ended(anyone.engine)[kind]
    answer = anyone.ask("POST", "/cities", json=city(), headers={"Authorization": header})
    found = is_problem(answer, 401, "unauthorized")
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge == 'Bearer realm="pilot-cities", error="invalid_token"'
    assert "upc_" not in found["detail"].replace("upc_…", "")
    assert anyone.get("/cities/city-1").status_code == 404


def test_the_kind_of_authorization_is_read_in_any_case(writer: Writer) -> None:
    header = {"Authorization": f"bEARER {writer.token}"}
    assert writer.ask("POST", "/cities", json=city(), headers=header).status_code == 201


def test_a_token_without_the_scope_is_a_403_that_says_so(writer: Writer) -> None:
    with migrating(writer.engine) as connection:
        connection.execute(update(Token).values(scopes=[]))
    answer = writer.post("/cities", city())
    is_problem(answer, 403, "forbidden")
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge == 'Bearer realm="pilot-cities", error="insufficient_scope"'


@pytest.mark.parametrize("kind", ["unknown", "expired", "revoked", "garbage", "another kind"])
def test_plain_reads_need_no_token_and_mind_no_bad_one(filled: Writer, kind: str) -> None:
    header = {"Authorization": ended(filled.engine)[kind]}
    for path in ("/cities", "/cities/city-1", "/search?q=plan", "/cities/city-1/bundle"):
        assert filled.ask("GET", path, headers=header).status_code == 200


@pytest.mark.parametrize("path", ["", "/1", "/1/changes"])
def test_versions_mind_a_bad_token(filled: Writer, path: str) -> None:
    header = {"Authorization": "Bearer upc_" + secrets.token_urlsafe(32)}
    answer = filled.ask("GET", f"/cities/city-1/versions{path}", headers=header)
    is_problem(answer, 401, "unauthorized")
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_no_token_is_logged(writer: Writer) -> None:
    bad = "upc_" + secrets.token_urlsafe(32)
    with contextlib.redirect_stderr(io.StringIO()) as log:
        configure_log("debug")
        writer.post("/cities", city())
        writer.post("/cities", {"id": 1})
        writer.ask("POST", "/cities", json=city(), headers={"Authorization": f"Bearer {bad}"})
    configure_log("error")
    assert log.getvalue().count('"event":"request"') == 3
    for token in (bad, writer.token or ""):
        assert token[4:] not in log.getvalue()


# The last use.


def last_used(engine: Engine) -> Any:
    with reading(engine) as connection:
        return connection.execute(select(Token.last_used_at)).scalar_one()


def test_the_last_use_is_noted_outside_the_journal(writer: Writer) -> None:
    assert last_used(writer.engine) is None
    is_problem(writer.post("/cities", {}), 422)
    assert last_used(writer.engine) is not None
    assert seq(writer.engine) == 0


@pytest.mark.parametrize(("minutes", "noted"), [(59, False), (61, True)])
def test_the_last_use_is_noted_at_most_hourly(writer: Writer, minutes: int, noted: bool) -> None:
    past = now() - timedelta(minutes=minutes)
    with migrating(writer.engine) as connection:
        connection.execute(update(Token).values(last_used_at=past))
    writer.post("/cities", {})
    assert (last_used(writer.engine) != past) == noted


def test_a_first_use_while_another_writes_is_no_failure(writer: Writer) -> None:
    if writer.engine.dialect.name == "sqlite":
        impatient(writer)
    store(writer.engine, ("cities", city()))
    with holding_lock(writer.engine):
        answer = writer.get("/cities/city-1/versions")
    assert answer.status_code == 200


def impatient(writer: Writer) -> None:
    """Let a writer's store wait but a moment for its lock."""

    def prepare(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA busy_timeout=50")

    event.listen(writer.engine, "checkout", prepare)


# Tokens that are bound to cities.

OWN, FOREIGN = "city-1", "city-2"
SETS: dict[str, list[str]] = {
    "own": [OWN],
    "foreign": [FOREIGN],
    "both": [OWN, FOREIGN],
    "none": [],
}


@pytest.fixture
def mayor(writer: Writer) -> Writer:
    """A writer that is bound to one of two cities."""
    store(writer.engine, ("projects", project()), ("cities", city(OWN)), ("cities", city(FOREIGN)))
    return writer.bound(OWN)


def judged(mayor: Writer, answer: TestResponse, allowed: bool, before: Any) -> None:
    if allowed:
        assert answer.status_code < 300, answer.text
    else:
        is_problem(answer, 403, "forbidden")
        assert "insufficient_scope" in answer.headers["WWW-Authenticate"]
        assert trace(mayor.engine) == before


@pytest.mark.parametrize("after", SETS)
@pytest.mark.parametrize("verb", ["POST", "PUT", "JSON", "NDJSON"])
def test_a_bound_token_creates_in_its_own_city_alone(mayor: Writer, verb: str, after: str) -> None:
    record, before = workshop(cities=SETS[after]), trace(mayor.engine)
    answer = {
        "POST": lambda: mayor.post("/workshops", record),
        "PUT": lambda: mayor.put("/workshops/workshop-1", record, If_None_Match="*"),
        "JSON": lambda: mayor.plan(bundle(("workshops", record))),
        "NDJSON": lambda: mayor.plan(lines(("workshops", record)), "application/x-ndjson"),
    }[verb]()
    judged(mayor, answer, after == "own", before)


PAIRS = [(earlier, after) for earlier in SETS for after in SETS]


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "JSON", "NDJSON"])
def test_a_bound_token_changes_what_is_its_own_before_and_after(mayor: Writer, verb: str) -> None:
    for earlier, after in PAIRS:
        id_ = f"{earlier}-{after}"
        store(mayor.engine, ("workshops", workshop(id_, cities=SETS[earlier])))
        record, before = workshop(id_, cities=SETS[after], summary="New."), trace(mayor.engine)
        answer = sent(mayor, verb, record)
        judged(mayor, answer, earlier == after == "own", before)


def sent(mayor: Writer, verb: str, record: Record) -> TestResponse:
    path = f"/workshops/{record['id']}"
    if verb == "PUT":
        return mayor.put(path, record, If_Match="*")
    if verb == "PATCH":
        return mayor.patch(path, record, If_Match="*")
    if verb == "JSON":
        return mayor.plan(bundle(("workshops", record)))
    return mayor.plan(lines(("workshops", record)), "application/x-ndjson")


def test_a_bound_token_deletes_in_its_own_city_alone(mayor: Writer) -> None:
    for earlier, cities in SETS.items():
        store(mayor.engine, ("workshops", workshop(earlier, cities=cities)))
        before = trace(mayor.engine)
        answer = mayor.delete(f"/workshops/{earlier}", If_Match="*")
        judged(mayor, answer, earlier == "own", before)


def test_a_bound_token_reverts_within_its_own_city(mayor: Writer) -> None:
    for earlier, after in PAIRS:
        for number, name in enumerate((earlier, after)):
            record = workshop(f"{earlier}-{after}", cities=SETS[name], summary=f"{number}")
            store(mayor.engine, ("workshops", record))
        before = trace(mayor.engine)
        answer = mayor.revert(f"/workshops/{earlier}-{after}", 1, If_Match="*")
        judged(mayor, answer, earlier == after == "own", before)


@pytest.mark.parametrize("earlier", SETS)
def test_a_bound_token_brings_back_what_was_its_own(mayor: Writer, earlier: str) -> None:
    store(mayor.engine, ("workshops", workshop(cities=SETS[earlier])))
    all_cities = Writer(mayor.client, mayor.engine, issue(mayor.engine))
    assert all_cities.delete("/workshops/workshop-1", If_Match="*").status_code == 204
    before = trace(mayor.engine)
    judged(mayor, mayor.revert("/workshops/workshop-1", 1), earlier == "own", before)


@pytest.mark.parametrize(("name", "allowed"), [(OWN, True), (FOREIGN, False), ("city-3", False)])
def test_a_bound_token_writes_its_own_citys_record(mayor: Writer, name: str, allowed: bool) -> None:
    before = trace(mayor.engine)
    record = city(name, summary="A summary.")
    there = {"If_None_Match": "*"} if name == "city-3" else {"If_Match": "*"}
    judged(mayor, mayor.put(f"/cities/{name}", record, **there), allowed, before)
    before = trace(mayor.engine)
    other = city(name, summary="Another.")
    judged(mayor, mayor.plan(bundle(("cities", other))), allowed, before)


def test_a_bound_token_creates_the_city_it_is_bound_to(writer: Writer) -> None:
    assert writer.bound("city-9").post("/cities", city("city-9")).status_code == 201


def test_a_bound_token_writes_no_project(mayor: Writer) -> None:
    before = trace(mayor.engine)
    changed = project(summary="Mine.")
    for answer in (
        mayor.post("/projects", project("project-2")),
        mayor.put("/projects/project-1", changed, If_Match="*"),
        mayor.patch("/projects/project-1", {"summary": "Mine."}, If_Match="*"),
        mayor.delete("/projects/project-1", If_Match="*"),
        mayor.plan(bundle(("projects", changed))),
    ):
        judged(mayor, answer, False, before)


def test_a_bound_token_may_send_foreign_records_that_are_unchanged(mayor: Writer) -> None:
    sent = bundle(("cities", city(FOREIGN)), ("workshops", workshop(cities=[OWN])))
    answer = mayor.apply(sent)
    assert answer.json["data"]["counts"]["create"] == 1, answer.text


def test_a_token_of_two_cities_writes_what_lies_in_both(mayor: Writer) -> None:
    both = mayor.bound(OWN, FOREIGN)
    for number, cities in enumerate(([OWN], [FOREIGN], [OWN, FOREIGN])):
        answer = both.post("/workshops", workshop(f"workshop-{number}", cities=cities))
        assert answer.status_code == 201


@pytest.mark.parametrize("applying", [False, True])
def test_a_forbidden_record_in_the_middle_stops_the_whole_import(
    mayor: Writer, applying: bool
) -> None:
    pairs = [
        ("workshops", workshop(f"workshop-{n}", cities=SETS["foreign" if n == 5 else "own"]))
        for n in range(10)
    ]
    before, query = trace(mayor.engine), "?apply=sha256:" + "0" * 64 if applying else ""
    for body, form in ((bundle(*pairs), "json"), (lines(*pairs), "x-ndjson")):
        answer = mayor.send("POST", f"/imports{query}", body, f"application/{form}")
        judged(mayor, answer, False, before)


def test_pruning_with_a_bound_token_stays_in_its_city(mayor: Writer) -> None:
    store(
        mayor.engine,
        ("workshops", workshop("workshop-1", cities=[OWN])),
        ("workshops", workshop("workshop-2", cities=[OWN, FOREIGN])),
        ("workshops", workshop("workshop-3", cities=[FOREIGN])),
    )
    answer = mayor.apply(bundle(("cities", city(OWN))), query="prune=true")
    assert answer.json["data"]["counts"]["delete"] == 1
    assert mayor.get("/workshops/workshop-1").status_code == 410

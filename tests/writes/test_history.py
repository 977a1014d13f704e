"""Every version that a record ever had: shown, compared, brought back, blanked, listed."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, text

from api.cli import main
from api.errors import Conflict, NotFound
from api.models import Change
from api.services import history
from api.services.database import open_engine, reading, writing
from api.services.editing import Precondition
from api.services.records import BY_NAME
from tests.factories import DOOR, MAKE, city, store, workshop
from tests.stores import disagreements, journal
from tests.writes.acting import NAMES, Writer, is_problem, issue, seq, trace

ALL = pytest.mark.parametrize("name", NAMES)
SECRET = "Oleksandra Vyhadana"


def written(writer: Writer, name: str) -> str:
    """Write two versions and a deletion of a record, and return its path."""
    path, label = f"/{name}/mine", BY_NAME[name].label
    writer.post(f"/{name}", MAKE[name]("mine"))
    writer.patch(path, {label: "Second"}, If_Match="*")
    writer.delete(f"{path}?reason=Printed+twice", If_Match="*")
    return path


# Reading.


@ALL
def test_versions_are_listed_newest_first_deletions_among_them(writer: Writer, name: str) -> None:
    path = written(writer, name)
    writer.post(f"/{name}", MAKE[name]("mine"))
    listed = writer.get(f"{path}/versions").json
    assert [each["version"] for each in listed["data"]] == [4, 3, 2, 1]
    assert [each["op"] for each in listed["data"]] == ["upsert", "delete", "upsert", "upsert"]
    assert listed["data"][1]["reason"] == "Printed twice"
    assert {each["door"] for each in listed["data"]} == {"http"}
    assert listed["links"]["next"] is None


def test_versions_are_walked_page_by_page(writer: Writer) -> None:
    for number in range(7):
        store(writer.engine, ("cities", city(name=f"Name {number}")))
    path, seen = "/cities/city-1/versions?limit=3", []
    while path:
        page = writer.get(path).json
        seen += [each["version"] for each in page["data"]]
        path = (page["links"]["next"] or "").partition("/api/v1")[2]
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    before = writer.get("/cities/city-1/versions?before=3").json["data"]
    assert [each["version"] for each in before] == [2, 1]
    assert writer.get("/cities/city-1/versions?before=1").json["data"] == []


@ALL
def test_a_version_is_the_record_as_it_was(writer: Writer, name: str) -> None:
    writer.post(f"/{name}", MAKE[name]("mine"))
    first = writer.get(f"/{name}/mine?lang=*").json["data"]
    path = written(writer, name)
    second = writer.get(f"{path}/versions/2").json["data"]
    assert writer.get(f"{path}/versions/1").json["data"]["record"] == first
    assert second["record"][BY_NAME[name].label] == "Second"
    deleted = writer.get(f"{path}/versions/3").json["data"]
    assert (deleted["op"], deleted["record"]) == ("delete", None)
    is_problem(writer.get(f"{path}/versions/4"), 404)


@ALL
def test_versions_are_compared_field_by_field(writer: Writer, name: str) -> None:
    path, label = written(writer, name), BY_NAME[name].label
    found = writer.get(f"{path}/versions/2/changes").json["data"]
    old = MAKE[name]("mine")[label]
    assert found["changes"] == [{"field": label, "before": old, "after": "Second"}]
    assert (found["since"], found["version"]) == (1, 2)
    same = writer.get(f"{path}/versions/2/changes?since=2").json["data"]
    assert same["changes"] == []
    gone = writer.get(f"{path}/versions/3/changes?since=1").json["data"]["changes"]
    assert {"field": label, "before": old, "after": None} in gone
    is_problem(writer.get(f"{path}/versions/2/changes?since=9"), 404)


def test_who_wrote_is_told_to_readers_with_a_token_only(writer: Writer, anyone: Writer) -> None:
    ann = Writer(writer.client, writer.engine, issue(writer.engine, name="Ann"))
    ann.post("/cities", city())
    for path in ("/cities/city-1/versions", "/cities/city-1/versions/1"):
        told, untold = writer.get(path), anyone.get(path)
        entries = [each.json["data"] for each in (told, untold)]
        own, others = (each[0] if isinstance(each, list) else each for each in entries)
        assert own.pop("actor") == "Ann"
        assert own == others
        assert "Ann" not in untold.text
        assert told.headers["Cache-Control"] == "private, no-cache"
        assert untold.headers["Cache-Control"].startswith("public")
        assert "Authorization" in told.headers["Vary"]


def test_a_public_answer_about_versions_is_never_taken_for_a_private_one(
    writer: Writer, anyone: Writer
) -> None:
    writer.post("/cities", city())
    tag = anyone.get("/cities/city-1/versions").headers["ETag"]
    assert anyone.get("/cities/city-1/versions", If_None_Match=tag).status_code == 304
    own = writer.get("/cities/city-1/versions", If_None_Match=tag)
    assert (own.status_code, "actor" in own.json["data"][0]) == (200, True)


@pytest.mark.parametrize(
    "path", ["versions", "versions?before=5", "versions/1", "versions/1/changes"]
)
def test_a_record_that_never_was_has_no_versions(writer: Writer, path: str) -> None:
    is_problem(writer.get(f"/cities/nowhere/{path}"), 404, "not_found")


# Reverting.


@ALL
def test_reverting_is_a_new_version_with_the_old_content(writer: Writer, name: str) -> None:
    path, label = f"/{name}/mine", BY_NAME[name].label
    writer.post(f"/{name}", MAKE[name]("mine"))
    tag = writer.patch(path, {label: "Second"}, If_Match="*").headers["ETag"]
    answer = writer.revert(path, 1, If_Match=tag)
    assert (answer.status_code, answer.json["data"]["version"]) == (200, 3)
    assert answer.json["data"][label] == MAKE[name]("mine")[label]
    assert answer.headers["ETag"] == writer.get(path).headers["ETag"]
    again = writer.revert(path, 1, If_Match="*")
    assert (again.status_code, again.json["data"]["version"]) == (200, 3)


@ALL
def test_a_deleted_record_comes_back_without_a_precondition(writer: Writer, name: str) -> None:
    path = written(writer, name)
    answer = writer.revert(path, 2)
    assert (answer.status_code, answer.json["data"]["version"]) == (201, 4)
    assert answer.json["data"][BY_NAME[name].label] == "Second"
    assert answer.headers["Location"].endswith(path)
    assert disagreements(writer.engine) == []


def test_reverting_says_what_it_changes(writer: Writer) -> None:
    writer.post("/cities", city())
    writer.patch("/cities/city-1", {"name": "Second"}, If_Match="*")
    assert is_problem(writer.revert("/cities/city-1", 1), 428)["version"] == 2
    assert is_problem(writer.revert("/cities/city-1", 1, If_Match='"1.0"'), 412)["version"] == 2
    assert seq(writer.engine) == 2


def test_what_has_no_content_cannot_be_brought_back(writer: Writer) -> None:
    path = written(writer, "cities")
    is_problem(writer.revert(path, 3), 409)
    with writing(writer.engine) as connection:
        history.redact(connection, BY_NAME["cities"], "mine", 1)
    is_problem(writer.revert(path, 1), 409)
    is_problem(writer.revert(path, 9), 404)
    is_problem(writer.revert("/cities/nowhere", 1), 404)
    is_problem(writer.ask("POST", f"{path}/revert"), 400)
    assert seq(writer.engine) == 3


def test_what_names_a_record_that_is_gone_cannot_be_brought_back(writer: Writer) -> None:
    store(writer.engine, ("cities", city()), ("workshops", workshop(cities=["city-1"])))
    writer.delete("/workshops/workshop-1", If_Match="*")
    writer.delete("/cities/city-1", If_Match="*")
    before = trace(writer.engine)
    told = is_problem(writer.revert("/workshops/workshop-1", 1), 422)
    assert told["errors"][0]["pointer"] == "/cities/0"
    assert trace(writer.engine) == before


def test_a_field_that_came_later_is_empty_in_an_older_version(writer: Writer) -> None:
    store(writer.engine, ("cities", city(aliases=["Kharkov"])))
    older = "UPDATE change SET snapshot = replace(snapshot, '\"aliases\":[\"Kharkov\"],', '')"
    with writing(writer.engine) as connection:
        connection.execute(text(older))
    writer.patch("/cities/city-1", {"name": "Second"}, If_Match="*")
    assert writer.get("/cities/city-1/versions/1").status_code == 200
    assert writer.revert("/cities/city-1", 1, If_Match="*").json["data"]["aliases"] == []


# Redaction.


def full(name: str) -> dict[str, Any]:
    """Return a record whose every text holds a secret."""
    label = BY_NAME[name].label
    source = {"title": SECRET, "confidence": "stated", "note": SECRET}
    more = {"aliases": [SECRET], "summary": SECRET} if name == "cities" else {}
    if name == "workshops":
        more = {
            "organisers": [{"name": SECRET}],
            "participants": {"groups": [SECRET], "note": SECRET},
            "starts_on": "2021-09-03",
            "starts_at": "2021-09-03T11:00:00+02:00",
            "kind": "training",
        }
    fields = {label: SECRET, "sources": [source], "external_ids": {"x": SECRET}, **more}
    return MAKE[name]("mine", translations={"uk": {label: SECRET}}, **fields)


@ALL
def test_a_redacted_version_keeps_its_place_and_none_of_its_texts(
    writer: Writer, name: str
) -> None:
    store(writer.engine, (name, full(name)), (name, MAKE[name]("mine")))
    before = trace(writer.engine)
    with writing(writer.engine) as connection:
        history.redact(connection, BY_NAME[name], "mine", 1)
    assert SECRET not in str(journal(writer.engine)[0])
    for path in ("versions", "versions/1", "versions/1/changes", "versions/2/changes"):
        answer = writer.get(f"/{name}/mine/{path}")
        assert (answer.status_code, SECRET in answer.text) == (200, False)
    shown = writer.get(f"/{name}/mine/versions/1").json["data"]
    assert (shown["version"], shown["redacted_at"] is None) == (1, False)
    assert (shown["record"]["id"], shown["record"]["version"]) == ("mine", 1)
    assert (trace(writer.engine), disagreements(writer.engine)) == (before, [])


def test_the_current_version_and_a_deletion_cannot_be_redacted(engine: Engine) -> None:
    store(engine, ("cities", city()), ("cities", city("city-2")))
    with writing(engine) as connection, pytest.raises(Conflict):
        history.redact(connection, BY_NAME["cities"], "city-1", 1)
    with writing(engine) as connection, pytest.raises(NotFound):
        history.redact(connection, BY_NAME["cities"], "city-1", 2)
    assert all(row.redacted_at is None for row in journal(engine))


def test_the_last_text_of_a_deleted_record_can_be_redacted(writer: Writer) -> None:
    path = written(writer, "cities")
    with writing(writer.engine) as connection:
        history.redact(connection, BY_NAME["cities"], "mine", 2)
    assert "Second" not in writer.get(f"{path}/versions/2").text


def test_the_reason_of_a_deletion_can_be_redacted(writer: Writer) -> None:
    store(writer.engine, ("cities", city("mine")))
    writer.delete("/cities/mine?reason=Asked%20by%20Ann", If_Match="*")
    with writing(writer.engine) as connection:
        history.redact(connection, BY_NAME["cities"], "mine", 2)
    assert writer.get("/cities/mine").json["reason"] is None
    assert "Ann" not in writer.get("/cities/mine/versions").text


VERSION_PATHS = [f"/cities/mine/versions{rest}" for rest in ("", "/1", "/1/changes", "/2/changes")]


def test_a_redacted_version_is_no_longer_current(writer: Writer, anyone: Writer) -> None:
    store(writer.engine, ("cities", city("mine")), ("cities", city("mine", name="Second")))
    held = {path: anyone.get(path).headers["ETag"] for path in VERSION_PATHS}
    with writing(writer.engine) as connection:
        history.redact(connection, BY_NAME["cities"], "mine", 1)
    for path, tag in held.items():
        assert anyone.get(path, If_None_Match=tag).status_code == 200


def test_what_a_first_version_changed_is_all_of_it(writer: Writer) -> None:
    store(writer.engine, ("cities", city("mine", country="UA")))
    told = writer.get("/cities/mine/versions/1/changes").json["data"]
    changed = {each["field"]: (each["before"], each["after"]) for each in told["changes"]}
    assert (told["since"], changed["country"]) == (0, (None, "UA"))


def test_an_answer_that_names_the_writer_has_a_tag_of_its_own(
    writer: Writer, anyone: Writer
) -> None:
    writer.post("/cities", city("mine"))
    named, plain = writer.get("/cities/mine/versions"), anyone.get("/cities/mine/versions")
    assert named.headers["ETag"] != plain.headers["ETag"]
    held = writer.get("/cities/mine/versions", If_None_Match=named.headers["ETag"])
    assert (held.status_code, held.headers["Cache-Control"]) == (304, "private, no-cache")


def test_a_reason_cannot_forge_a_line_of_the_log(writer: Writer) -> None:
    store(writer.engine, ("cities", city("mine")))
    is_problem(writer.delete("/cities/mine?reason=a%0A9%20delete%20b", If_Match="*"), 400)
    assert seq(writer.engine) == 1
    assert disagreements(writer.engine) == []


def test_no_file_of_the_store_holds_a_redacted_text_once_it_is_vacuumed(tmp_path: Path) -> None:
    env = {"DATA_DIR": str(tmp_path), "DATABASE_URL": None}
    run = CliRunner().invoke
    assert run(main, ["migrate"], env=env).exit_code == 0
    engine = open_engine(f"sqlite:///{tmp_path / 'pilotcities.db'}")
    store(engine, ("cities", full("cities")), ("cities", city("mine")))
    done = run(main, ["redact", "cities", "mine", "1", "--yes"], env=env)
    assert (done.exit_code, "redacted" in done.output) == (0, True)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.rollback()
        raw.execute("VACUUM")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert SECRET.encode() not in stored
    assert SECRET.split(maxsplit=1)[0].lower().encode() not in stored.lower()


# The journal on the command line.


def test_the_log_shows_the_journal_newest_last(tmp_path: Path) -> None:
    env = {"DATA_DIR": str(tmp_path), "DATABASE_URL": None}
    CliRunner().invoke(main, ["migrate"], env=env)
    engine = open_engine(f"sqlite:///{tmp_path / 'pilotcities.db'}")
    for number in range(30):
        store(engine, ("cities", city(name=f"Name {number}")))
    engine.dispose()
    log = lambda *how: CliRunner().invoke(main, ["log", *how], env=env).output.splitlines()  # noqa: E731
    assert [line.split()[0] for line in log()] == [str(n) for n in range(11, 31)]
    assert [line.split()[0] for line in log("--last", "2")] == ["29", "30"]
    assert len(log("--after", "0")) == 30
    assert log("--after", "30") == []
    assert "upsert cities/city-1 v30  (test)" in log("--last", "1")[0]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["cities", "city-1", "1"], 1),
        (["cities", "city-1", "5", "--yes"], 1),
        (["cities", "city-2", "1", "--yes"], 1),
        (["citys", "city-1", "1", "--yes"], 2),
        (["cities", "city-1", "0", "--yes"], 2),
    ],
    ids=str,
)
def test_a_redaction_that_cannot_be_done_is_told(
    tmp_path: Path, arguments: list[str], status: int
) -> None:
    env = {"DATA_DIR": str(tmp_path), "DATABASE_URL": None}
    CliRunner().invoke(main, ["migrate"], env=env)
    engine = open_engine(f"sqlite:///{tmp_path / 'pilotcities.db'}")
    store(engine, ("cities", city()), ("cities", city(name="Second")))
    result = CliRunner().invoke(main, ["redact", *arguments], env=env)
    assert (result.exit_code, type(result.exception)) == (status, SystemExit), result.output
    with reading(engine) as connection:
        assert not connection.execute(
            select(Change.seq).where(Change.redacted_at.is_not(None))
        ).all()
    engine.dispose()


def test_a_revert_by_the_service_takes_any_door(engine: Engine) -> None:
    store(engine, ("cities", city()), ("cities", city(name="Second")))
    said = Precondition(versions=frozenset({2}))
    with writing(engine) as connection:
        saved = history.revert(connection, BY_NAME["cities"], "city-1", 1, DOOR, said)
    assert saved.version == 3
    assert journal(engine)[-1].door == "test"

"""The admin guide, step by step: each does what the guide says."""

import re
from datetime import timedelta
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from werkzeug.test import TestResponse

from api.cli import main
from api.services.tokens import Scope
from api.settings import ROOT
from tests.stores import disagreements
from tests.writes.acting import MERGE, YAML, Writer, is_problem, issue, trace

TEXT = (ROOT / "docs" / "admin-guide.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
BUNDLE = next(text for kind, text in BLOCKS if kind == "yaml").encode()
COMMANDS = [text for kind, text in BLOCKS if kind == "sh"]
PATCH = next(re.findall(r"-d '(.*)'", text)[0] for text in COMMANDS if "-X PATCH" in text).encode()


def path_in(command: str) -> str:
    """Return the path that a command of the guide asks for."""
    return re.findall(r"SERVER(/[^\s\"]*)", command)[0]


def command(part: str) -> str:
    """Return the line of the guide that holds a part."""
    joined = "".join(COMMANDS).replace("\\\n", "")
    return next(line for line in joined.splitlines() if part in line)


@pytest.fixture
def ann(seeded_writer: Writer) -> Writer:
    """The administrator of the guide, on the project's own seeds, without what she wrote before."""
    everyone = seeded_writer
    for path in (
        *("/documents/exampleville-agenda", "/workshops/exampleville-introduction"),
        "/cities/exampleville",
    ):
        everyone.delete(path, If_Match="*")
    token = issue(everyone.engine, Scope.CONTENT_WRITE, cities=["exampleville"], lasts=DAYS)
    return Writer(everyone.client, everyone.engine, token)


DAYS = timedelta(days=90)


def steps(answer: TestResponse) -> dict[str, str]:
    """Return what happens to each record, by its path."""
    assert answer.status_code == 200, answer.text
    return {f"{each['type']}/{each['id']}": each["op"] for each in answer.json["data"]["steps"]}


def added(ann: Writer) -> None:
    """Take the steps 2 and 3."""
    assert ann.apply(BUNDLE, YAML).json["data"]["applied"] is True


def test_the_first_step_issues_a_token_as_shown(tmp_path: Any) -> None:
    env = {"DATA_DIR": str(tmp_path), "DATABASE_URL": None}
    CliRunner().invoke(main, ["migrate"], env=env)
    shown = next(text for kind, text in BLOCKS if kind == "console").splitlines()
    words = re.findall(r'"[^"]*"|\S+', shown[0].removeprefix("$ .venv/bin/pilotcities "))
    result = CliRunner().invoke(main, [each.strip('"') for each in words], env=env)
    assert result.exit_code == 0
    *told, token = result.output.splitlines()
    assert sorted(told) == sorted(shown[1:3])
    assert (shown[3], token[:4]) == ("upc_…", "upc_")


def test_the_bundle_is_planned_first_and_nothing_changes(ann: Writer) -> None:
    before = trace(ann.engine)
    planned = ann.send("POST", path_in(COMMANDS[0]), BUNDLE, YAML)
    records = yaml.safe_load(BUNDLE)
    assert steps(planned) == {f"{n}/{i}": "create" for n, each in records.items() for i in each}
    assert planned.json["data"]["digest"].startswith("sha256:")
    assert planned.json["data"]["applied"] is False
    assert trace(ann.engine) == before


def test_the_plan_is_applied_and_sent_again_all_is_unchanged(ann: Writer) -> None:
    added(ann)
    shown = ann.get("/cities/exampleville").json["data"]
    assert (shown["name"], shown["country"]) == ("Exampleville", "UA")
    assert ann.get("/workshops?city=exampleville").json["page"]["total"] == 1
    again = ann.send("POST", "/imports", BUNDLE, YAML)
    assert set(steps(again).values()) == {"unchanged"}


def test_a_plan_that_would_be_another_now_is_refused(ann: Writer, seeded_writer: Writer) -> None:
    planned = ann.send("POST", "/imports", BUNDLE, YAML).json["data"]["digest"]
    city = {**yaml.safe_load(BUNDLE)["cities"]["exampleville"], "name": "Elsewhere"}
    seeded_writer.put("/cities/exampleville", city, If_None_Match="*")
    answer = ann.send("POST", f"/imports?apply={planned}", BUNDLE, YAML)
    is_problem(answer, 409, "plan_changed")
    assert ann.get("/workshops/exampleville-introduction").status_code in (404, 410)


def test_a_date_is_corrected_by_a_patch(ann: Writer) -> None:
    added(ann)
    path = path_in(command("-X PATCH"))
    number = ann.get(path).headers["ETag"].split(".")[0].strip('"')
    dry = ann.send("PATCH", f"{path}?dry_run=true", PATCH, MERGE, If_Match=f'"{number}.0"')
    assert (dry.status_code, ann.get(path).json["data"]["starts_on"]) == (200, "2021-03-02")
    answer = ann.send("PATCH", path, PATCH, MERGE, If_Match=f'"{number}.0"')
    assert (answer.status_code, answer.json["data"]["starts_on"]) == (200, "2021-03-03")
    late = ann.send("PATCH", path, PATCH, MERGE, If_Match=f'"{number}.0"')
    assert is_problem(late, 412)["version"] == int(number) + 1


def test_a_document_is_withdrawn_and_brought_back(ann: Writer) -> None:
    added(ann)
    asked = path_in(command("-X DELETE"))
    path = asked.partition("?")[0]
    version = ann.get(path).json["data"]["version"]
    assert ann.delete(asked, If_Match=f'"{version}.0"').status_code == 204
    told = is_problem(ann.get(path), 410, "gone")
    assert told["reason"] == "Published by mistake"
    assert ann.get("/documents?city=exampleville").json["page"]["total"] == 0
    listed = ann.get(path_in(command("agenda/versions"))).json["data"]
    assert [each["op"] for each in listed[:2]] == ["delete", "upsert"]
    back = ann.revert(path, version)
    assert (back.status_code, back.json["data"]["version"]) == (201, version + 2)
    changes = ann.get(f"{path}/versions/{version + 1}/changes").json["data"]["changes"]
    assert "title" in {each["field"] for each in changes}


def test_the_guide_names_the_versions_that_its_steps_make() -> None:
    assert 'If-Match: "1.0"' in command("-X PATCH")
    assert 'If-Match: "1.0"' in command("-X DELETE")
    assert path_in(command("/revert")).endswith("/revert?version=1")
    assert "as version 3" in TEXT


def test_a_record_that_others_point_to_cannot_be_withdrawn(ann: Writer) -> None:
    added(ann)
    answer = ann.delete("/workshops/exampleville-introduction", If_Match="*")
    told = is_problem(answer, 409, "still_referenced")
    assert told["references"] == {"documents": {"count": 1, "ids": ["exampleville-agenda"]}}


def test_the_city_is_taken_out_and_brought_back(ann: Writer) -> None:
    added(ann)
    exported = ann.get(path_in(command("bundle.yaml")))
    assert exported.mimetype == YAML
    data = yaml.safe_load(exported.data)
    assert set(data) == {"cities", "workshops", "documents"}
    assert all("version" in each for records in data.values() for each in records.values())
    assert set(steps(ann.plan(exported.data, YAML)).values()) == {"unchanged"}


def test_a_colleagues_change_is_a_conflict_and_pruning_deletes_what_is_left_out(
    ann: Writer,
) -> None:
    added(ann)
    old = yaml.safe_load(ann.get("/cities/exampleville/bundle.yaml").data)
    ann.patch("/cities/exampleville", {"summary": "By a colleague."}, If_Match="*")
    old["cities"]["exampleville"]["summary"] = "By me."
    assert steps(ann.plan(old))["cities/exampleville"] == "conflict"
    fresh = yaml.safe_load(ann.get("/cities/exampleville/bundle.yaml").data)
    del fresh["documents"]
    assert steps(ann.plan(fresh, query="prune=true"))["documents/exampleville-agenda"] == "delete"
    assert "documents/exampleville-agenda" not in steps(ann.plan(fresh))


def test_the_token_of_the_guide_writes_no_other_city(ann: Writer) -> None:
    is_problem(ann.patch("/cities/tirana", {"summary": "Mine."}, If_Match="*"), 403)
    is_problem(ann.delete("/cities/kharkiv", If_Match="*"), 403)


def test_after_the_walk_the_store_agrees(ann: Writer) -> None:
    added(ann)
    assert disagreements(ann.engine) == []

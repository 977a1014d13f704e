"""The command line: it teaches, tells what it did, and fails in words with exit status 1."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from api.cli import main
from api.models import Store
from api.services.database import open_engine, reading
from api.settings import Settings
from tests.stores import damage, disagreements
from tests.stores import journal as entries

BUNDLE = """\
projects:
  p:
    lang: en
    title: Rebuild
    sources: [{title: A page, confidence: stated}]
cities:
  c:
    lang: en
    name: Kharkiv
    projects: [p]
    sources: [{title: A page, confidence: stated}]
"""


class Runner:
    """Runs commands on a data folder of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, **environ: str) -> Result:
        env = {each.name.upper(): None for each in fields(Settings)}
        env |= {"DATA_DIR": str(self.folder / "data"), **environ}
        return CliRunner().invoke(main, arguments, env=env)

    def bundle(self, text: str, name: str = "mine.yaml") -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    @property
    def store(self) -> Any:
        return open_engine(f"sqlite:///{self.folder / 'data' / 'pilotcities.db'}")


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


@pytest.fixture
def migrated(run: Runner) -> Runner:
    assert run("migrate").exit_code == 0
    return run


def told(result: Result) -> str:
    """Return what a failed command says: words, exit status 1, no traceback."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert "Traceback" not in result.output
    return result.output


def test_help_teaches_every_command_and_setting(run: Runner):
    shown = run("--help")
    assert shown.exit_code == 0
    for name in main.list_commands(click.Context(main)):
        assert re.search(rf"^  {name}\b", shown.output, re.MULTILINE), name
    for each in fields(Settings):
        assert each.name.upper() in shown.output


def commands(group: click.Group, *path: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found.append((*path, name))
        if isinstance(command, click.Group):
            found += commands(command, *path, name)
    return found


@pytest.mark.parametrize("path", commands(main), ids=" ".join)
def test_each_command_explains_itself(run: Runner, path: tuple[str, ...]):
    shown = run(*path, "--help")
    assert shown.exit_code == 0
    assert len(shown.output.splitlines()) > 3
    assert not (run.folder / "data").exists()


def test_migrating_makes_the_store_and_can_be_repeated(run: Runner):
    first, second = run("migrate"), run("migrate")
    assert first.exit_code == second.exit_code == 0
    assert first.output == second.output
    assert "schema" in first.output
    assert (run.folder / "data" / "pilotcities.db").exists()


def test_a_folder_can_be_given_before_the_command(run: Runner):
    assert run("--data", str(run.folder / "other"), "migrate").exit_code == 0
    assert (run.folder / "other" / "pilotcities.db").exists()


@pytest.mark.parametrize("arguments", [["seed", "plan"], ["check"], ["rebuild"]])
def test_a_store_that_is_not_migrated_says_what_to_do(run: Runner, arguments: list[str]):
    assert "pilotcities migrate" in told(run(*arguments))


def test_a_plan_shows_what_applying_does_and_changes_nothing(migrated: Runner):
    path = migrated.bundle(BUNDLE)
    planned = migrated("seed", "plan", path)
    assert planned.exit_code == 0
    assert "+ projects/p" in planned.output
    assert "+ cities/c" in planned.output
    assert entries(migrated.store) == []


def test_seeds_are_applied_once(migrated: Runner):
    path = migrated.bundle(BUNDLE)
    first, second = migrated("seed", "apply", path), migrated("seed", "apply", path)
    assert "2 created" in first.output
    assert "Nothing to do" in second.output
    assert "Nothing to do" in migrated("seed", "plan", path).output
    assert [row.version for row in entries(migrated.store)] == [1, 1]
    assert {row.door for row in entries(migrated.store)} == {"seed"}


def test_a_change_is_shown_field_by_field(migrated: Runner):
    migrated("seed", "apply", migrated.bundle(BUNDLE))
    changed = migrated.bundle(BUNDLE.replace("Kharkiv", "Kharkiv city"))
    output = migrated("seed", "plan", changed).output
    assert "~ cities/c" in output
    assert "name: 'Kharkiv' → 'Kharkiv city'" in output
    assert "projects/p" not in output
    assert "1 updated" in migrated("seed", "apply", changed).output


def test_the_projects_own_seeds_apply_and_agree(migrated: Runner):
    assert migrated("seed", "apply").exit_code == 0
    assert "Nothing to do" in migrated("seed", "apply").output
    checked = migrated("check")
    assert (checked.exit_code, disagreements(migrated.store)) == (0, [])


BAD = {
    "projects: [": "mine.yaml",
    BUNDLE.replace("name: Kharkiv", "nmae: Kharkiv"): "mine.yaml:9",
    BUNDLE.replace("projects: [p]", "projects: [q]"): "mine.yaml:10",
    BUNDLE.replace("[{title: A page, confidence: stated}]", "[]"): "mine.yaml:5",
    "citys: {}\n": "mine.yaml:1",
}


@pytest.mark.parametrize("text", BAD, ids=BAD.values())
def test_a_bad_bundle_is_refused_with_its_place(migrated: Runner, text: str):
    path = migrated.bundle(text)
    for command in ("plan", "apply"):
        assert BAD[text] in told(migrated("seed", command, path))
    assert entries(migrated.store) == []


def test_a_missing_file_is_told(migrated: Runner):
    result = migrated("seed", "apply", str(migrated.folder / "none.yaml"))
    assert (result.exit_code, "none.yaml" in result.output) == (2, True)


def test_an_empty_folder_of_seeds_is_told(migrated: Runner):
    (migrated.folder / "seeds").mkdir()
    assert "seeds" in told(migrated("seed", "apply", SEED_DIR=str(migrated.folder / "seeds")))


def test_a_check_fails_on_damage_and_a_rebuild_mends_it(migrated: Runner):
    migrated("seed", "apply", migrated.bundle(BUNDLE))
    damage(migrated.store, "UPDATE search_entry SET prose = 'forged' WHERE record_id = 'c'")
    assert "cities/c" in told(migrated("check"))
    rebuilt = migrated("rebuild")
    assert (rebuilt.exit_code, "2 records" in rebuilt.output) == (0, True)
    assert migrated("check").exit_code == 0


def test_the_contract_is_current(run: Runner):
    checked = run("openapi", "--check")
    assert checked.exit_code == 0, checked.output


@pytest.mark.parametrize(
    "url",
    [
        "mysql://me@localhost/db",
        "nonsense://x",
        "not a url",
        "postgresql+psycopg2://me@/db?host=/nowhere/at/all",
        "postgresql+psycopg://me@/db?host=/nowhere/at/all",
        "postgresql+psycopg://me@127.0.0.1:1/db",
    ],
)
@pytest.mark.parametrize("arguments", [["migrate"], ["check"]], ids=" ".join)
def test_a_store_that_cannot_be_opened_is_told_in_words(
    run: Runner, url: str, arguments: list[str]
):
    assert len(told(run(*arguments, DATABASE_URL=url))) < 1_000


def test_a_database_that_is_none_is_told_in_words(run: Runner):
    (run.folder / "data").mkdir()
    (run.folder / "data" / "pilotcities.db").write_bytes(b"not a database" * 100)
    for command in ("migrate", "check"):
        told(run(command))


def test_a_data_folder_that_cannot_be_made_is_told_in_words(run: Runner):
    (run.folder / "file").write_text("")
    told(run("migrate", DATA_DIR=str(run.folder / "file" / "data")))


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("PUBLIC_URL", "https://x/base")])
def test_a_bad_setting_is_told_by_name_and_value(run: Runner, name: str, value: str):
    output = told(run("check", **{name: value}))
    assert name in output
    assert value in output


def test_a_command_that_needs_a_store_makes_none(run: Runner):
    for command in (["check"], ["seed", "plan"], ["log"]):
        result = run(*command)
        assert (result.exit_code, "There is no store" in result.output) == (1, True)
    assert not (run.folder / "data").exists()


def test_a_bundle_of_nothing_does_not_count_as_seeding(migrated: Runner):
    assert migrated("seed", "apply", migrated.bundle("# nothing yet\n")).exit_code == 0
    with reading(open_engine(f"sqlite:///{migrated.folder / 'data' / 'pilotcities.db'}")) as store:
        assert store.execute(select(Store.seeded_at)).scalar() is None


def test_files_of_one_name_are_told_apart(migrated: Runner):
    paths = []
    for name in ("a", "b"):
        (migrated.folder / name).mkdir()
        paths.append(migrated.bundle(BUNDLE.replace("lang: en", "lang: ?"), f"{name}/mine.yaml"))
    result = migrated("seed", "plan", *paths)
    assert all(f"{path}:" in result.output for path in paths)


def test_all_files_that_cannot_be_read_are_told(migrated: Runner):
    paths = [migrated.bundle("a: [\n", "one.yaml"), migrated.bundle("b: {\n", "two.yaml")]
    result = migrated("seed", "plan", *paths)
    assert ("one.yaml" in result.output, "two.yaml" in result.output) == (True, True)

"""Releases: refused for a reason, else done whole."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from api.release import Release

CONTRACT = """\
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      operationId: list_things
      responses: {'200': {description: All.}}
"""
CHANGELOG = "# Changelog\n\n## Unreleased\n\n- Things.\n\n## 1.0.0 (2026-01-01)\n\n- More.\n"
DAY = date(2026, 11, 23)
Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """A checkout with one release, and a function that runs git in it."""

    def run(*arguments: str) -> str:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        done = subprocess.run(
            ["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    (tmp_path / "contract").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "things"\nversion = "1.0.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    for name in ("openapi.yaml", "contract/v1.yaml"):
        (tmp_path / name).write_text(CONTRACT)
    run("init", "--quiet")
    run("config", "user.name", "A")
    run("config", "user.email", "a@example.org")
    run("add", "--all")
    run("commit", "--quiet", "--message", "Begin")
    run("tag", "v1.0.0")
    return run


def planned(root: Path, version: str = "1.1.0") -> Release:
    def generate() -> None:
        path = root / "openapi.yaml"
        path.write_text(path.read_text().replace("version: 1.0.0", f"version: {version}"))

    return Release(root, version, DAY, generate)


def change(root: Path, git: Git, name: str, old: str, new: str) -> None:
    path = root / name
    path.write_text(path.read_text().replace(old, new))
    git("commit", "--quiet", "--all", "--message", "Change")


def test_a_release_dates_the_changes_keeps_the_contract_and_is_tagged(
    tmp_path: Path, git: Git
) -> None:
    release = planned(tmp_path)
    told = "\n".join(release.check())
    assert "1.1.0 (2026-11-23)\n- Things." in told
    release.do()
    changelog = (tmp_path / "CHANGELOG.md").read_text()
    assert "## Unreleased\n\n## 1.1.0 (2026-11-23)\n\n- Things.\n\n## 1.0.0" in changelog
    assert 'version = "1.1.0"' in (tmp_path / "pyproject.toml").read_text()
    kept = (tmp_path / "contract/v1.yaml").read_text()
    assert kept == (tmp_path / "openapi.yaml").read_text()
    assert "version: 1.1.0" in kept
    assert git("status", "--porcelain") == ""
    assert git("describe") == "v1.1.0"
    assert git("log", "-1", "--format=%s") == "Release 1.1.0"


def test_a_check_alone_leaves_no_trace(tmp_path: Path, git: Git) -> None:
    list(planned(tmp_path).check())
    assert git("status", "--porcelain") == ""
    assert git("tag") == "v1.0.0"


def test_the_first_release_may_have_the_version_that_is_there(tmp_path: Path, git: Git) -> None:
    git("tag", "--delete", "v1.0.0")
    shutil.rmtree(tmp_path / "contract")
    git("commit", "--quiet", "--all", "--message", "Before any release")
    release = planned(tmp_path, "1.0.0")
    list(release.check())
    release.do()
    assert git("describe") == "v1.0.0"
    assert (tmp_path / "contract/v1.yaml").read_text() == CONTRACT


@pytest.mark.parametrize("version", ["1.0.0", "0.9.9", "1.1", "1.1.0-rc1", "01.1.0", "v1.1.0"])
def test_a_version_must_be_one_and_come_after_the_last(
    tmp_path: Path, git: Git, version: str
) -> None:
    with pytest.raises(ValueError, match=r"is no version|does not come after"):
        list(planned(tmp_path, version).check())


def test_what_is_not_committed_is_not_released(tmp_path: Path, git: Git) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for refused in (lambda: list(planned(tmp_path).check()), planned(tmp_path).do):
        with pytest.raises(ValueError, match=r"not clean:\n.*notes\.txt"):
            refused()
    assert (tmp_path / "notes.txt").exists()


def test_a_break_is_not_released(tmp_path: Path, git: Git) -> None:
    change(tmp_path, git, "openapi.yaml", "list_things", "get_things")
    with pytest.raises(ValueError, match=r"v1\.yaml would break:\n- list_things: it is now"):
        list(planned(tmp_path).check())


def test_nothing_new_is_not_released(tmp_path: Path, git: Git) -> None:
    change(tmp_path, git, "CHANGELOG.md", "- Things.\n\n", "")
    with pytest.raises(ValueError, match="lists nothing"):
        list(planned(tmp_path).check())


def test_a_release_that_fails_leaves_everything_as_it_was(tmp_path: Path, git: Git) -> None:
    def fail() -> None:
        raise OSError("disk full")

    release = Release(tmp_path, "1.1.0", DAY, fail)
    list(release.check())
    with pytest.raises(OSError, match="disk full"):
        release.do()
    assert git("status", "--porcelain") == ""
    assert (tmp_path / "CHANGELOG.md").read_text() == CHANGELOG
    assert git("tag") == "v1.0.0"

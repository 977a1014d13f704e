"""A release: checked first, then done whole or not at all.

A release keeps the contract that clients now have (contract/v1.yaml, against which every later
change is compared), puts the version and the day over what CHANGELOG.md lists, and tags the commit.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .breaks.documents import breaks
from .contract import read

UNRELEASED = "## Unreleased\n"
_VERSION = re.compile(r'(?m)^version = "([^"]+)"$')


@dataclass(frozen=True)
class Release:
    """A release of the checkout at `root`. `generate` writes openapi.yaml anew from the code."""

    root: Path
    version: str
    day: date
    generate: Callable[[], None]

    @property
    def tag(self) -> str:
        """The tag of its commit."""
        return f"v{self.version}"

    def check(self) -> Iterator[str]:
        """Yield what is going to be done. A ValueError tells what stands against it."""
        self._check_version()
        self._check_clean()
        if self._git("tag", "--list", self.tag):
            raise ValueError(f"There is a tag {self.tag} already.")
        found = (
            breaks(read(self._released), read(self._contract)) if self._released.exists() else []
        )
        if found:
            told = "\n".join(f"- {each.sentence}" for each in found)
            raise ValueError(f"Clients of contract/{self._released.name} would break:\n{told}")
        yield f"pyproject.toml and openapi.yaml: version {self.version}"
        yield f"CHANGELOG.md: {self.version} ({self.day})\n{self._changes().strip()}"
        yield f"contract/{self._released.name}: as openapi.yaml"
        yield f"git: a commit, and the tag {self.tag}"

    def do(self) -> None:
        """Do it. When anything fails, the working tree is left as it was."""
        self._check_clean()
        try:
            self._write()
            self._git("add", "--all")
            self._git("commit", "--quiet", "--message", f"Release {self.version}")
        except BaseException:
            self._git("reset", "--quiet", "--hard")
            self._git("clean", "--quiet", "--force", "contract")
            raise
        self._git("tag", "--annotate", self.tag, "--message", f"Release {self.version}")

    def _check_version(self) -> None:
        if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", self.version, re.ASCII):
            raise ValueError(f"{self.version!r} is no version like 1.4.0")
        present = _VERSION.search(self._project.read_text(encoding="utf-8"))
        if present is None:
            raise ValueError("pyproject.toml has no version")
        if _numbers(self.version) <= _numbers(present[1]) and self._git("tag", "--list", "v*"):
            raise ValueError(f"{self.version} does not come after {present[1]}")

    def _check_clean(self) -> None:
        if dirty := self._git("status", "--porcelain"):
            raise ValueError(f"The working tree is not clean:\n{dirty}")

    def _changes(self) -> str:
        """Return what is listed as unreleased; without any there is nothing to release."""
        text = self._changelog.read_text(encoding="utf-8")
        _, mark, rest = text.partition(UNRELEASED)
        found = rest.partition("\n## ")[0]
        if not mark or not found.strip():
            raise ValueError("CHANGELOG.md lists nothing under Unreleased")
        return found

    def _write(self) -> None:
        text = self._changelog.read_text(encoding="utf-8")
        headed = f"{UNRELEASED}\n## {self.version} ({self.day})\n"
        self._changelog.write_text(text.replace(UNRELEASED, headed, 1), encoding="utf-8")
        project = self._project.read_text(encoding="utf-8")
        named = _VERSION.sub(f'version = "{self.version}"', project, count=1)
        self._project.write_text(named, encoding="utf-8")
        self.generate()
        self._released.parent.mkdir(exist_ok=True)
        shutil.copyfile(self._contract, self._released)

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603  fixed words and a version that was checked
            ["git", *arguments],  # noqa: S607  whichever git the developer has
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ValueError(f"git {arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout.strip()

    @property
    def _project(self) -> Path:
        return self.root / "pyproject.toml"

    @property
    def _changelog(self) -> Path:
        return self.root / "CHANGELOG.md"

    @property
    def _contract(self) -> Path:
        return self.root / "openapi.yaml"

    @property
    def _released(self) -> Path:
        return self.root / "contract" / "v1.yaml"


def _numbers(version: str) -> list[int]:
    return [int(each) for each in version.split(".")]

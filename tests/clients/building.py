"""Where a client is built, and with what."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from api.settings import ROOT

TOOLS = ROOT / "tools" / "clients"
BIN = TOOLS / "venv" / "bin"
NODE = TOOLS / "node_modules"
SOURCES = ROOT / "clients"
DOCUMENT = ROOT / "openapi.yaml"
PATIENCE = 600
_ALONE = ["--global-property", "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"]


class Broken(Exception):
    """A command of a build that failed, with all that it said."""


class Missing(Exception):
    """What a client cannot be built without, and how it is to be had."""


@dataclass(frozen=True)
class Place:
    """A scratch folder, and a client's sources."""

    name: str
    folder: Path

    @property
    def sources(self) -> Path:
        """The folder of the scenario."""
        return SOURCES / self.name

    @property
    def made(self) -> Path:
        """The folder of the client."""
        return self.folder / "client"

    def run(self, *command: str | Path, variables: dict[str, str] | None = None) -> str:
        """Run a command of the build to its end, and return what it said; Broken if it fails."""
        path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [str(each) for each in command],
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            cwd=self.folder,
            env={**os.environ, "PATH": path, **(variables or {})},
        )
        if done.returncode:
            raise Broken(f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}")
        return done.stdout + done.stderr

    def openapi_generator(self, generator: str, *options: str, **properties: str) -> None:
        """Generate with openapi-generator."""
        needs(java="Debian: default-jre-headless")
        said = ",".join(f"{name}={value}" for name, value in properties.items())
        more = ["--additional-properties", said] if said else []
        asked: list[str | Path] = ["generate", "-g", generator, "-i", DOCUMENT, "-o", self.made]
        quick = "-XX:TieredStopAtLevel=1"  # it is over before the better compiler pays
        command = [BIN / "openapi-generator-cli", *asked, *options, *more, *_ALONE]
        self.run(*command, variables={"JAVA_TOOL_OPTIONS": quick})

    def copy(self, *names: str) -> None:
        """Put files of the sources into the scratch folder."""
        for name in names:
            shutil.copy(self.sources / name, self.folder / name)


@dataclass(frozen=True)
class Client:
    """A generator and what it takes to try it.

    `start` gives the command of the scenario, `notes` what the build works around, by step.
    """

    name: str
    generator: str
    generate: Callable[[Place], None]
    compile: Callable[[Place], None]
    start: Callable[[Place], list[str]]
    notes: dict[str, str] = field(default_factory=dict)


def needs(**commands: str) -> None:
    """Raise Missing unless commands are on PATH; each says how it is to be had."""
    for command, advice in commands.items():
        if shutil.which(command) is None:
            raise Missing(f"{command} is not installed ({advice})")

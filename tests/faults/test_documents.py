"""The commands that the documents print, in a shell against a server; what they say is compared.

Answers printed as JSON are compared in tests/contract/test_docs.py, the admin guide is walked in
tests/writes/test_guide.py, and the guide's page is opened in tests/browser.
"""

import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from textwrap import dedent
from typing import Any
from urllib.request import Request, urlopen

import pytest
import yaml

from api.settings import ROOT, Settings
from tests.contract.test_docs import DOCUMENTS, QUESTION
from tests.faults.server import WAIT, Server, attempts, environment, free_port, run, serving
from tests.pdfs import pdf

BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
RUN = {
    ("files.md", "curl -T"),
    ("files.md", "$ pilotcities files"),
    ("mirror.md", "$ python examples/mirror.py"),
    ("mirror.md", "select id"),
    ("partner-guide.md", "api="),
    ("partner-guide.md", "python3 examples/mirror.py"),
    ("partner-guide.md", "python3 -m http.server"),
    ("partner-pages.md", "python3 -m http.server"),
    ("seeds.md", "workshops:"),
    ("seeds.md", "$ pilotcities seed plan"),
}
"""Document → how a block that is run here begins."""
LINKS = {"pilotcities": "-c 'from api.cli import main; main()'", "python": "", "python3": ""}


def is_run_elsewhere(document: Path, kind: str, text: str) -> bool:
    """Tell whether another test runs a block, or whoever runs the tests has run it."""
    asked = {f"curl -s '{url}'\n" for url, _ in QUESTION.findall(document.read_text("utf-8"))}
    two_commands = text.strip().startswith("scripts/serve")
    told = kind in ("json", "html") or text in asked
    return told or two_commands or document.name == "admin-guide.md"


def block(document: str, start: str) -> str:
    """Return the block of a document that begins so."""
    text = (ROOT / "docs" / document).read_text("utf-8")
    return next(each for _, each in blocks(text) if each.startswith(start))


def blocks(text: str) -> list[tuple[str, str]]:
    """Return the kind and text of each block, without its margin."""
    return [(kind, dedent(block)) for kind, block in BLOCK.findall(text)]


def test_every_block_of_the_documents_is_run():
    left = {
        (document.name, text)
        for document in DOCUMENTS
        for kind, text in blocks(document.read_text("utf-8"))
        if not is_run_elsewhere(document, kind, text)
    }
    assert left == {(name, block(name, start)) for name, start in RUN}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands are given: beside `examples/`, with ours on PATH."""
    made = tmp_path_factory.mktemp("documents")
    (made / "examples").symlink_to(ROOT / "examples")
    for name, more in LINKS.items():
        (made / name).write_text(f'#!/bin/sh\nexec {sys.executable} {more} "$@"\n')
        (made / name).chmod(0o755)
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """A server on the project's own seeds."""
    with serving(folder / "log", data_dir=folder) as running:
        yield running


Shell = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def shell(server: Server, folder: Path) -> Iterator[Shell]:
    """Give a command as the documents print it, but to this server; it ends with the test."""
    started: list[subprocess.Popen[str]] = []
    here = f"http://127.0.0.1:{server.port}"
    variables = environment(data_dir=folder) | {"PYTHONPATH": str(ROOT)}
    variables["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"

    def give(command: str) -> "subprocess.Popen[str]":
        spelled = command.replace(Settings.public_url, here).replace("SERVER", f"{here}/api/v1")
        process = subprocess.Popen(
            ["sh", "-c", f"exec {spelled}" if "\n" not in spelled.strip() else spelled],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
            env=variables,
        )
        started.append(process)
        return process

    yield give
    for process in started:
        process.kill()
        process.communicate(timeout=WAIT)


def said(process: "subprocess.Popen[str]") -> str:
    """Return all that a command says that ends by itself, and well."""
    told, _ = process.communicate(timeout=WAIT)
    assert process.returncode == 0, told
    return told


def test_the_calendar_of_a_country_has_the_address_that_the_guide_works_out(shell: Shell):
    address = said(shell(block("partner-guide.md", "api="))).strip()
    assert re.search(r"/workshops\.ics\?city=[a-z,-]*kharkiv[a-z,-]*&lang=uk$", address)
    with urlopen(address, timeout=WAIT) as calendar:
        assert calendar.read().count(b"BEGIN:VEVENT") > 0


@pytest.mark.parametrize(
    ("document", "start"), [each for each in sorted(RUN) if "mirror.py" in each[1]]
)
def test_a_mirror_says_that_it_is_exact(shell: Shell, document: str, start: str):
    command = block(document, start).splitlines()[0].removeprefix("$ ")
    printed = block("mirror.md", "$").splitlines()[1]
    mirror = shell(command)
    assert mirror.stdout is not None
    assert re.fullmatch(re.escape(printed).replace("…", ".+"), mirror.stdout.readline().strip())


def test_the_digest_that_is_explained_is_that_of_the_state(shell: Shell, server: Server):
    mirror = shell(block("mirror.md", "$").splitlines()[0].removeprefix("$ "))
    assert mirror.stdout is not None
    assert mirror.stdout.readline().startswith("exact")
    with sqlite3.connect(server.log_path.parent / "copy.db") as copy:
        lines = "".join(f"{line}\n" for (line,) in copy.execute(block("mirror.md", "select")))
    state = server.get("/api/v1/state").json["data"]["types"]["workshops"]
    assert state["digest"] == f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


@pytest.mark.parametrize(
    ("document", "start"), [each for each in sorted(RUN) if "http.server" in each[1]]
)
def test_a_page_is_served_as_the_documents_say(
    shell: Shell, folder: Path, document: str, start: str
):
    port = free_port()
    (folder / "index.html").write_bytes((ROOT / "examples/portal/index.html").read_bytes())
    shell(block(document, start).replace("9000", str(port)))
    for _ in attempts():
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/", timeout=WAIT) as page:
            assert page.read() == (folder / "index.html").read_bytes()
            return
    pytest.fail("the page is not served")


def test_a_file_goes_up_and_is_looked_after(shell: Shell, server: Server, folder: Path):
    token = run("token", "issue", "--name", "a", "--scope", "content:write", data_dir=folder)
    auth = {"Authorization": f"Bearer {token.stdout.split()[-1]}"}
    document = {"id": "kharkiv-plan", "lang": "en", "title": "A plan", "files": [{"id": "en"}]}
    document["sources"] = [{"title": "A test", "confidence": "stated"}]
    address = f"http://127.0.0.1:{server.port}/api/v1/documents"
    head = {**auth, "Content-Type": "application/json"}
    urlopen(Request(address, json.dumps(document).encode(), head), timeout=WAIT).close()
    (folder / "plan.pdf").write_bytes(pdf("A plan"))
    up = block("files.md", "curl").replace("$TOKEN", auth["Authorization"].split()[1])
    assert (
        json.loads(said(shell(up.replace("curl", "curl -s"))))["data"]["text_status"] == "pending"
    )
    for line in block("files.md", "$").splitlines():
        said(shell(line.removeprefix("$ ").partition("#")[0]))


MY_CITY = """cities:
  mycity:
    lang: en
    cuntry: UA
    name: My city
    projects: buer-covid-19
    sources: [{title: A test, confidence: stated}]
"""


def test_faults_of_a_bundle_are_told_as_printed(shell: Shell, folder: Path):
    (folder / "mycity.yaml").write_text(MY_CITY)
    command, *printed = block("seeds.md", "$ pilotcities").splitlines()
    told, _ = shell(command.removeprefix("$ ")).communicate(timeout=WAIT)
    assert told.splitlines() == printed


def test_the_bundle_that_is_shown_is_a_part_of_ours(server: Server):
    for name, records in yaml.safe_load(block("seeds.md", "workshops:")).items():
        for record_id, shown in records.items():
            held: Any = server.get(f"/api/v1/{name}/{record_id}?lang=*").json["data"]
            shown["title"] = shown["title"].removesuffix("…")
            held["title"] = held["title"][: len(shown["title"])]
            (source,) = shown.pop("sources")
            assert any(source.items() <= each.items() for each in held["sources"])
            assert shown.items() <= held.items()

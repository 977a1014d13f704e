"""The text of PDFs, read by `pdf_program` in a process that cannot harm this one.

The process has no environment but its locale, bounded time, memory and output, and is killed when
its time is up.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ..codes import TextStatus
from ..schemas.fields import FORBIDDEN

PROGRAM = Path(__file__).with_name("pdf_program.py")
LONGEST_LINE = 1_000_000
_BREATH = 0.05


@dataclass(frozen=True)
class Limits:
    """What reading one PDF may take."""

    seconds: int = 60
    """Of processor time; of time on the clock, twice as much."""
    memory: int = 1_000_000_000
    pages: int = 3_000
    characters: int = 10_000_000
    output: int = 100_000_000


@dataclass(frozen=True)
class PdfText:
    """What became of reading a PDF: the pages that have text, (number from 1, text)."""

    status: TextStatus
    pages: list[tuple[int, str]] = field(default_factory=list)


LIMITS = Limits()
UNREADABLE = PdfText(TextStatus.UNREADABLE)


class Stopped(Exception):
    """The reading was broken off from outside."""


def read_pdf(
    path: Path, limits: Limits = LIMITS, stops: Callable[[], bool] = lambda: False
) -> PdfText:
    """Return the text of a PDF. Whatever is wrong with it makes it unreadable, and no more.

    Raises Stopped as soon as `stops()` is true.
    """
    with tempfile.TemporaryFile() as output:
        if not _runs_to_its_end(path, limits, output, stops):
            return UNREADABLE
        output.seek(0)
        return _told(output)


def _runs_to_its_end(
    path: Path, limits: Limits, output: IO[bytes], stops: Callable[[], bool]
) -> bool:
    bounds = (limits.seconds, limits.memory, limits.pages, limits.characters, limits.output)
    command = [sys.executable, "-I", "-B", str(PROGRAM), str(path), *map(str, bounds)]
    with subprocess.Popen(  # noqa: S603  our own program, with our own arguments
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"},
        start_new_session=True,  # so that Ctrl-C reaches the server, which then stops it
    ) as process:
        until = time.monotonic() + 2 * limits.seconds
        try:
            while time.monotonic() < until:
                try:
                    return process.wait(_BREATH) == 0
                except subprocess.TimeoutExpired:
                    if stops():
                        raise Stopped from None
        finally:
            process.kill()
    return False


def _told(output: IO[bytes]) -> PdfText:
    pages: list[tuple[int, str]] = []
    while line := output.readline(LONGEST_LINE):
        told = json.loads(line)
        if "text" not in told:
            if pages:
                return PdfText(TextStatus.READ, pages)
            return UNREADABLE if told["failed"] else PdfText(TextStatus.EMPTY)
        if text := FORBIDDEN.sub(" ", told["text"]).strip():
            pages.append((told["page"], text))
    return UNREADABLE

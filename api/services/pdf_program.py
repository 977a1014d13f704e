"""A program of its own that writes the text of a PDF, page by page, as lines of JSON.

    python pdf_program.py PATH SECONDS BYTES PAGES CHARACTERS OUTPUT

It is not imported by anything: whatever a PDF does to it, it does to no one else. It first takes
away from itself what it does not need (processor time, memory, size of output), then reads. The
last line is `{"pages": …, "failed": …}`; without it, it did not come to the end.
"""

import json
import logging
import os
import resource
import sys
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader

LONGEST_PAGE = 40_000
"""Characters of a page that are kept; what is more is no prose."""
REFUSED = 3
"""Exit status for what is encrypted, or larger than the limits."""


def limited(seconds: int, memory: int, output: int) -> None:
    """Give this process limits that it cannot lift."""
    os.nice(10)
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


class Complaints(logging.Handler):
    """Counts what pypdf complains of: it goes on where it can, and returns no text."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0
        logging.getLogger("pypdf").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count one more."""
        self.count += 1


def text_of(page: PageObject, complaints: Complaints) -> str | None:
    """Return the text of a page, None when it cannot be read."""
    before = complaints.count
    try:
        text = page.extract_text()[:LONGEST_PAGE].strip()
    except MemoryError:
        raise
    except Exception:  # one bad page is no reason to lose the others
        return None
    return text or (None if complaints.count > before else "")


def lines(reader: PdfReader, most_pages: int, most_characters: int) -> Iterator[dict[str, Any]]:
    """Yield the text of each page that has any, and at the end how it went."""
    complaints = Complaints()
    count, left, failed = len(reader.pages), most_characters, 0
    if not 0 < count <= most_pages:
        sys.exit(REFUSED)
    for number in range(count):
        text = text_of(reader.pages[number], complaints)
        failed += text is None
        left -= len(text or "")
        if left < 0:
            sys.exit(REFUSED)
        if text:
            yield {"page": number + 1, "text": text}
    yield {"pages": count, "failed": failed}


def main(path: str, *limits: str) -> None:
    """Read one PDF within its limits."""
    seconds, memory, pages, characters, output = map(int, limits)
    limited(seconds, memory, output)
    reader = PdfReader(path)
    if reader.is_encrypted:
        sys.exit(REFUSED)
    for line in lines(reader, pages, characters):
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Stored PDFs become searchable: each is read outside of any request and any transaction, and what
became of it is saved like everything else, so that the journal tells of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Text, cast, or_, select

from ..codes import TextStatus
from . import catalog, page_texts, stored
from .contents import Contents, local
from .database import writing
from .doors import Door
from .held import Held, held
from .pdf_reading import LIMITS, Limits, PdfText, read_pdf
from .records import DOCUMENTS

READER = Door("reader")
FILES: Any = DOCUMENTS.table.c.files


@dataclass(frozen=True)
class Task:
    """A file of a document whose content is to be read."""

    document_id: str
    file_id: str
    content: Held

    def __str__(self) -> str:
        """Return where it is."""
        return f"documents/{self.document_id}/files/{self.file_id}"


def tasks(connection: Connection, *, again: bool = False, since: int = 0) -> list[Task]:
    """Return the files that wait to be read; with `again`, those that were read before, too.

    Only documents are looked at that were written after the journal's entry `since`.
    """
    wanted = list(TextStatus) if again else [TextStatus.PENDING]
    likely = or_(*(cast(FILES, Text).contains(f'"{each.value}"') for each in wanted))
    table = DOCUMENTS.table
    stated = select(table.c.id, FILES).where(table.c.seq > since, likely).order_by(table.c.id)
    found = [
        (row.id, file)
        for row in connection.execute(stated)
        for file in row.files
        if file.get("text_status") in wanted
    ]
    contents = held(connection, {file["sha256"] for _, file in found})
    return [
        Task(document_id, file["id"], contents[file["sha256"]])
        for document_id, file in found
        if file["sha256"] in contents
    ]


def read_file(
    engine: Engine,
    contents: Contents,
    task: Task,
    *,
    again: bool = False,
    limits: Limits = LIMITS,
    stops: Callable[[], bool] = lambda: False,
) -> TextStatus | None:
    """Read one file and save what became of it.

    None: the file is gone, has another content by now, or someone else has read it; `again` reads
    it nevertheless. Raises FileNotFoundError for a content that is lost.
    """
    with local(contents, task.content.sha256, task.content.size) as path:
        path.stat()
        found = read_pdf(path, limits, stops)
    with writing(engine) as connection:
        return keep(connection, task, found, again=again)


def keep(
    connection: Connection, task: Task, found: PdfText, *, again: bool = False
) -> TextStatus | None:
    """Save what became of reading a file, unless it is no longer the file that was read."""
    before = stored.current(connection, DOCUMENTS, task.document_id)
    if before is None:
        return None
    record = stored.content(orjson.loads(before.snapshot), DOCUMENTS)
    file = next((each for each in record["files"] if each["id"] == task.file_id), None)
    if file is None or file["sha256"] != task.content.sha256:
        return None
    if not again and file["text_status"] != TextStatus.PENDING:
        return None
    file["text_status"] = found.status.value
    catalog.save(connection, DOCUMENTS, record, READER)
    if found.pages:
        page_texts.put(connection, task.document_id, task.file_id, found.pages)
    return found.status

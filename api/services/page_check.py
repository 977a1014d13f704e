"""Whether the texts of pages are those of files that are said to be read, and are found."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from ..codes import TextStatus
from . import page_texts
from .held import held
from .page_texts import AT_ONCE, PAGE
from .search_check import has_words, same_vector
from .words import folded, vector


def of_documents(connection: Connection, records: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a sentence for each file of some documents that contradicts its content or pages."""
    files = [(record["id"], file) for record in records for file in record["files"]]
    contents = held(connection, {file["sha256"] for _, file in files if file["sha256"]})
    for document_id, file in files:
        content, status = contents.get(file["sha256"] or ""), file["text_status"]
        if status is not None and content is None:
            yield f"documents/{document_id}: the file {file['id']} has a text, but no content"
        if content is not None and content.size != file["size"]:
            yield f"documents/{document_id}: the file {file['id']} is not of its content's size"
    read = {(d, file["id"]) for d, file in files if file["text_status"] == TextStatus.READ}
    ids = [record["id"] for record in records]
    for document_id, file_id in sorted(read ^ page_texts.kept(connection, ids)):
        differs = "no text of a page" if (document_id, file_id) in read else "texts of pages"
        yield f"documents/{document_id}: the file {file_id} has {differs}; run rebuild"


def of_pages(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each page that is not found by its own words."""
    after = 0
    while True:
        stated = select(PAGE).where(PAGE.c.id > after).order_by(PAGE.c.id).limit(AT_ONCE)
        rows = connection.execute(stated).all()
        for row in rows:
            if row.words != folded(iter([row.text])) or not _is_matched(connection, row):
                place = f"documents/{row.document_id}: page {row.page} of the file {row.file_id}"
                yield f"{place} is not found by its words; run rebuild"
        if not rows:
            return
        after = rows[-1].id


def _is_matched(connection: Connection, row: Any) -> bool:
    if connection.dialect.name == "postgresql":
        return same_vector(connection, row.vector, vector("", row.words))
    return has_words(connection, "search_fts_page", row.id, words=row.words)

"""The contents of the files of documents: given, replaced and taken away through the catalog."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ..errors import NotFound, PreconditionFailed, PreconditionRequired
from . import catalog, held, stored
from .catalog import Saved
from .doors import Door, refuse_foreign
from .editing import Precondition
from .held import Held
from .listing import single
from .records import DOCUMENTS


@dataclass(frozen=True)
class Target:
    """A file of a document, and the content that it has, if it has one."""

    record: dict[str, Any]
    file: dict[str, Any]
    content: Held | None

    @property
    def document_id(self) -> str:
        """The id of the document."""
        found: str = self.record["id"]
        return found


def target(connection: Connection, document_id: str, file_id: str) -> Target:
    """Return a file of a document; NotFound for either, Gone for a document that was deleted."""
    record = stored.content(single(connection, DOCUMENTS, document_id), DOCUMENTS)
    for file in record["files"]:
        if file["id"] == file_id:
            found = held.held(connection, [file["sha256"]]) if file["sha256"] else {}
            return Target(record, file, found.get(file["sha256"]))
    raise NotFound(f"The document {document_id} has no file {file_id!r}.")


def with_content(found: Target) -> Held:
    """Return the content of a file; NotFound when it has none."""
    if found.content is None:
        raise NotFound(f"No content is stored of the file {found.file['id']}.")
    return found.content


def judge(found: Target, door: Door, said: Precondition) -> None:
    """Raise what speaks against changing a content: a foreign city, or another content than meant.

    Preconditions speak of the content (RFC 9110 section 13), whose tag is its digest.
    """
    refuse_foreign(door, DOCUMENTS, found.record)
    present = None if found.content is None else found.content.sha256
    extra = {} if present is None else {"sha256": present}
    if said.absent and present is not None:
        raise PreconditionFailed("The file has a content already.", extra=extra)
    if said.absent and not said.said:
        return
    if not said.said:
        ask = "If-None-Match: *" if present is None else "If-Match with the ETag of the content"
        raise PreconditionRequired(f"Send {ask}.", extra=extra)
    if present is None:
        raise PreconditionFailed("The file has no content yet.")
    if said.versions is not None and present not in said.versions:
        raise PreconditionFailed("The file has another content now.", extra=extra)


def put(connection: Connection, found: Target, content: Held, door: Door) -> Saved:
    """Give a file a content that is stored."""
    held.note(connection, content)
    told = {"sha256": content.sha256, "size": content.size, "media_type": content.media_type}
    return _save(connection, found, door, {**told, "text_status": None})


def take_away(connection: Connection, found: Target, door: Door) -> Saved:
    """Take a file's content away; what was known by it alone goes too."""
    nothing = {"sha256": None, "size": None, "text_status": None}
    return _save(connection, found, door, nothing, emptied=(found.file["id"],))


def _save(
    connection: Connection,
    found: Target,
    door: Door,
    told: dict[str, Any],
    emptied: tuple[str, ...] = (),
) -> Saved:
    files = [
        {**each, **told} if each["id"] == found.file["id"] else each
        for each in found.record["files"]
    ]
    record = {**found.record, "files": files}
    return catalog.save(connection, DOCUMENTS, record, door, emptied=emptied)

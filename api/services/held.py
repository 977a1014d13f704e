"""Which files of documents have a stored content, and what then holds of them.

A file has a stored content when its `sha256` names one. What a record says of such a file must
agree with the content; what it leaves out, it gets from there. So a bundle that knows nothing of
contents takes none away: only deleting a content does, or leaving the whole file out.
"""

from collections.abc import Collection as Some
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from ..codes import TextStatus
from ..errors import Fault, InvalidRecord
from ..models import Content
from .batches import batched
from .collection import Collection
from .doors import now
from .media import PDF, family
from .records import DOCUMENTS

CONTENT: Any = Content.__table__
Record = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """A stored content: its size in bytes, and the media type that it first came with."""

    sha256: str
    size: int
    media_type: str


def held(connection: Connection, digests: Some[str]) -> dict[str, Held]:
    """Return digest → content, for those of some digests that name a stored content."""
    columns = (CONTENT.c.sha256, CONTENT.c.size, CONTENT.c.media_type)
    return {
        row.sha256: Held(*row)
        for some in batched(sorted(digests))
        for row in connection.execute(select(*columns).where(CONTENT.c.sha256.in_(some)))
    }


def note(connection: Connection, content: Held) -> None:
    """Note that a content is stored."""
    if content.sha256 not in held(connection, [content.sha256]):
        row = {"sha256": content.sha256, "size": content.size, "media_type": content.media_type}
        connection.execute(insert(CONTENT), {**row, "stored_at": now()})


def drop(connection: Connection, digests: Some[str]) -> None:
    """Note that contents are no longer stored."""
    for some in batched(sorted(digests)):
        connection.execute(delete(CONTENT).where(CONTENT.c.sha256.in_(some)))


def contents_of(
    connection: Connection, records: Iterable[tuple[Collection, Record | None, Record]]
) -> dict[str, Held]:
    """Return digest → content of the files of some records, as they are and as they shall be."""
    digests = {
        file["sha256"]
        for collection, old, record in records
        if collection is DOCUMENTS
        for file in (*(old or {}).get("files", ()), *record["files"])
        if file["sha256"]
    }
    return held(connection, digests) if digests else {}


def settled(
    collection: Collection,
    old: Record | None,
    record: Record,
    contents: Mapping[str, Held],
    emptied: Some[str] = (),
) -> Record:
    """Return a record as it will be stored: its files agree with their contents.

    `old` is what the record is now, `contents` what `contents_of` gives. `emptied` holds the ids of
    files whose content is taken away. InvalidRecord when a file contradicts its content.
    """
    if collection is not DOCUMENTS:
        return record
    if not contents and all(each["text_status"] is None for each in record["files"]):
        return record
    before = {
        each["id"]: each for each in (old or {}).get("files", ()) if each["id"] not in emptied
    }
    wrong: list[Fault] = []
    files = [
        _settled(each, before.get(each["id"]), contents, f"/files/{number}", wrong)
        for number, each in enumerate(record["files"])
    ]
    if wrong:
        raise InvalidRecord("A file contradicts its stored content.", tuple(wrong))
    return {**record, "files": files}


def _settled(
    file: Record, before: Record | None, contents: Mapping[str, Held], at: str, wrong: list[Fault]
) -> Record:
    had = before if before and before["sha256"] in contents else None
    digest = file["sha256"] or (had or {}).get("sha256")
    content = contents.get(digest or "")
    if content is None:
        if had is not None:
            wrong.append(Fault(_OTHER, pointer=f"{at}/sha256"))
        return {**file, "text_status": None}
    same = had is not None and had["sha256"] == digest
    media_type = file["media_type"] or (had["media_type"] if had and same else content.media_type)
    if file["size"] not in (None, content.size):
        wrong.append(Fault(f"the stored content has {content.size}", pointer=f"{at}/size"))
    if family(media_type) != family(content.media_type):
        detail = f"the stored content is {content.media_type}"
        wrong.append(Fault(detail, pointer=f"{at}/media_type"))
    status = file["text_status"] or (had["text_status"] if had and same else None)
    if status is None and content.media_type == PDF:
        status = TextStatus.PENDING.value
    return {
        **file,
        "sha256": digest,
        "size": content.size,
        "media_type": media_type,
        "text_status": status,
    }


_OTHER = (
    "is not that of the stored content; leave it out, and change the content at its own address"
)

"""The text of the pages of files: kept page by page, and found like the words of a record.

A file has rows here exactly when its `text_status` is `read`. A page is found when all that is
asked for stands on that one page.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    cast,
    column,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from ..codes import TextStatus
from ..models import PageText
from .terms import Term
from .words import folded, vector

PAGE: Any = PageText.__table__
FTS = table("search_fts_page", column("rowid"))
AT_ONCE = 100
"""How many pages one statement writes."""


@dataclass(frozen=True)
class Place:
    """The page on which a document's file says what was asked for, and its text."""

    file: str
    page: int
    text: str


def put(
    connection: Connection, document_id: str, file_id: str, pages: Iterable[tuple[int, str]]
) -> None:
    """Keep the texts of a file's pages, (number from 1, text), instead of what was kept before."""
    here = _of(document_id) & (PAGE.c.file_id == file_id)
    _remove(connection, here)
    rows = (_row(connection, document_id, file_id, *each) for each in pages)
    while batch := list(islice(rows, AT_ONCE)):
        connection.execute(insert(PAGE), batch)
    _index(connection, here)


def _row(connection: Connection, document_id: str, file_id: str, page: int, said: str) -> Any:
    row = {"document_id": document_id, "file_id": file_id, "page": page, "text": said}
    return row | _words(connection, said)


def _words(connection: Connection, said: str) -> dict[str, str]:
    words = folded(iter([said]))
    on_postgresql = connection.dialect.name == "postgresql"
    return {"words": words, **({"vector": vector("", words)} if on_postgresql else {})}


def _of(document_id: str) -> ColumnElement[bool]:
    here: ColumnElement[bool] = PAGE.c.document_id == document_id
    return here


def follow(
    connection: Connection, old: Mapping[str, Any] | None, record: Mapping[str, Any]
) -> None:
    """Drop the pages of files that were read, and by a record's new content are no longer."""
    was, is_read = _read_files(old or {}), _read_files(record)
    if was - is_read:
        _remove(connection, _of(record["id"]) & PAGE.c.file_id.not_in(is_read))


def _read_files(record: Mapping[str, Any]) -> set[str]:
    files = record.get("files", ())
    return {each["id"] for each in files if each["text_status"] == TextStatus.READ}


def _remove(connection: Connection, here: ColumnElement[bool]) -> None:
    if connection.dialect.name == "sqlite":
        old = select(literal_column("'delete'"), PAGE.c.id, PAGE.c.words).where(here)
        fts = table("search_fts_page", column("search_fts_page"), column("rowid"), column("words"))
        connection.execute(insert(fts).from_select(["search_fts_page", "rowid", "words"], old))
    connection.execute(delete(PAGE).where(here))


def _index(connection: Connection, here: ColumnElement[bool]) -> None:
    if connection.dialect.name == "sqlite":
        fts = table("search_fts_page", column("rowid"), column("words"))
        new = select(PAGE.c.id, PAGE.c.words).where(here)
        connection.execute(insert(fts).from_select(["rowid", "words"], new))


def rebuild(connection: Connection) -> None:
    """Fold the words of all pages anew from their texts, and make the index of them anew."""
    after = 0
    while True:
        stated = select(PAGE.c.id, PAGE.c.text).where(PAGE.c.id > after).order_by(PAGE.c.id)
        rows = connection.execute(stated.limit(AT_ONCE)).all()
        for row in rows:
            changed = update(PAGE).where(PAGE.c.id == row.id)
            connection.execute(changed.values(**_words(connection, row.text)))
        if not rows:
            break
        after = rows[-1].id
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO search_fts_page (search_fts_page) VALUES ('rebuild')"))


def forget(connection: Connection) -> None:
    """Let the index hold no word of pages that are gone (SQLite keeps them until it merges)."""
    if connection.dialect.name == "sqlite":
        merge = "INSERT INTO search_fts_page (search_fts_page) VALUES ('optimize')"
        connection.execute(text(merge))


def matching(connection: Connection, terms: tuple[Term, ...]) -> Subquery:
    """Return document_id and how many of its pages (`pages`) say all that is asked for."""
    found = _matching(connection, select(PAGE.c.document_id, func.count().label("pages")), terms)
    return found.group_by(PAGE.c.document_id).subquery("said_on_pages")


def _matching(connection: Connection, stated: Select[Any], terms: tuple[Term, ...]) -> Select[Any]:
    if connection.dialect.name == "postgresql":
        asked = cast(" & ".join(term.tsquery() for term in terms), TSQUERY)
        phrases = (stands(term, PAGE.c.words) for term in terms if len(term.words) > 1)
        return stated.where(PAGE.c.vector.op("@@")(asked), *phrases)
    phrase = " AND ".join(term.fts5() for term in terms)
    match = literal_column("search_fts_page").op("MATCH")(phrase)
    return stated.join(FTS, FTS.c.rowid == PAGE.c.id).where(match)


def stands(term: Term, *columns: Any) -> ColumnElement[bool]:
    """Return whether a phrase stands in one of these texts of folded words.

    A tsvector counts 16,383 positions and 255 of one word, so it alone would lose phrases.
    """
    phrase = f" {' '.join(term.words)}{'' if term.prefix else ' '}"
    return or_(*(func.concat(" ", each, " ").contains(phrase) for each in columns))


def places(
    connection: Connection, terms: tuple[Term, ...], document_ids: Collection[str]
) -> dict[str, Place]:
    """Return document_id → the first page of its files that says all that is asked for."""
    if not document_ids or not terms:
        return {}
    order = func.row_number().over(
        partition_by=PAGE.c.document_id, order_by=[PAGE.c.file_id, PAGE.c.page]
    )
    hits = _matching(connection, select(PAGE.c.id, order.label("number")), terms)
    hit = hits.where(PAGE.c.document_id.in_(document_ids)).subquery("hit")
    first = select(PAGE.c.document_id, PAGE.c.file_id, PAGE.c.page, PAGE.c.text)
    rows = connection.execute(first.join(hit, hit.c.id == PAGE.c.id).where(hit.c.number == 1))
    return {row.document_id: Place(row.file_id, row.page, row.text) for row in rows}


def kept(connection: Connection, document_ids: Collection[str]) -> set[tuple[str, str]]:
    """Return (document, file) for each file of some documents that has texts of pages here."""
    here = PAGE.c.document_id.in_(document_ids)
    stated = select(PAGE.c.document_id, PAGE.c.file_id).where(here).distinct()
    return {(row.document_id, row.file_id) for row in connection.execute(stated)}

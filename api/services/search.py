"""The search index: written with each record, asked by lists and by /search.

SQLite: FTS5 over folded words. PostgreSQL: tsvector of the same words. Both find the same records
for the same query, as words are folded here and not by the database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from zlib import crc32

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    cast,
    column,
    delete,
    false,
    literal_column,
    select,
    table,
    text,
    union,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.expression import Select, Subquery

from ..models import SearchEntry
from . import merging, page_texts
from .collection import Collection
from .inserting import insert_rows
from .page_texts import stands
from .prepared import Prepared, among, run_for_each
from .records import DOCUMENTS
from .terms import Term
from .words import Words, folded, vector

ENTRY: Any = SearchEntry.__table__
FTS = table("search_fts", column("rowid"))
TEXTS = (ENTRY.c.names, ENTRY.c.prose)
TRANSLATIONS = "translations"


def texts(collection: Collection, record: Mapping[str, Any], weight: str) -> Iterator[str]:
    """Yield all texts of a record of one weight, in all its languages."""
    for name in collection.weighted.get(weight, ()):
        yield from _strings(record[name])
        for translation in record[TRANSLATIONS].values():
            yield from _strings(translation.get(name))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def entry(collection: Collection, record: Mapping[str, Any]) -> Words:
    """Return the folded words of a record, as the index holds them."""
    names = folded(texts(collection, record, "A"))
    prose = folded(texts(collection, record, "B"))
    return {"names": names, "prose": prose}


def put(
    connection: Connection, records: Iterable[tuple[str, str, int]], words: Iterable[Words]
) -> None:
    """Index records that are not in the index: collection, id, number in the journal; the words."""
    found = (
        (row, (said["names"], said["prose"]), said.get("vector"))
        for row, said in zip(records, words, strict=True)
    )
    if connection.dialect.name == "postgresql":
        entries = [(*row, *texts, known or vector(*texts)) for row, texts, known in found]
        insert_rows(connection, ENTRY, (*_COLUMNS, "vector"), entries)
        return
    numbered = [(entries_of(row[0])[0] + row[2], *row, *texts) for row, texts, _ in found]
    numbered.sort()  # FTS5 writes out what it holds whenever ids go down
    insert_rows(connection, ENTRY, ("id", *_COLUMNS), numbered)
    run_for_each(connection, _FTS_INSERT, [(row[0], *row[-2:]) for row in numbered])


_COLUMNS = ("collection", "record_id", "seq", "names", "prose")
_FTS_INSERT = "INSERT INTO search_fts (rowid, names, prose) VALUES (?, ?, ?)"
_FTS_DELETE = "INSERT INTO search_fts (search_fts, rowid, names, prose) VALUES ('delete', ?, ?, ?)"


@cache
def entries_of(name: str) -> tuple[int, int]:
    """Return the first and the last id that SQLite's entries of a collection can have.

    Within a collection they go by the journal, so the index finds those of one, newest first,
    without a look at any entry. Names are numbered by their CRC-32, which no later one moves.
    """
    first = (crc32(name.encode()) & 0x7FFFFF) << 40
    return first, first + (1 << 40) - 1


def remove(connection: Connection, collection: Collection, ids: Sequence[str]) -> None:
    """Take records of a collection out of the index."""
    if not ids:
        return
    if connection.dialect.name == "sqlite":
        gone = _ENTRIES.rows(connection, collection=collection.name, ids=ids)
        if gone:
            run_for_each(connection, _FTS_DELETE, gone)
    run_for_each(connection, _DELETE, [(collection.name, each) for each in ids])


_DELETE = "DELETE FROM search_entry WHERE collection = ? AND record_id = ?"
_ENTRIES = Prepared(
    select(ENTRY.c.id, ENTRY.c.names, ENTRY.c.prose).where(
        ENTRY.c.collection == bindparam("collection"), among(ENTRY.c.record_id, "ids")
    )
)


def forget(connection: Connection) -> None:
    """Let the index hold no word of entries that are gone (SQLite keeps them until it merges)."""
    if connection.dialect.name == "sqlite":
        merging.merge(connection)
    page_texts.forget(connection)


def clear(connection: Connection) -> None:
    """Empty the index."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO search_fts (search_fts) VALUES ('delete-all')"))
    connection.execute(delete(ENTRY))


def matching(connection: Connection, terms: tuple[Term, ...], collection: Collection) -> Subquery:
    """Return the entries (`id`) of all records of a collection that match, each once.

    Of a document either its own words match, or one page of its files does. Without terms nothing
    matches.
    """
    found = by_words(connection, terms, collection)
    if collection is not DOCUMENTS or not terms:
        return found.subquery("matching")
    pages = page_texts.matching(connection, terms)
    on_pages = of(DOCUMENTS).join(pages, pages.c.document_id == ENTRY.c.record_id)
    return union(found, on_pages).subquery("matching")


def by_words(
    connection: Connection,
    terms: tuple[Term, ...],
    collection: Collection,
    narrowing: Sequence[ColumnElement[bool]] = (),
) -> Select[Any]:
    """Return a select of the entries (`id`) of records whose own words match.

    `narrowing` are conditions on the collection's table.
    """
    on_sqlite = connection.dialect.name == "sqlite"
    if not terms:
        found = of(collection).where(false())
    elif on_sqlite:
        match = literal_column("search_fts").op("MATCH")(phrase_of(terms))
        own = FTS.c.rowid.between(*entries_of(collection.name))
        found = select(FTS.c.rowid.label("id")).where(match, own)
    else:
        phrases = (stands(each, *TEXTS) for each in terms if len(each.words) > 1)
        found = of(collection).where(ENTRY.c.vector.op("@@")(tsquery_of(terms)), *phrases)
    if not narrowing:
        return found
    if terms and on_sqlite:
        found = found.join(ENTRY, ENTRY.c.id == FTS.c.rowid)
    table = collection.table
    return found.join(table, table.c.id == ENTRY.c.record_id).where(*narrowing)


def of(collection: Collection) -> Select[Any]:
    """Return a select of all entries (`id`) of a collection."""
    return select(ENTRY.c.id).where(ENTRY.c.collection == collection.name)


def phrase_of(terms: tuple[Term, ...]) -> str:
    """Return what FTS5 is asked."""
    return " AND ".join(term.fts5() for term in terms)


def tsquery_of(terms: tuple[Term, ...]) -> ColumnElement[Any]:
    """Return what PostgreSQL is asked; where words of a phrase stand is asked besides."""
    return cast(" & ".join(term.tsquery() for term in terms), TSQUERY)

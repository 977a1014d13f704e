"""Lists and single records with all they were asked for, each from one state of the store."""

from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Connection, bindparam, select

from ..errors import BadQuery, Fault, Gone, NotFound
from ..models import Change
from . import finding, page_texts
from .collection import Collection
from .conditions import narrowed
from .doors import spelled
from .page_texts import Place
from .prepared import Prepared
from .query import JOURNAL_SEQ, UNREAD, After, Query
from .records import BY_NAME, CITIES, COLLECTIONS, DOCUMENTS, PROJECTS
from .relating import MOST_INCLUDED, Records, related
from .snapshots import Snapshot, Snapshots


@dataclass(frozen=True)
class Listing:
    """One page of a list. `facets`: name → (value, count) pairs; `places`: document → the page of
    its files that says what was asked for.
    """

    records: Snapshots
    total: int
    after: After | None
    included: dict[str, Snapshots] = field(default_factory=dict)
    facets: dict[str, list[tuple[str | None, int]]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)


def listing(connection: Connection, collection: Collection, query: Query) -> Listing:
    """Return a page, its total, and what was asked for beside it.

    Costs two statements, one for each included type, each facet and each of several filters by
    lists, and one for the pages that say what is looked for in documents.
    """
    query = narrowed(connection, collection, query)
    found, total = finding.counted_page(connection, collection, query)
    records = Snapshots((row[0], row[2]) for row in found.rows)
    return Listing(
        records,
        total,
        found.after,
        included(connection, collection, records, query.include),
        {name: finding.facet(connection, collection, query, name) for name in query.facets},
        _places(connection, collection, records, query),
    )


def page(
    connection: Connection, collection: Collection, query: Query
) -> tuple[Snapshots, After | None]:
    """Return the snapshots of a page, and where the next one begins."""
    found = finding.page(connection, collection, query)
    return Snapshots((row[0], row[2]) for row in found.rows), found.after


def _places(
    connection: Connection, collection: Collection, records: Snapshots, query: Query
) -> dict[str, Place]:
    if collection is not DOCUMENTS or not query.terms:
        return {}
    return page_texts.places(connection, query.terms, records.ids)


def single(connection: Connection, collection: Collection, record_id: str) -> Snapshot:
    """Return a record's snapshot; Gone tells of one that was deleted, NotFound of none."""
    return alone(connection, collection, record_id)[0]


def alone(connection: Connection, collection: Collection, record_id: str) -> Snapshots:
    """Return the one record that `single` gives, unread."""
    row = _single(collection.name).row(connection, id=record_id)
    if row is None:
        raise missing(connection, collection, record_id)
    return Snapshots([(record_id, row[0])])


@cache
def _single(name: str) -> Prepared:
    table = BY_NAME[name].table
    stated = select(UNREAD).join(table, table.c.seq == JOURNAL_SEQ)
    return Prepared(stated.where(table.c.id == bindparam("id")))


def missing(connection: Connection, collection: Collection, record_id: str) -> NotFound | Gone:
    """Return Gone for a record that was deleted, NotFound for one that never was."""
    last = connection.execute(
        select(Change.at, Change.reason, Change.replaced_by)
        .where(Change.collection == collection.name, Change.record_id == record_id)
        .order_by(Change.version.desc())
        .limit(1)
    ).first()
    if last is None:
        return NotFound(f"There is no {collection.singular} {record_id!r}.")
    told = {"deleted_at": spelled(last.at), "reason": last.reason, "replaced_by": last.replaced_by}
    return Gone(f"The {collection.singular} {record_id} was deleted.", extra=told)


def includable(collection: Collection) -> tuple[str, ...]:
    """Return the collections that can come along.

    Those that a record names, and those that name it; but not what names a city or a project,
    which can be any number: ask that collection with `city=` or `project=`.
    """
    named = set(collection.references.values())
    if collection not in (CITIES, PROJECTS):
        named |= {each.name for each in COLLECTIONS if collection.name in each.references.values()}
    return tuple(each.name for each in COLLECTIONS if each.name in named)


def included(
    connection: Connection, collection: Collection, records: Records, names: tuple[str, ...]
) -> dict[str, Snapshots]:
    """Return name → the records of it that these records name or that name them, each once."""
    found, left = {}, MOST_INCLUDED
    for name in names:
        snapshots = related(connection, collection, records, BY_NAME[name], left + 1)
        left -= len(snapshots)
        if left < 0:
            detail = f"more than {MOST_INCLUDED} records would come along; lower `limit`"
            raise BadQuery("Too much is included.", (Fault(detail, "include"),))
        found[name] = snapshots
    return found

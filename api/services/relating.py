"""The records that others name, or that name them: one prepared statement a type."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select

from .collection import Collection
from .prepared import Prepared
from .query import JOURNAL_SEQ, SNAPSHOT
from .records import BY_NAME, CITIES, PROJECTS
from .snapshots import Snapshot, Snapshots

MOST_INCLUDED = 2_000
Records = Sequence[Snapshot]


def related(
    connection: Connection,
    collection: Collection,
    records: Records,
    other: Collection,
    limit: int = MOST_INCLUDED,
) -> Snapshots:
    """Return the records of `other` that these name or that name them, by id: one statement."""
    fields = [name for name, target in collection.references.items() if target == other.name]
    found = {each for record in records for name in fields for each in _ids(record[name])}
    named = sorted(found)[:limit]
    ids = list[str]()
    if collection not in (CITIES, PROJECTS) and collection.name in other.references.values():
        ids = records.ids if isinstance(records, Snapshots) else [each["id"] for each in records]
    if not (named or ids):
        return Snapshots()
    sizes = _size(named), _size(ids)
    values = dict(chain(_filled("named", named, sizes[0]), _filled("naming", ids, sizes[1])))
    asked = _related(collection.name, other.name, *sizes)
    return Snapshots((r[0], r[1]) for r in asked.rows(connection, **values, limit=limit))


def _size(values: Sequence[str]) -> int:
    """Return for how many values a statement is prepared: the next power of two."""
    return 1 << (len(values) - 1).bit_length() if values else 0


def _filled(name: str, values: Sequence[str], size: int) -> Iterable[tuple[str, str]]:
    """Return so many named values, the last one again and again."""
    return ((f"{name}_{n}", values[min(n, len(values) - 1)]) for n in range(size))


@lru_cache(maxsize=500)
def _related(collection: str, name: str, named: int, naming: int) -> Prepared:
    other = BY_NAME[name]
    table, ways = other.table, list[ColumnElement[bool]]()
    if named:
        ways.append(table.c.id.in_([bindparam(f"named_{n}") for n in range(named)]))
    ids: list[Any] = [bindparam(f"naming_{n}") for n in range(naming)]
    for field, target in other.references.items():
        if ids and target == collection:
            link = other.links.get(field)
            if link is None:
                ways.append(table.c[field].in_(ids))
            else:
                ways.append(table.c.id.in_(select(link.c.owner_id).where(link.c.value.in_(ids))))
    stated = select(table.c.id, SNAPSHOT).join(table, table.c.seq == JOURNAL_SEQ).where(or_(*ways))
    return Prepared(stated.order_by(table.c.id).limit(bindparam("limit")))


def _ids(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [each if isinstance(each, str) else each["workshop"] for each in value or ()]

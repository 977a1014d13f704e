"""References between records: none may dangle, and what is pointed to stays."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from ..errors import Fault, InvalidRecord, StillReferenced
from .collection import Collection
from .records import BY_NAME, COLLECTIONS
from .rows import reference_ids

NAMED = 20
"""How many of the records that still point to one are named."""


def refuse_dangling(
    connection: Connection,
    collection: Collection,
    record: dict[str, Any],
    known: frozenset[tuple[str, str]],
) -> None:
    """Raise InvalidRecord for each reference to a record that does not exist."""
    faults: list[Fault] = []
    for field, ids in reference_ids(collection, record).items():
        target = BY_NAME[collection.references[field]]
        own = (target.name, record["id"]) if target is collection else None
        unsure = [each for each in ids if (target.name, each) not in known | {own}]
        missing = set(unsure) - existing(connection, target, unsure)
        faults += [
            Fault(f"there is no {target.singular} {each}", pointer=f"/{field}")
            for each in sorted(missing)
        ]
    if faults:
        raise InvalidRecord(f"{collection.singular} {record['id']}", tuple(faults))


def existing(connection: Connection, collection: Collection, ids: Iterable[str]) -> set[str]:
    """Return which of these ids the collection holds."""
    asked = list(ids)
    if not asked:
        return set()
    column = collection.table.c.id
    return set(connection.execute(select(column).where(column.in_(asked))).scalars())


def refuse_referenced(connection: Connection, collection: Collection, record_id: str) -> None:
    """Raise StillReferenced when other records point to this one."""
    found: dict[str, Any] = {}
    for other in COLLECTIONS:
        ids: set[str] = set()
        for field, target in other.references.items():
            if target == collection.name:
                link = other.links.get(field)
                owner = other.table.c.id if link is None else link.c.owner_id
                value = other.table.c[field] if link is None else link.c.value
                ids |= set(connection.execute(select(owner).where(value == record_id)).scalars())
        ids -= {record_id} if other is collection else set()
        if ids:
            found[other.name] = {"count": len(ids), "ids": sorted(ids)[:NAMED]}
    if found:
        total = sum(each["count"] for each in found.values())
        raise StillReferenced(
            f"{total} records still point to {collection.singular} {record_id}.",
            extra={"references": found},
        )

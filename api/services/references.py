"""References between records: none may dangle, and what is pointed to stays."""

from collections.abc import Container, Iterable, Mapping, Set
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from ..errors import Fault, InvalidRecord, StillReferenced
from .batches import batched
from .collection import Collection
from .prepared import Prepared, among
from .records import BY_NAME, COLLECTIONS
from .rows import references_at

NAMED = 20
"""How many of the records that still point to one are named."""


def refuse_dangling(
    connection: Connection,
    collection: Collection,
    record: dict[str, Any],
    *known: Container[tuple[str, str]],
) -> None:
    """Raise InvalidRecord for each reference to a record that is neither stored nor known."""
    faults = dangling(connection, collection, record, *known)
    if faults:
        one = collection.singular
        detail = f"The {one} {record['id']} names records that do not exist; `errors` lists them."
        raise InvalidRecord(detail, tuple(faults))


def dangling(
    connection: Connection,
    collection: Collection,
    record: dict[str, Any],
    *known: Container[tuple[str, str]],
) -> list[Fault]:
    """Return a fault for each reference to a record that is neither stored nor known.

    The record may lack fields: what could not be read names nothing.
    """
    unsure: dict[str, set[str]] = {}
    found = list(references_at(collection, record))
    for _, target, each in found:
        if not any((target, each) in some for some in known):
            unsure.setdefault(target, set()).add(each)
    missing = {
        (target, each)
        for target, ids in unsure.items()
        for each in ids - existing(connection, BY_NAME[target], ids)
    }
    return [
        Fault(f"there is no {BY_NAME[target].singular} {each}", pointer=pointer)
        for pointer, target, each in found
        if (target, each) in missing
    ]


def refuse_cycle(
    connection: Connection,
    collection: Collection,
    record: dict[str, Any],
    others: Mapping[str, dict[str, Any]],
) -> None:
    """Raise InvalidRecord when a record would lie in itself, however far around.

    `others` holds, by id, records of the collection that are written together with it.
    """
    for field, target in collection.references.items():
        if target != collection.name or collection.links.get(field) is not None:
            continue
        column, met, at = collection.table.c[field], {record["id"]}, record[field]
        while at is not None:
            if at in met:
                fault = Fault(f"leads around to {at} again", pointer=f"/{field}")
                raise InvalidRecord(f"{collection.singular} {record['id']}", (fault,))
            met.add(at)
            if at in others:
                at = others[at][field]
            else:
                at = connection.execute(select(column).where(collection.table.c.id == at)).scalar()


def names(collection: Collection, record: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (collection, id) of what a record names."""
    return [(target, each) for _, target, each in references_at(collection, record)]


def named(
    connection: Connection,
    asked: Iterable[tuple[str, str]],
    known: Container[tuple[str, str]] = frozenset(),
) -> set[tuple[str, str]]:
    """Return those of some (collection, id) that the store holds, but for the known."""
    unsure: dict[str, set[str]] = {}
    for target, each in asked:
        if (target, each) not in known:
            unsure.setdefault(target, set()).add(each)
    return {
        (name, each)
        for name, ids in unsure.items()
        for chunk in batched(sorted(ids))
        for each in existing(connection, BY_NAME[name], chunk)
    }


def existing(connection: Connection, collection: Collection, ids: Iterable[str]) -> set[str]:
    """Return which of these ids the collection holds."""
    asked = list(ids)
    return {row[0] for row in _ids_of(collection).rows(connection, ids=asked)} if asked else set()


@cache
def _ids_of(collection: Collection) -> Prepared:
    column = collection.table.c.id
    return Prepared(select(column).where(among(column, "ids")))


def refuse_referenced(
    connection: Connection,
    collection: Collection,
    record_id: str,
    leaving: Set[tuple[str, str]] = frozenset(),
) -> None:
    """Raise StillReferenced when other records than those `leaving` point to this one."""
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
        ids = {each for each in ids if (other.name, each) not in leaving}
        if ids:
            found[other.name] = {"count": len(ids), "ids": sorted(ids)[:NAMED]}
    if found:
        total = sum(each["count"] for each in found.values())
        raise StillReferenced(
            f"{collection.singular.capitalize()} {record_id} is still named by other records "
            f"({total}); `references` lists them.",
            extra={"references": found},
        )

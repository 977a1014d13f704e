"""What follows from a record's content alone, ready for the tables that hold it.

Made before the writer has the store's lock where it can be: by the processes that check a stream.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from .collection import Collection, Filter, FilterKind
from .inserting import plain
from .rows import own_columns, own_row, values_of
from .search import entry
from .words import Words

ALL = NONE = ""


class Derived(NamedTuple):
    """`row`: the values of `own_columns`, spelled for the database. `lists`: those of each list's
    table, in the order of `Collection.links`. `counted`: all that is counted of it, as
    `facet=value`. `words`: those that the search index holds. `body`: the record as JSON, its id
    first, and `digest` that of the body.
    """

    row: list[Any]
    lists: list[list[str]]
    counted: list[str]
    words: Words
    body: bytes
    digest: str


def derived(collection: Collection, record: dict[str, Any]) -> Derived:
    """Return what follows from a record."""
    lists, body = _lists(collection, record), orjson.dumps(record)
    return Derived(
        plain(collection.table, own_columns(collection))(own_row(collection, record)),
        list(lists.values()),
        list(_counted(collection, record, lists)),
        entry(collection, record),
        body,
        digest_of(body),
    )


def digest_of(body: bytes) -> str:
    """Return the digest of a record as JSON."""
    return sha256(body).hexdigest()


def counted(collection: Collection, record: Mapping[str, Any]) -> Iterator[str]:
    """Yield all that is counted of a record, as `facet=value`."""
    return _counted(collection, record, _lists(collection, record))


def _lists(collection: Collection, record: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: list(values_of(collection, name, record)) for name in collection.links}


def _counted(
    collection: Collection, record: Mapping[str, Any], lists: Mapping[str, list[str]]
) -> Iterator[str]:
    yield f"{ALL}="
    for each in facets_of(collection):
        if each.kind is FilterKind.LIST:
            yield from (f"{each.name}={value}" for value in lists[each.field])
        else:
            yield f"{each.name}={record[each.field] or NONE}"


@cache
def facets_of(collection: Collection) -> tuple[Filter, ...]:
    """Return the filters whose values are counted."""
    return tuple(each for each in collection.filters.values() if each.facet)

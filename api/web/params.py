"""The query grammar: raw names and values into a `Query`, or every fault at once."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from marshmallow import ValidationError

from ..errors import BadQuery, Fault
from ..schemas.fields import FORBIDDEN, nearest
from ..services.collection import Collection
from ..services.listing import includable
from ..services.query import Query
from .cursors import read_cursor
from .values import (
    one_of,
    read_bbox,
    read_filter,
    read_langs,
    read_list_limit,
    read_terms_of,
    some_of,
)

LIMIT = 50
LISTING = ("q", "sort", "limit", "cursor")

Raw = Iterable[tuple[str, str]]
Read = dict[str, Any]


def read_list_query(collection: Collection, raw: Raw) -> Query:
    """Read the parameters of a list."""
    filters = collection.filters
    some = {"bbox": "latitude" in collection.fields, "facets": collection.facets}
    offered = [name for name, there in some.items() if there]
    given = once(raw, (*filters, *LISTING, *offered, *showing(collection)))
    reader = Reader(given)
    narrowed = tuple(
        (name, values)
        for name in sorted(filters)
        if (values := reader.read(name, lambda text, f=filters[name]: read_filter(f, text)))
    )
    terms = reader.read("q", read_terms_of)
    sorts = [sign + key for key in collection.sorts for sign in ("", "-")]
    query = Query(
        filters=narrowed,
        bbox=reader.read("bbox", read_bbox),
        terms=terms,
        sort=reader.read("sort", lambda text: one_of(text, sorts)) or (None if terms else "id"),
        limit=reader.read("limit", lambda text: read_list_limit(text, "facets" in given), LIMIT),
        facets=reader.read("facets", lambda text: some_of(text, collection.facets), ()),
        **_showing(collection, reader),
    )
    after = reader.read("cursor", lambda text: read_cursor(collection, query, text))
    reader.finish()
    return replace(query, after=after)


def read_single_query(collection: Collection, raw: Raw) -> Query:
    """Read the parameters of one record."""
    reader = Reader(once(raw, showing(collection)))
    query = Query(**_showing(collection, reader))
    reader.finish()
    return query


def showing(collection: Collection) -> tuple[str, ...]:
    """Return the parameters that choose what is shown of a record."""
    return ("fields", "lang", "include") if includable(collection) else ("fields", "lang")


def read_lang_query(raw: Raw) -> Query:
    """Read the parameters of an answer that can only be asked for in languages."""
    reader = Reader(once(raw, ("lang",)))
    query = Query(langs=reader.read("lang", read_langs, ()))
    reader.finish()
    return query


def _showing(collection: Collection, reader: "Reader") -> Read:
    shown = ("url", "created_at", "updated_at", "version", *collection.fields)
    return {
        "fields": reader.read("fields", lambda text: some_of(text, shown)),
        "include": reader.read("include", lambda text: some_of(text, includable(collection)), ()),
        "langs": reader.read("lang", read_langs, ()),
    }


class Reader:
    """Reads values one by one and keeps their faults, so that all are told at once."""

    def __init__(self, given: dict[str, str]) -> None:
        self.given = given
        self.faults: list[Fault] = []

    def read(self, name: str, parse: Any, default: Any = None) -> Any:
        """Return the parsed value of a parameter, or the default when it is not given."""
        text = self.given.get(name)
        if text is None:
            return default
        try:
            if FORBIDDEN.search(text) or "\ufffd" in text:
                raise ValidationError("holds a character that cannot stand here, or is not UTF-8")
            return parse(text)
        except BadQuery as error:
            if error.code != BadQuery.code:
                raise
            self.faults += error.faults
        except ValidationError as error:
            details = error.messages if isinstance(error.messages, list) else [str(error)]
            self.faults += [Fault(str(each), parameter=name) for each in details]
        return default

    def finish(self) -> None:
        """Raise BadQuery when anything was wrong."""
        if self.faults:
            raise BadQuery("The query has faults; `errors` lists them.", tuple(self.faults))


def once(raw: Raw, allowed: Iterable[str]) -> dict[str, str]:
    """Return name → value; unknown and repeated names are faults."""
    given: dict[str, str] = {}
    faults = []
    names = list(allowed)
    for name, value in raw:
        if name not in names:
            listed = ", ".join(sorted(names))
            hint = nearest(name, names)
            detail = f"there is no such parameter.{hint} There are: {listed or 'none'}"
            faults.append(Fault(detail, parameter=name[:100]))
        elif name in given:
            faults.append(Fault("stands here twice; join values by commas", parameter=name))
        given[name] = value
    if faults:
        raise BadQuery("The query has faults; `errors` lists them.", tuple(faults))
    return given

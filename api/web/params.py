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
    reader = Reader(raw, (*filters, *LISTING, *offered, *showing(collection)))
    given = reader.given
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
    reader = Reader(raw, showing(collection))
    query = Query(**_showing(collection, reader))
    reader.finish()
    return query


def showing(collection: Collection) -> tuple[str, ...]:
    """Return the parameters that choose what is shown of a record."""
    return ("fields", "lang", "include") if includable(collection) else ("fields", "lang")


def read_lang_query(raw: Raw) -> Query:
    """Read the parameters of an answer that can only be asked for in languages."""
    reader = Reader(raw, ("lang",))
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

    def __init__(self, raw: Raw, allowed: Iterable[str]) -> None:
        """Take name and value pairs; unknown and repeated names are faults."""
        self.given: dict[str, str] = {}
        self.faults: list[Fault] = []
        names = list(allowed)
        for name, value in raw:
            if name not in names:
                there = ", ".join(sorted(names)) or "none"
                detail = f"there is no such parameter.{nearest(name, names)} There are: {there}"
                self.faults.append(Fault(detail, parameter=name[:100]))
            elif name in self.given:
                twice = "stands here twice; join values by commas"
                self.faults.append(Fault(twice, parameter=name))
            self.given[name] = value

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


def refuse_parameters(raw: Raw) -> None:
    """Raise BadQuery for any parameter at all."""
    Reader(raw, ()).finish()

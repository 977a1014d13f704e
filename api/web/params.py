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
from .offers import LIST, Offer
from .values import (
    one_of,
    read_bbox,
    read_filter,
    read_langs,
    read_list_limit,
    read_some_langs,
    read_terms_of,
    some_of,
)

LIMIT = 50
MOST_FAULTS = 20
"""So many wrong names are told; nobody mends more at once, and each costs a search for hints."""
LISTING = ("q", "sort", "limit", "cursor")

Raw = Iterable[tuple[str, str]]
Read = dict[str, Any]


def read_list_query(collection: Collection, raw: Raw, offer: Offer = LIST) -> Query:
    """Read the parameters of a list."""
    query, reader = list_reader(collection, raw, offer)
    reader.finish()
    return query


def list_reader(collection: Collection, raw: Raw, offer: Offer) -> tuple[Query, "Reader"]:
    """Read the parameters of a list; the reader is left to be asked for those of its own."""
    filters = collection.filters
    some = {"bbox": "latitude" in collection.fields, "facets": collection.facets}
    offered = [name for name, there in some.items() if there]
    names = (*filters, *LISTING, *offered, *showing(collection), *offer.also)
    reader = Reader(raw, [name for name in names if name not in offer.without])
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
        sort=reader.read("sort", lambda text: one_of(text, sorts))
        or (None if terms and offer.best_first else offer.sort),
        limit=reader.read("limit", lambda text: read_list_limit(text, "facets" in given), LIMIT),
        facets=reader.read("facets", lambda text: some_of(text, collection.facets), ()),
        **_showing(collection, reader, offer),
    )
    after = reader.read("cursor", lambda text: read_cursor(collection, query, text))
    return replace(query, after=after), reader


def read_single_query(collection: Collection, raw: Raw, offer: Offer = LIST) -> Query:
    """Read the parameters of one record."""
    reader = Reader(raw, [name for name in showing(collection) if name not in offer.without])
    query = Query(**_showing(collection, reader, offer))
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


def _showing(collection: Collection, reader: "Reader", offer: Offer) -> Read:
    shown = ("url", "created_at", "updated_at", "version", *collection.fields)
    langs = read_langs if offer.all_languages else read_some_langs
    return {
        "fields": reader.read("fields", lambda text: some_of(text, shown)),
        "include": reader.read("include", lambda text: some_of(text, includable(collection)), ()),
        "langs": reader.read("lang", langs, ()),
    }


class Reader:
    """Reads values one by one and keeps their faults, so that all are told at once."""

    def __init__(self, raw: Raw, allowed: Iterable[str]) -> None:
        """Take name and value pairs; unknown and repeated names are faults."""
        self.given: dict[str, str] = {}
        self.faults: list[Fault] = []
        names = list(allowed)
        for name, value in raw:
            if len(self.faults) == MOST_FAULTS:
                break
            if name not in names:
                there = ", ".join(sorted(names)) or "none"
                hint = nearest(name[:100], names)
                detail = f"there is no such parameter.{hint} There are: {there}"
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

    def require(self, name: str, parse: Any) -> Any:
        """Return the parsed value of a parameter that must be given."""
        if name not in self.given:
            self.faults.append(Fault("is required", parameter=name))
        return self.read(name, parse)

    def finish(self) -> None:
        """Raise BadQuery when anything was wrong."""
        if self.faults:
            raise BadQuery("The query has faults; `errors` lists them.", tuple(self.faults))


def refuse_parameters(raw: Raw) -> None:
    """Raise BadQuery for any parameter at all."""
    Reader(raw, ()).finish()

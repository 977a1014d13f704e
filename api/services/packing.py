"""A city as tables: its record, its projects, and all that names it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow.fields import Dict, Field, Float, Integer, List, Nested
from sqlalchemy import Connection

from .collection import Collection
from .listing import single
from .projection import columns
from .query import Query
from .records import CITIES, COLLECTIONS, PROJECTS
from .whole import Whole, named, whole

Shape = dict[str, Any]
_SET: dict[str, Shape] = {
    "url": {"type": "string", "format": "uri"},
    "version": {"type": "integer"},
    "created_at": {"type": "datetime"},
    "updated_at": {"type": "datetime"},
    "fallbacks": {"type": "object"},
}


@dataclass(frozen=True)
class Pack:
    """A city's snapshot, and the tables that its pack holds."""

    city: dict[str, Any]
    tables: Sequence[Whole]


def city_pack(connection: Connection, city_id: str) -> Pack:
    """Return the pack of a city; NotFound or Gone for one that is not there."""
    city = single(connection, CITIES, city_id)
    concerned = Query(filters=(("city", (city_id,)),))
    found = [whole(connection, each, concerned) for each in COLLECTIONS if "city" in each.filters]
    own = named(connection, CITIES, [city_id])
    projects = named(connection, PROJECTS, city["projects"])
    return Pack(city, [own, projects, *found])


def table_schema(collection: Collection) -> dict[str, Shape]:
    """Return column → its field in Table Schema, of the collection's CSV."""
    return {name: _shape(collection, name) for name in columns(collection)}


def _shape(collection: Collection, name: str) -> Shape:
    field = collection.fields.get(name)
    if field is None:
        return _SET[name]
    described: Shape = {"description": field.metadata.get("description", "")}
    return {"type": _type(field), **described}


def _type(field: Field[Any]) -> str:
    if isinstance(field, Integer):
        return "integer"
    if isinstance(field, Float):
        return "number"
    if isinstance(field, Nested | Dict):
        return "object"
    return "array" if isinstance(field, List) and isinstance(field.inner, Nested) else "string"

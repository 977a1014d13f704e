"""The ordinary views of an ordinary collection, written with the verb decorators."""

from typing import Any

from sqlalchemy import Connection

from ..services import listing
from ..services.collection import Collection
from ..services.query import Query
from .blueprint import Blueprint
from .editing import publish_writes
from .history import publish_history
from .parameters import id_parameter


def publish(collection: Collection, description: str) -> Blueprint:
    """Return a blueprint that lists a collection and shows each of its records."""
    blueprint = Blueprint(collection.name, collection.name, description=description)
    a_record = f"{'an' if collection.singular[0] in 'aeiou' else 'a'} {collection.singular}"

    def show_list(connection: Connection, query: Query) -> listing.Listing:
        return listing.listing(connection, collection, query)

    def show_one(
        connection: Connection, query: Query, record_id: str
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        record = listing.single(connection, collection, record_id)
        return record, listing.included(connection, collection, [record], query.include)

    show_list.__doc__ = (
        f"List {collection.name}\n\n{description} Filters, `q`, `sort` and paging as in the "
        "parameters; each page is one state of the store."
    )
    show_one.__doc__ = f"Get {a_record}\n\nA record that was deleted answers 410, for good."
    listed = blueprint.lists(collection, f"List {collection.name}")(show_list)
    shown = blueprint.shows(collection, f"Get {a_record}")(show_one)
    blueprint.route(f"/{collection.name}", endpoint="list")(listed)
    blueprint.route(
        f"/{collection.name}/<id>", endpoint="show", parameters=[id_parameter(collection)]
    )(shown)
    publish_writes(blueprint, collection)
    publish_history(blueprint, collection)
    return blueprint

"""The ordinary views of an ordinary collection, written with the verb decorators."""

from flask import Response
from sqlalchemy import Connection

from ..services import listing
from ..services.collection import Collection
from ..services.query import Query
from ..services.snapshots import Snapshots
from .blueprint import READ_ERRORS, Blueprint
from .editing import publish_writes
from .formats import Format, answer_one
from .history import publish_history
from .known_formats import formats_of
from .negotiation import negotiate
from .offers import WHOLE
from .parameters import id_parameter, list_parameters, single_parameters
from .reads import Reads


def publish(collection: Collection, description: str) -> Blueprint:
    """Return a blueprint that lists a collection and shows each of its records."""
    blueprint = Blueprint(collection.name, collection.name, description=description)
    formats = formats_of(collection)
    shown_in = tuple(each for each in formats if each.one is not None)

    def show_list(connection: Connection, query: Query) -> listing.Listing:
        return listing.listing(connection, collection, query)

    def show_one(
        connection: Connection, query: Query, record_id: str
    ) -> tuple[Snapshots, dict[str, Snapshots]]:
        record = listing.alone(connection, collection, record_id)
        return record, listing.included(connection, collection, record, query.include)

    show_list.__doc__ = (
        f"List {collection.name}\n\n{description} Filters, `q`, `sort` and paging as in the "
        f"parameters; each page is one state of the store.{_also(formats)}"
    )
    show_one.__doc__ = (
        f"Get {_article(collection)}\n\nA record that was deleted answers 410, for good."
        f"{_also(shown_in)}"
    )
    blueprint.reads = Reads(collection, show_list, show_one)
    listed = blueprint.lists(collection, f"List {collection.name}", formats)(show_list)
    shown = blueprint.shows(collection, f"Get {_article(collection)}", shown_in)(show_one)
    blueprint.route(f"/{collection.name}", endpoint="list")(listed)
    blueprint.route(
        f"/{collection.name}/<id>", endpoint="show", parameters=[id_parameter(collection)]
    )(shown)
    for each in formats:
        _publish_list(blueprint, collection, each)
    for each in shown_in:
        _publish_one(blueprint, collection, each)
    publish_writes(blueprint, collection)
    publish_history(blueprint, collection)
    return blueprint


def _article(collection: Collection) -> str:
    return f"{'an' if collection.singular[0] in 'aeiou' else 'a'} {collection.singular}"


def _also(formats: tuple[Format, ...]) -> str:
    if not formats:
        return ""
    types = ", ".join(f"`{each.media_type}`" for each in formats)
    return f" `Accept` reaches the other formats, too: {types}."


def _publish_list(blueprint: Blueprint, collection: Collection, form: Format) -> None:
    def view() -> Response:
        negotiate(form.media_type)
        return form.answer(form, collection)

    summary = f"List {collection.name} as {form.name}"
    view.__doc__ = f"{summary}\n\n{form.about}"
    documented = blueprint.operation(
        f"list_{collection.name}_{form.suffix}",
        summary,
        answer=form.shape,
        content_type=form.media_type,
        parameters=lambda spec: list_parameters(collection, spec, form.offer),
    )(view)
    path = f"/{collection.name}.{form.suffix}"
    blueprint.route(path, endpoint=f"list_{form.suffix}")(documented)


def _publish_one(blueprint: Blueprint, collection: Collection, form: Format) -> None:
    def view(id: str) -> Response:  # noqa: A002  the contract's name
        negotiate(form.media_type)
        return answer_one(form, collection, id)

    summary = f"Get {_article(collection)} as {form.name}"
    view.__doc__ = f"{summary}\n\n{form.about}"
    documented = blueprint.operation(
        f"get_{collection.singular}_{form.suffix}",
        summary,
        answer=form.shape,
        content_type=form.media_type,
        errors=READ_ERRORS | {404: "NOT_FOUND", 410: "GONE"},
        parameters=lambda spec: single_parameters(collection, spec, WHOLE),
    )(view)
    blueprint.route(
        f"/{collection.name}/<id>.{form.suffix}",
        endpoint=f"show_{form.suffix}",
        parameters=[id_parameter(collection)],
    )(documented)

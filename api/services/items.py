"""The records of bundles: checked one by one, all faults told at once with their places."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from marshmallow import Schema, ValidationError

from ..errors import Fault, InvalidRecord
from ..schemas.faults import faults, pointed
from ..schemas.fields import nearest
from .bundles import Bundle, located
from .collection import Collection
from .derived import Derived
from .records import BY_NAME, COLLECTIONS

MOST_FAULTS = 100
ENOUGH = 1_000
"""After so many faults the rest of a bundle is not looked at."""


class Item(NamedTuple):
    """A checked record of a bundle, and where it stands.

    `version` is the one that the bundle says it was made from, None when it says none; `derived` is
    what follows from the record, where it is known already.
    """

    collection: Collection
    record: dict[str, Any]
    bundle: Bundle
    version: int | None = None
    derived: Derived | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Collection and id."""
        return (self.collection.name, self.record["id"])

    @property
    def pointer(self) -> str:
        """Where in its bundle it stands."""
        return pointed(f"/{self.collection.name}", self.record["id"])


def items_of(bundles: Iterable[Bundle]) -> list[Item]:
    """Return the records of bundles, each type after those that it names."""
    wrong: list[Fault] = []
    items: dict[tuple[str, str], Item] = {}
    for bundle in bundles:
        for item in _items(bundle, wrong):
            if item.key in items:
                other = items[item.key].bundle
                detail = f"stands in {other.place(item.pointer)} too"
                wrong += located(bundle, item.pointer, [Fault(detail, pointer="")])
            items[item.key] = item
    if wrong:
        raise invalid(wrong)
    order = {each.name: number for number, each in enumerate(COLLECTIONS)}
    return sorted(items.values(), key=lambda item: order[item.collection.name])


def _items(bundle: Bundle, wrong: list[Fault]) -> Iterator[Item]:
    for name, records in bundle.data.items():
        if len(wrong) > ENOUGH:
            return
        at = pointed("", name)
        collection = BY_NAME.get(name)
        if collection is None:
            detail = f"there is no collection {name}.{nearest(name, BY_NAME)}"
            wrong += located(bundle, at, [Fault(detail, pointer="")])
        elif not isinstance(records, dict):
            detail = "must be a mapping from id to record"
            wrong += located(bundle, at, [Fault(detail, pointer="")])
        else:
            schema = collection.form
            for record_id, fields in records.items():
                try:
                    record, version = load_fields(schema, record_id, fields)
                except ValidationError as error:
                    messages = error.normalized_messages()
                    wrong += located(bundle, pointed(at, record_id), faults(schema, messages))
                else:
                    yield Item(collection, record, bundle, version)


def load_fields(schema: Schema, record_id: Any, fields: Any) -> tuple[dict[str, Any], int | None]:
    """Return the loaded record and the version it was made from; ValidationError otherwise."""
    if not isinstance(fields, dict):
        raise ValidationError("must be a mapping from field to value")
    if fields.get("id", record_id) != record_id:
        raise ValidationError(f"must be {record_id}, the key that the record stands under", "id")
    version = fields.get("version")
    if version is not None and (type(version) is not int or version < 1):
        raise ValidationError("must be the number of the version it was made from", "version")
    record: dict[str, Any] = schema.load({**fields, "id": record_id})
    return record, version


def invalid(wrong: list[Fault]) -> InvalidRecord:
    """Return the error that tells faults, the first hundred of them."""
    more = len(wrong) - MOST_FAULTS
    rest = f" (the first {MOST_FAULTS} are shown)" if more > 0 else ""
    many = "1 fault" if len(wrong) == 1 else f"{len(wrong)} faults"
    return InvalidRecord(f"{many}{rest}; nothing changed.", tuple(wrong[:MOST_FAULTS]))

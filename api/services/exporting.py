"""A city as a bundle: its record and all that concerns it, in the form that an import takes."""

from typing import Any

import orjson
import yaml
from sqlalchemy import Connection, select

from .bundles import resolve
from .listing import single
from .query import JOURNAL_SEQ, SNAPSHOT
from .records import CITIES, COLLECTIONS
from .stored import content

Bundle = dict[str, dict[str, dict[str, Any]]]


def city_bundle(connection: Connection, city_id: str) -> Bundle:
    """Return collection → id → write form, with the version that each record is at.

    Nulls and empty values are left out. NotFound or Gone for a city that is not there.
    """
    city = single(connection, CITIES, city_id)
    found: Bundle = {CITIES.name: {city_id: _form(city, content(city, CITIES))}}
    for collection in COLLECTIONS:
        link = collection.links.get("cities")
        if link is None:
            continue
        table = collection.table
        stated = (
            select(SNAPSHOT)
            .join(table, table.c.seq == JOURNAL_SEQ)
            .join(link, link.c.owner_id == table.c.id)
            .where(link.c.value == city_id)
            .order_by(table.c.id)
        )
        snapshots = [orjson.loads(text) for text in connection.execute(stated).scalars()]
        records = {each["id"]: _form(each, content(each, collection)) for each in snapshots}
        if records:
            found[collection.name] = records
    return found


def _form(snapshot: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    kept = {n: v for n, v in record.items() if n != "id" and v not in (None, [], {})}
    return {"version": snapshot["version"], **_pruned(kept)}


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {n: _pruned(v) for n, v in value.items() if v not in (None, [], {})}
    return [_pruned(each) for each in value] if isinstance(value, list) else value


def as_yaml(bundle: Bundle) -> str:
    """Return a bundle as YAML that `bundles` reads as the same data."""
    text: str = yaml.dump(
        bundle, Dumper=BundleDumper, sort_keys=False, allow_unicode=True, width=100
    )
    return text


class BundleDumper(yaml.SafeDumper):
    """Quotes what the core schema would not read as text."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = None if isinstance(resolve(value), str) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


BundleDumper.add_representer(str, _text)

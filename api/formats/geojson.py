"""Cities as GeoJSON (RFC 7946): a point each, or no geometry where none is known."""

from collections.abc import Iterable, Iterator
from typing import Any

from .places import Record
from .plain import listed

_POINT = ("longitude", "latitude")


def parts(batches: Iterable[Iterable[Record]]) -> Iterator[bytes]:
    """Yield a FeatureCollection, a batch at a time."""
    before = b'{"type":"FeatureCollection","features":['
    return listed(before, (map(feature, batch) for batch in batches))


def feature(record: Record) -> dict[str, Any]:
    """Return a record as a feature; what it says beside its place stands in `properties`."""
    point = [record[name] for name in _POINT]
    located = None not in point
    return {
        "type": "Feature",
        "id": record["id"],
        "geometry": {"type": "Point", "coordinates": point} if located else None,
        "properties": {name: value for name, value in record.items() if name not in _POINT},
    }

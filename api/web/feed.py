"""Places in the feed as cursors, and what its answers have in common."""

from flask import Response, current_app
from marshmallow import ValidationError
from sqlalchemy import Connection

from ..errors import HistoryChanged
from ..schemas.fields import FORBIDDEN
from ..services import changes, mirror
from ..services.changes import Mark
from ..services.collection import Collection
from ..services.mirror import Digest, Place
from . import conditional
from .cursors import bound_to, pack, unpack
from .versions import base_url

SOON = "public, max-age=10, s-maxage=10, stale-if-error=86400"
"""A feed is polled: what it says is old after ten seconds."""


def read_place(text: str, names: tuple[str, ...]) -> Place:
    """Return the place in the feed that a cursor tells; ValidationError when it is none of ours."""
    bound, epoch, seq, entry = unpack(text, 4)
    if bound != bound_to("changes", sorted(names)):
        raise ValidationError("belongs to other types; `types` must stay the same")
    good = isinstance(epoch, str) and isinstance(entry, str) and isinstance(seq, int)
    if not good or not 0 <= seq < 2**31 or FORBIDDEN.search(epoch):
        raise ValidationError("is not a cursor of the feed")
    return Place(epoch, seq, entry)


def write_place(place: Place, names: tuple[str, ...]) -> str:
    """Return the cursor of a place, bound to the types that it was asked with."""
    return pack([bound_to("changes", sorted(names)), place.epoch, place.seq, place.entry])


def refuse_other_history(connection: Connection, place: Place) -> None:
    """Raise HistoryChanged, with the way back, when a place is not in this store's journal."""
    try:
        mirror.refuse_other_history(connection, place)
    except HistoryChanged as error:
        error.extra["snapshot"] = f"{base_url()}/snapshot"
        raise


def kept_digest(connection: Connection, collection: Collection) -> Digest:
    """Return the digest of a type, counted anew only after a write to it."""
    mark = changes.mark(connection, [collection.name])
    kept: dict[str, tuple[Mark, Digest]] = current_app.extensions.setdefault("digests", {})
    at, digest = kept.get(collection.name, (None, None))
    if at != mark or digest is None:
        digest = mirror.digest_of(connection, collection)
        kept[collection.name] = (mark, digest)
    return digest


def soon(response: Response) -> Response:
    """Let an answer be kept for ten seconds only, as a feed is polled."""
    if response.headers["Cache-Control"] != conditional.PRIVATE:
        response.headers["Cache-Control"] = SOON
    return response

"""What can go wrong, said once, for every door (HTTP, seed file, command line).

PilotCitiesError
├── BadQuery              400  a query name or value that is not in the grammar
│   └── CursorExpired     400  a best-first cursor from before the last write
├── MalformedBody         400  a body that cannot be read at all
│   └── DigestMismatch    400  a body is not the one that its digest stands for
├── Unauthorized          401  no token, or one that is not valid
├── Forbidden             403  a token that does not allow this
├── NotFound              404
├── NotAcceptable         406
├── Conflict              409
│   ├── StillReferenced   409  a record that others point to cannot be deleted
│   ├── AlreadyExists     409  another record has this id
│   └── PlanChanged       409  the store moved on, so the plan would be another
├── Gone                  410  the record was deleted
├── HistoryChanged        410  the cursor is from before the store was restored or made anew
├── PreconditionFailed    412  the record is at another version
├── BodyTooLarge          413  a body, or a bundle, larger than what is taken
├── UnsupportedMedia      415  the body's media type is not taken here
│   └── MediaMismatch     415  the body is not of the media type that it is said to be
├── InvalidRecord         422  a record that breaks its schema, or points to nothing
├── PreconditionRequired  428  a change must say which version it changes
└── StoreUnavailable      503  no database, or not the schema that this code expects

WriteOutsideCatalog (a programming error: a record written past `catalog`)
"""
# Long because: whoever looks for an error finds all of them here, drawn as a tree and then told.

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar


def sendable(text: str) -> str:
    """Return a text that UTF-8 can carry: what was refused may hold lone surrogates."""
    return text.encode("utf-8", "replace").decode()


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (`parameter` or JSON `pointer`, RFC 6901) and what.

    `place` is where a person finds it: file and line, or sheet, row and column.
    """

    detail: str
    parameter: str | None = None
    pointer: str | None = None
    place: str | None = None

    def __str__(self) -> str:
        """Return all that is known of it in one line."""
        parts = (self.place, self.pointer, self.parameter, self.detail)
        return ": ".join(each for each in parts if each)

    def as_dict(self) -> dict[str, str]:
        """Return the members that are set, as in the `errors` list of a problem."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {n: sendable(value) for n, value in found.items() if value is not None}


@dataclass
class PilotCitiesError(Exception):
    """The base: a sentence for people, and what a problem document (RFC 9457) needs."""

    detail: str
    faults: tuple[Fault, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something failed on our side"

    def __str__(self) -> str:
        """Return the sentence, then one line for each fault."""
        return "\n".join([self.detail, *(f"  {fault}" for fault in self.faults)])


class BadQuery(PilotCitiesError):
    """A query parameter that is unknown, given twice, or has a value it cannot have."""

    status, code, title = 400, "bad_query", "The query is not understood"


class CursorExpired(BadQuery):
    """The store has moved on since this best-first list was begun; begin it again."""

    code, title = "cursor_expired", "The cursor is no longer valid"


class MalformedBody(PilotCitiesError):
    """The body is not what its media type says."""

    status, code, title = 400, "malformed_body", "The body cannot be read"


class DigestMismatch(MalformedBody):
    """The body is not what its Content-Digest or Repr-Digest stands for; nothing was kept."""

    code, title = "digest_mismatch", "The body and its digest differ"


class Unauthorized(PilotCitiesError):
    """There is no token in `Authorization: Bearer`, or it is unknown, expired or revoked."""

    status, code, title = 401, "unauthorized", "A valid token is needed"


class Forbidden(PilotCitiesError):
    """The token's scopes or cities do not allow this."""

    status, code, title = 403, "forbidden", "The token does not allow this"


class NotFound(PilotCitiesError):
    """There is no such record or address."""

    status, code, title = 404, "not_found", "Not found"


class NotAcceptable(PilotCitiesError):
    """No format that `Accept` allows is offered here; `available` lists those that are."""

    status, code, title = 406, "not_acceptable", "None of the accepted formats is offered here"


class Conflict(PilotCitiesError):
    """The store's present state does not allow this."""

    status, code, title = 409, "conflict", "The store does not allow this now"


class StillReferenced(Conflict):
    """Other records point to this one; `references` tells how many and which."""

    code, title = "still_referenced", "Other records still point to this one"


class AlreadyExists(Conflict):
    """Another record has this id; `version` is the one it is at."""

    code, title = "already_exists", "There is another record with this id"


class PlanChanged(Conflict):
    """The store has moved on since the plan was made; `digest` is that of the plan as it is now."""

    code, title = "plan_changed", "The plan is no longer the one that was seen"


class Gone(PilotCitiesError):
    """The record was deleted: `deleted_at`, `reason` and `replaced_by` tell about it."""

    status, code, title = 410, "gone", "This record was deleted"


class HistoryChanged(PilotCitiesError):
    """The store was restored or made anew; `snapshot` is the address to begin again from."""

    status, code, title = 410, "history_changed", "The history is another one"


class PreconditionFailed(PilotCitiesError):
    """The record is not at the version of If-Match, or exists against If-None-Match: *."""

    status, code, title = 412, "precondition_failed", "The record is at another version"


class BodyTooLarge(PilotCitiesError):
    """The body, or the bundle in it, is larger than what is taken."""

    status, code, title = 413, "body_too_large", "The body is too large"


class UnsupportedMedia(PilotCitiesError):
    """The body's media type is not taken here; `available` lists those that are."""

    status, code, title = 415, "unsupported_media_type", "This media type is not taken here"


class MediaMismatch(UnsupportedMedia):
    """The body is not of its Content-Type: `declared` is what it says, `found` what was seen."""

    code, title = "media_type_mismatch", "The body is not of its media type"


class PreconditionRequired(PilotCitiesError):
    """A change needs If-Match with the version it changes, a creation If-None-Match: *."""

    status, code, title = 428, "precondition_required", "Say which version this changes"


class InvalidRecord(PilotCitiesError):
    """A record does not fit its schema, or names records that do not exist."""

    status, code, title = 422, "invalid_record", "The record is not valid"


class StoreUnavailable(PilotCitiesError):
    """The database does not answer, or has not the schema that this code expects."""

    status, code, title = 503, "store_unavailable", "The store is not available"


class WriteOutsideCatalog(RuntimeError):
    """A statement would change records past `catalog.save` and `catalog.remove`."""

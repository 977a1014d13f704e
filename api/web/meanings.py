"""What the problem codes mean, those of our own errors and those of what the framework refuses."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import PilotCitiesError


@dataclass(frozen=True)
class Meaning:
    """A problem code: its HTTP status, its title, which never varies, and when it is given."""

    status: int
    code: str
    title: str
    description: str


def _errors(base: type[PilotCitiesError]) -> Iterator[type[PilotCitiesError]]:
    for each in base.__subclasses__():
        yield each
        yield from _errors(each)


def _meaning(error: type[PilotCitiesError]) -> Meaning:
    told = " ".join((error.__doc__ or "").replace("`", "").split())
    return Meaning(error.status, error.code, error.title, told)


_REFUSALS = (
    Meaning(400, "bad_request", "The request is malformed", "Its first line, a header, its frame."),
    Meaning(405, "method_not_allowed", "There is no such method here", "Allow lists those it has."),
    Meaning(408, "request_timeout", "The request took too long", "It did not arrive in time."),
    Meaning(411, "length_required", "The length is missing", "A body needs a Content-Length."),
    Meaning(414, "address_too_long", "The address is too long", "Ask for less at once."),
    Meaning(416, "range_not_satisfiable", "There is no such range", "Ask without Range."),
    Meaning(431, "headers_too_large", "The headers are too large", "They weigh more than 32 KB."),
    Meaning(500, "internal_error", PilotCitiesError.title, "The request id leads to our log."),
)
MEANINGS = {each.code: each for each in (*_REFUSALS, *map(_meaning, _errors(PilotCitiesError)))}
"""Code → what it means."""

_SHARED = ("unauthorized", "forbidden", "not_found", "not_acceptable", "conflict")
_BY_STATUS = {each.status: each for each in _REFUSALS} | {
    MEANINGS[code].status: MEANINGS[code]
    for code in (*_SHARED, "body_too_large", "unsupported_media_type")
}


def refusal(status: int) -> Meaning:
    """Return what it means that the framework refuses with a status."""
    return _BY_STATUS.get(status, _BY_STATUS[400 if status < 500 else 500])

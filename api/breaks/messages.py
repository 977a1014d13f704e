"""What an operation takes and answers, in two documents: parameters, bodies, statuses, headers."""

from collections.abc import Iterator
from typing import Any

from .findings import Finding, Place
from .kinds import Kind
from .operations import NONE, Key, Operation
from .schemas import Schemas, earlier, gone
from .shapes import Schema

STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
NOTHING: dict[str, Any] = {}


class Messages:
    """Compares requests and answers; the schemas within are compared by `schemas`."""

    def __init__(self, schemas: Schemas) -> None:
        """Take what compares schemas, and knows both documents."""
        self.schemas, self.old, self.new = schemas, schemas.old, schemas.new

    def compare(self, old: Operation, new: Operation) -> Iterator[Finding]:
        """Yield the breaks of what one operation takes and answers."""
        yield from self._parameters(old, new)
        yield from self._body(old, new)
        yield from self._answers(old, new)

    def _parameters(self, old: Operation, new: Operation) -> Iterator[Finding]:
        renamed = dict(zip(old.names_in_path, new.names_in_path, strict=False))
        seen: list[Key] = []
        for (where, name), parameter in old.parameters.items():
            at = parameter.at
            other = renamed.get(name, name) if where == "path" else name
            if other != name:
                yield Finding(at, Kind.PARAMETER_RENAMED, f"is now called {other}")
            if (where, other) in new.parameters:
                seen.append((where, other))
                yield from self._parameter(parameter.body, new.parameters[where, other].body, at)
                continue
            elsewhere = [k for k in new.parameters if k[1] == name and k not in old.parameters]
            if elsewhere:
                seen.append(elsewhere[0])
                detail = f"is now in {elsewhere[0][0]}; it was in {where}"
                yield Finding(at, Kind.PARAMETER_MOVED, detail)
            else:
                today = self.schemas.today
                yield from gone(parameter.body, today, at, Kind.PARAMETER_REMOVED, "is gone")
        yield from _new_parameters(old, new, seen)

    def _parameter(self, old: Schema, new: Schema, at: Place) -> Iterator[Finding]:
        yield from earlier(old, new, at)
        if new.get("required") and not old.get("required"):
            yield Finding(at, Kind.PARAMETER_REQUIRED, "is now required")
        if _manner(old) != _manner(new):
            yield Finding(at, Kind.PARAMETER_STYLE_CHANGED, "is written in another way")
        else:
            for media_type, shape in old.get("content", NOTHING).items():
                other = new["content"][media_type]
                yield from self._schema(shape, other, at.to("content", media_type), sent=True)
            yield from self._schema(old, new, at, sent=True)

    def _schema(self, old: Schema, new: Schema, at: Place, *, sent: bool) -> list[Finding]:
        before, after = old.get("schema", True), new.get("schema", True)
        return self.schemas.compare(before, after, at.to("schema"), sent)

    def _body(self, old: Operation, new: Operation) -> Iterator[Finding]:
        before = self.old.resolve(old.body.get("requestBody"))
        after = self.new.resolve(new.body.get("requestBody"))
        at = old.place.to(*(["requestBody"] if before else []), words="the body")
        if after.get("required") and not before.get("required"):
            yield Finding(at, Kind.BODY_REQUIRED, "is now required")
        if before and not after:
            yield Finding(at, Kind.BODY_REMOVED, "is no longer taken")
            return
        for media_type, content in before.get("content", NOTHING).items():
            place = at.to("content", media_type)
            other = after.get("content", NOTHING).get(media_type)
            if other is None:
                yield Finding(place, Kind.BODY_TYPE_REMOVED, f"may no longer be {media_type}")
                continue
            if content.get("encoding") != other.get("encoding"):
                yield Finding(place, Kind.BODY_ENCODING_CHANGED, "is encoded in another way")
            yield from self._schema(content, other, place, sent=True)

    def _answers(self, old: Operation, new: Operation) -> Iterator[Finding]:
        before, after = (each.body.get("responses", NOTHING) for each in (old, new))
        for status, node in before.items():
            at = old.place.to("responses", status, words=f"the answer {status}")
            if status in after:
                was, now = self.old.resolve(node), self.new.resolve(after[status])
                yield from self._answer(was, now, at.of(node))
            else:
                yield Finding(at, Kind.STATUS_REMOVED, "is no longer documented")
        for status in after:
            # a 304 comes only to who asks for it; what else fails is covered by `default`
            if status not in before and str(status)[:1] in "23" and str(status) != "304":
                at = old.place.to("responses", words=f"the answer {status}")
                yield Finding(at, Kind.SUCCESS_ADDED, "is new")

    def _answer(self, old: Schema, new: Schema, at: Place) -> Iterator[Finding]:
        for media_type, content in old.get("content", NOTHING).items():
            place = at.to("content", media_type)
            other = new.get("content", NOTHING).get(media_type)
            if other is None:
                yield Finding(
                    place, Kind.ANSWER_TYPE_REMOVED, f"is no longer to be had as {media_type}"
                )
            else:
                yield from self._schema(content, other, place, sent=False)
        given = {name.lower(): node for name, node in new.get("headers", NOTHING).items()}
        for name, node in old.get("headers", NOTHING).items():
            place = at.to("headers", name, words=f"the header {name} of {at.words}")
            if name.lower() not in given:
                yield Finding(place, Kind.HEADER_REMOVED, "is gone")
                continue
            place = place.of(node)
            was, now = self.old.resolve(node), self.new.resolve(given[name.lower()])
            if was.get("required") and not now.get("required"):
                yield Finding(place, Kind.HEADER_OPTIONAL, "may now be missing")
            yield from self._schema(was, now, place, sent=False)


def _manner(parameter: Schema) -> tuple[Any, ...]:
    """Return how the value of a parameter is written."""
    style = parameter.get("style", STYLES.get(parameter["in"]))
    explode = parameter.get("explode", style == "form")
    return style, explode, bool(parameter.get("allowReserved")), [*parameter.get("content", NONE)]


def _new_parameters(old: Operation, new: Operation, seen: list[Key]) -> Iterator[Finding]:
    at = old.place
    for key, parameter in new.parameters.items():
        if key not in seen and parameter.body.get("required"):
            place = at.to(words=f"the parameter {key[1]}")
            yield Finding(place, Kind.PARAMETER_REQUIRED, "is new, and required")
    kept = [key for key in new.parameters if key in seen]
    if kept != seen:
        order = ", ".join(name for _, name in kept)
        yield Finding(at, Kind.PARAMETER_ORDER_CHANGED, f"has the parameters in the order {order}")

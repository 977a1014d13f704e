"""Two schemas, by direction: what is sent must still be taken, what is answered still be read."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from .findings import Finding, Place
from .kinds import Kind
from .shapes import Document, Schema, Shape
from .values import compare_values

NOTHING: dict[str, Any] = {}


def may_go(item: Schema, today: date) -> bool:
    """Tell whether something was deprecated and its sunset has come."""
    sunset = item.get("x-sunset")
    return bool(item.get("deprecated")) and sunset is not None and str(sunset) <= str(today)


def gone(item: Schema, today: date, at: Place, kind: Kind, detail: str) -> Iterator[Finding]:
    """Yield the break that something is gone, unless it was announced and its day has come."""
    if may_go(item, today):
        return
    if item.get("deprecated") and "x-sunset" in item:
        detail += f"; it may go on {item['x-sunset']}"
        kind = Kind.REMOVED_TOO_EARLY
    yield Finding(at, kind, detail)


def earlier(old: Schema, new: Schema, at: Place) -> Iterator[Finding]:
    """Yield the break that a sunset is no longer the day that was announced, or a later one."""
    was, now = old.get("x-sunset"), new.get("x-sunset")
    if was is not None and new.get("deprecated") and (now is None or str(now) < str(was)):
        yield Finding(at, Kind.SUNSET_ADVANCED, f"may go on {now or 'any day'}; it was {was}")


class Schemas:
    """Compares the schemas of two documents. Each pair of components is looked at once a direction.

    A pair that is met again while it is looked at (a tree of comments) adds nothing there.
    """

    def __init__(self, old: Document, new: Document, today: date) -> None:
        """Take both documents, and the day by which sunsets are judged."""
        self.old, self.new, self.today = old, new, today
        self._known: dict[tuple[Any, ...], list[Finding]] = {}

    def compare(self, old: Any, new: Any, at: Place, sent: bool) -> list[Finding]:
        """Return the breaks from one schema to another. `sent`: clients send it, else read it."""
        before, after = self.old.resolve(old), self.new.resolve(new)
        found = list(_annotations(before, after, at, sent))
        olds, news = self.old.shapes(old), self.new.shapes(new)
        types = [{each.type for each in shapes} - {"null"} for shapes in (olds, news)]
        if types[0] != types[1]:
            was, now = (" or ".join(sorted(each)) or "null" for each in types)
            return [*found, Finding(at, Kind.TYPE_CHANGED, f"is {now}; it was {was}")]
        nulls = [any(each.type == "null" for each in shapes) for shapes in (olds, news)]
        if nulls == [True, False] and sent:
            found.append(Finding(at, Kind.NULL_REFUSED, "may no longer be null"))
        if nulls == [False, True] and not sent:
            found.append(Finding(at, Kind.NULL_ANSWERED, "may now be null"))
        return found + self._alternatives(olds, news, at, sent)

    def _alternatives(
        self, olds: list[Shape], news: list[Shape], at: Place, sent: bool
    ) -> list[Finding]:
        """Find for each alternative that must be covered the one that covers it best."""
        found: list[Finding] = []
        for inner in olds if sent else news:
            if inner.type == "null":
                continue
            outer = [each for each in (news if sent else olds) if each.type == inner.type]
            named = [each for each in outer if each.name and each.name == inner.name]
            pairs = [(inner, each) if sent else (each, inner) for each in named or outer]
            tried = [self._pair(*pair, at, sent) for pair in pairs]
            best: list[Finding] = min(tried, key=len)
            found += best
        return found

    def _pair(self, old: Shape, new: Shape, at: Place, sent: bool) -> list[Finding]:
        found = []
        if old.name != new.name and (old.makes_a_type or new.makes_a_type):
            detail = f"is {new.name or 'without a name'}; it was {old.name or 'without a name'}"
            found.append(Finding(at, Kind.SCHEMA_RENAMED, detail))
        if not old.name or not new.name:
            return found + self._bodies(old, new, at, sent)
        key = (sent, old.name, new.name, old.type, repr(old.terms), repr(new.terms))
        if key not in self._known:
            self._known[key] = []
            self._known[key] = self._bodies(old, new, self._place(old, at), sent)
        return found + self._known[key]

    def _place(self, shape: Shape, at: Place) -> Place:
        """Return where a shape is written: its component, unless more was said beside it."""
        component = self.old.content.get("components", NOTHING).get("schemas", NOTHING)
        written = self.old.shapes(component.get(shape.name, NOTHING))
        if any(each.terms == shape.terms for each in written):
            return Place("#", "").to(
                "components", "schemas", str(shape.name), words=str(shape.name)
            )
        return at

    def _bodies(self, old: Shape, new: Shape, at: Place, sent: bool) -> list[Finding]:
        same = old.body == new.body  # most are, and what they refer to is looked at all the same
        found = [] if same else list(compare_values(old.body, new.body, at, sent))
        if old.type in ("object", "any"):
            found += self._properties(old.body, new.body, at, sent)
            found += self._others(old.body, new.body, at, sent)
        if old.type in ("array", "any") and ("items" in old.body or "items" in new.body):
            before, after = old.body.get("items", True), new.body.get("items", True)
            found += self.compare(before, after, at.to("items", words=f"{at.words}[]"), sent)
        return found

    def _properties(self, old: Schema, new: Schema, at: Place, sent: bool) -> Iterator[Finding]:
        before, after = old.get("properties", NOTHING), new.get("properties", NOTHING)
        for name, shape in before.items():
            place = at.to("properties", name, words=f"{at.words}.{name}")
            if name in after:
                yield from self.compare(shape, after[name], place, sent)
            else:
                item = self.old.resolve(shape)
                yield from gone(item, self.today, place, Kind.PROPERTY_REMOVED, "is gone")
        for name in after:
            if name not in before and not sent and old.get("additionalProperties") is False:
                detail = f"has a new property {name!r}, and was closed"
                yield Finding(at, Kind.OBJECT_OPENED, detail)
        yield from _required(old, new, at, sent)

    def _others(self, old: Schema, new: Schema, at: Place, sent: bool) -> Iterator[Finding]:
        """Yield what changes about properties that have no name in the schema."""
        before, after = (each.get("additionalProperties", True) for each in (old, new))
        if isinstance(before, dict) and isinstance(after, dict):
            place = at.to("additionalProperties", words=f"{at.words}.*")
            yield from self.compare(before, after, place, sent)
        elif sent and before is not False and after not in (True, NOTHING) and before != after:
            yield Finding(at, Kind.OBJECT_CLOSED, "no longer takes other properties as it did")
        elif not sent and after is not False and before not in (True, NOTHING) and before != after:
            yield Finding(at, Kind.OBJECT_OPENED, "may now hold other properties")


def _annotations(old: Schema, new: Schema, at: Place, sent: bool) -> Iterator[Finding]:
    yield from earlier(old, new, at)
    if sent and old.get("default") != new.get("default"):
        detail = f"has default {new.get('default')!r}; it was {old.get('default')!r}"
        yield Finding(at, Kind.DEFAULT_CHANGED, detail)
    word = "readOnly" if sent else "writeOnly"
    if new.get(word) and not old.get(word):
        yield Finding(at, Kind.PROPERTY_HIDDEN, f"is now {word}")
    was, now = old.get("discriminator"), new.get("discriminator")
    if was is not None and (now is None or was["propertyName"] != now["propertyName"]):
        yield Finding(at, Kind.DISCRIMINATOR_CHANGED, "is told apart by another property")
    elif was is not None and now is not None:
        kept = now.get("mapping", NOTHING)
        lost = [tag for tag, to in was.get("mapping", NOTHING).items() if kept.get(tag) != to]
        if lost:
            detail = f"leads {', '.join(lost)} elsewhere"
            yield Finding(at, Kind.DISCRIMINATOR_CHANGED, detail)


def _required(old: Schema, new: Schema, at: Place, sent: bool) -> Iterator[Finding]:
    was, now = (set(each.get("required", ())) for each in (old, new))
    before, after = (each.get("properties", NOTHING) for each in (old, new))
    for name in sorted(now - was) if sent else ():
        place = at.to(words=f"{at.words}.{name}")
        yield Finding(place, Kind.PROPERTY_REQUIRED, "is now required")
    for name in sorted(was - now) if not sent else ():
        if name in after or name not in before:  # else it is gone, which was told
            place = at.to(words=f"{at.words}.{name}")
            yield Finding(place, Kind.PROPERTY_OPTIONAL, "may now be missing")
    order = [name for name in before if name in was and name in now and name in after]
    later = [name for name in after if name in now]
    kept = [name for name in later if name in order]
    if kept != order or (not sent and later[: len(order)] != order):
        detail = f"has required properties in the order {', '.join(later)}"
        yield Finding(at, Kind.PROPERTY_ORDER_CHANGED, detail)

"""Shapes of what is written, which load what is well without marshmallow's bookkeeping of faults.

The same fields, checks and hooks as `Schema.load`; where one of them refuses, `Schema.load` itself
does it all again and tells every fault. That bookkeeping is half of the cost of an import.
"""

import re
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from marshmallow import RAISE, Schema, ValidationError, missing
from marshmallow.decorators import POST_LOAD, PRE_LOAD, VALIDATES, VALIDATES_SCHEMA
from marshmallow.fields import Field, List, Nested

from .fields import FORBIDDEN, Patterned, Text, Unique

Read = Callable[[Any], Any]
SOUND_TEXT = re.compile(r"[^\W_][^" + FORBIDDEN.pattern[1:] + "*")
"""Finds most texts that are sound: those that begin with a letter or digit."""
REMEMBERED = 512
"""Of how many values of a field that are looked up is remembered what they are read as."""


class _Members(NamedTuple):
    """What loading asks of the fields: by its key in the data, where a value goes and what reads
    it; the data when nothing is given, `missing` standing for what is made anew each time, and what
    makes that.
    """

    by_key: dict[str, tuple[str, Read]]
    nothing: dict[str, Any]
    made: list[tuple[str, Callable[[], Any]]]


class Form(Schema):
    """A shape of what is written."""

    def load(self, data: Any, **options: Any) -> Any:
        """Return the loaded data; ValidationError with all faults."""
        if self._is_plain and all(each is None for each in options.values()):
            try:
                return self.loaded(data)
            except ValidationError:
                pass
        return super().load(data, **options)

    @cached_property
    def _is_plain(self) -> bool:
        """Whether nothing is asked for that only the long way knows."""
        fields = self.load_fields.values()
        return (
            (self.many, self.partial, self.unknown) == (False, None, RAISE)
            and not self._hooks[VALIDATES]
            and not any("." in (each.attribute or "") for each in fields)
            and not any(each.pre_load or each.post_load for each in fields)
        )

    @cached_property
    def _members(self) -> _Members:
        named = {each.attribute or name: each for name, each in self.load_fields.items()}
        defaults = {attribute: _default(each) for attribute, each in named.items()}
        return _Members(
            {
                each.data_key or name: (each.attribute or name, _reading(each))
                for name, each in self.load_fields.items()
            },
            {name: missing if callable(each) else each for name, each in defaults.items()},
            [(name, each) for name, each in defaults.items() if callable(each)],
        )

    @cached_property
    def _before(self) -> list[Callable[..., Any]]:
        return [self._calling(name, how) for name, _, how in self._hooks[PRE_LOAD]]

    @cached_property
    def _whole(self) -> list[Callable[..., Any]]:
        return [self._calling(name, how) for name, _, how in self._hooks[VALIDATES_SCHEMA]]

    @cached_property
    def _after(self) -> list[Callable[..., Any]]:
        return [self._calling(name, how) for name, _, how in self._hooks[POST_LOAD]]

    def _calling(self, name: str, how: dict[str, Any]) -> Callable[..., Any]:
        hook = getattr(self, name)
        options = {"many": False, "partial": None, "unknown": self.unknown}
        if how.get("pass_original"):
            return lambda value, original: hook(value, original, **options)
        return lambda value, _: hook(value, **options)

    def loaded(self, data: Any) -> dict[str, Any]:
        """Return the loaded data; ValidationError, which tells nothing, when something is wrong."""
        given = data
        for hook in self._before:
            given = hook(given, data)
        if not isinstance(given, Mapping):
            raise _Doubt
        found = self._values(given)
        for hook in self._whole:
            hook(found, data)
        for hook in self._after:
            found = hook(found, data)
        return found

    def _values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        by_key, nothing, made = self._members
        found = nothing.copy()
        for key, value in given.items():
            attribute, read = by_key.get(key) or _refuse()
            found[attribute] = read(value)
        for attribute, make in made:
            if found[attribute] is missing:
                found[attribute] = make()
                if found[attribute] is missing:
                    del found[attribute]
        return found


def _reading(field: Field[Any]) -> Read:
    """Return what reads and checks a value of a field, without a look for where faults are."""
    within = _within(field)
    own = field.whole if isinstance(field, Patterned) else None  # looked at as it is read
    checks = [each for each in field.validators if own is None or _pattern_of(each) is not own]
    may_be_null, sound, longest = field.allow_none, _sound(field), getattr(field, "longest", 0)

    def read(value: Any) -> Any:
        if value is None:
            return None if may_be_null else _refuse()
        if sound and value.__class__ is str and len(value) <= longest and sound(value):
            return value
        found = within(value, None, None)
        for check in checks:
            check(found)
        return found

    return _remembering(read) if isinstance(field, Patterned) and sound is None else read


def _sound(field: Field[Any]) -> Callable[[str], Any] | None:
    """Return what tells of most texts that are good as they are, so that nothing else need; None
    for a field that asks for more than a form and a length.
    """
    if type(field)._deserialize is Text._deserialize and len(field.validators) == 1:
        return SOUND_TEXT.fullmatch
    if isinstance(field, Patterned) and type(field)._deserialize is Patterned._deserialize:
        return field.whole.match
    return None


def _remembering(read: Read) -> Read:
    """Return what reads texts, of which few differ: languages, days, media types."""
    known = lru_cache(REMEMBERED)(read)
    return lambda value: known(value) if value.__class__ is str else read(value)


def _within(field: Field[Any]) -> Callable[[Any, None, None], Any]:
    if isinstance(field, List):
        return _listing(_reading(field.inner), alone=isinstance(field, Unique))
    shape = field.schema if isinstance(field, Nested) else None
    if isinstance(shape, Form) and shape._is_plain:
        return lambda value, *_: shape.loaded(value)
    return field._deserialize


def _listing(read: Read, *, alone: bool) -> Callable[[Any, None, None], Any]:
    def listed(values: Any, *_: None) -> list[Any]:
        if not isinstance(values, list):
            raise _Doubt
        found = [read(each) for each in values]
        if alone and len(set(found)) != len(found):
            raise _Doubt
        return found

    return listed


def _pattern_of(check: Any) -> Any:
    return getattr(check, "regex", None)


def _default(field: Field[Any]) -> Any:
    """Return a field's default, or what makes it or tells that there is none."""
    if field.required:
        return _refuse
    default = field.load_default
    return (lambda: missing) if default is missing else default


def _refuse() -> Any:
    raise _Doubt


class _Doubt(ValidationError):
    """Something is wrong; what, the long way tells."""

    def __init__(self) -> None:
        super().__init__("")

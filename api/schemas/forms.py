"""Shapes of what is written, which load what is well without marshmallow's bookkeeping of faults.

The same fields, checks and hooks as `Schema.load`; where one of them refuses, `Schema.load` itself
does it all again and tells every fault. That bookkeeping is half of the cost of an import.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from marshmallow import RAISE, Schema, ValidationError, missing
from marshmallow.decorators import POST_LOAD, PRE_LOAD, VALIDATES, VALIDATES_SCHEMA
from marshmallow.fields import Field, List, Nested

from .fields import Patterned, Unique

Read = Callable[[Any], Any]


class _Member(NamedTuple):
    """What loading asks of a field."""

    key: str
    attribute: str
    read: Read
    default: Callable[[], Any]


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
    def _members(self) -> list[_Member]:
        return [
            _Member(each.data_key or name, each.attribute or name, _reading(each), _default(each))
            for name, each in self.load_fields.items()
        ]

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
        found, known = {}, 0
        for key, attribute, read, default in self._members:
            if key in given:
                known += 1
                found[attribute] = read(given[key])
            else:
                value = default()
                if value is not missing:
                    found[attribute] = value
        if known != len(given):
            raise _Doubt
        return found


def _reading(field: Field[Any]) -> Read:
    """Return what reads and checks a value of a field, without a look for where faults are."""
    within = _within(field)
    own = field.whole if isinstance(field, Patterned) else None  # looked at as it is read
    checks = [each for each in field.validators if own is None or _pattern_of(each) is not own]
    may_be_null = field.allow_none

    def read(value: Any) -> Any:
        if value is None:
            if may_be_null:
                return None
            raise _Doubt
        found = within(value, None, None)
        for check in checks:
            check(found)
        return found

    return read


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


def _default(field: Field[Any]) -> Callable[[], Any]:
    if field.required:
        return _refuse
    default = field.load_default
    return default if callable(default) else lambda: default


def _refuse() -> None:
    raise _Doubt


class _Doubt(ValidationError):
    """Something is wrong; what, the long way tells."""

    def __init__(self) -> None:
        super().__init__("")

"""Shapes of what is written, which load what is well without marshmallow's bookkeeping of faults.

The same fields, checks and hooks as `Schema.load`; where one of them refuses, `Schema.load` itself
does it all again and tells every fault. That bookkeeping is half of the cost of an import.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from marshmallow import RAISE, Schema, ValidationError, missing
from marshmallow.decorators import POST_LOAD, PRE_LOAD, VALIDATES, VALIDATES_SCHEMA
from marshmallow.fields import Field


class _Member(NamedTuple):
    """What loading asks of a field."""

    key: str
    attribute: str
    read: Callable[..., Any]
    checks: list[Callable[[Any], Any]]
    default: Callable[[], Any]
    may_be_null: bool


class Form(Schema):
    """A shape of what is written."""

    def load(self, data: Any, **options: Any) -> Any:
        """Return the loaded data; ValidationError with all faults."""
        if self._is_plain and all(each is None for each in options.values()):
            try:
                return self._loaded(data)
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
            _Member(
                each.data_key or name,
                each.attribute or name,
                each._deserialize,
                each.validators,
                _default(each),
                each.allow_none,
            )
            for name, each in self.load_fields.items()
        ]

    def _loaded(self, data: Any) -> dict[str, Any]:
        given = data
        for name, _, how in self._hooks[PRE_LOAD]:
            given = self._called(name, how, given, data)
        if not isinstance(given, Mapping):
            raise _Doubt
        found = self._values(given)
        for name, _, how in self._hooks[VALIDATES_SCHEMA]:
            self._called(name, how, found, data)
        for name, _, how in self._hooks[POST_LOAD]:
            found = self._called(name, how, found, data)
        return found

    def _values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        found, known = {}, 0
        for member in self._members:
            key, attribute, read, checks, default, may_be_null = member
            value = given.get(key, missing)
            if value is missing:
                value = default()
            else:
                known += 1
                if value is not None:
                    value = read(value, key, given)
                    for check in checks:
                        check(value)
                elif not may_be_null:
                    raise _Doubt
            if value is not missing:
                found[attribute] = value
        if known != len(given):
            raise _Doubt
        return found

    def _called(self, name: str, how: dict[str, Any], value: Any, original: Any) -> Any:
        originals = (original,) if how.get("pass_original") else ()
        options = {"many": False, "partial": None, "unknown": self.unknown}
        return getattr(self, name)(value, *originals, **options)


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

"""The base class of all records, which have Auth0's field names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import field, fields
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, get_args, get_type_hints

from mockidp.frozen import frozen, replace
from mockidp.resources.unsupported import Differs, differences


@frozen
class Record:
    """An immutable resource in Auth0's own shape.

    The value of a field that mockidp does not support is kept in `extra`. A field's name in a
    tenant file is the attribute's, unless its metadata has another under `name`.
    """

    COSMETIC: ClassVar[frozenset[str]] = frozenset()
    """Auth0 fields that mockidp does not support and that change no answer: logos, texts,
    metadata, and fields of endpoints that mockidp refuses by name."""
    DIFFERS: ClassVar[Mapping[str, Differs]] = {}
    """Auth0 fields that mockidp does not support, or not fully, and that change an answer."""
    KEEPS_ANYTHING: ClassVar[bool] = False
    """Whether any other key is kept, too, because Auth0's own list is open."""

    extra: Mapping[str, Any] = field(default_factory=dict)
    explicit: frozenset[str] = field(default=frozenset(), metadata={"name": None})
    """Fields that were set to their default. Tenant files and answers have them, because Auth0
    shows all that was set."""

    def value_if_set(self, name: str) -> Any:
        """Return the value of a field; None if it is empty or false and was not set."""
        value = getattr(self, name)
        return value if value or name in self.explicit else None


R = TypeVar("R", bound=Record)


def without_extra(record: R) -> R:
    """Return a record with its fields only, as complete JSON has it."""
    values = {one.name: getattr(record, one.name) for one in fields(record)}
    inner: dict[str, Any] = {
        name: without_extra(one) for name, one in values.items() if isinstance(one, Record)
    }
    return replace(record, extra={}, explicit=frozenset(), **inner)


def differs_only_in(names: Collection[str], before: R, after: R) -> bool:
    """Return whether two states of a record differ only in some fields of `extra`, if at all."""
    old, new = before.extra, after.extra
    changed = (name for name in {*old, *new} if old.get(name) != new.get(name))
    cls: Any = type(before)
    rest = _rest_of(cls)
    return all(name in names for name in changed) and rest(before) == rest(after)


@cache
def _rest_of(cls: Any) -> Callable[[Record], Any]:
    """Return a function that returns the values of all fields but `extra`."""
    return attrgetter(*(one.name for one in fields(cls) if one.name != "extra"))


def differences_of(record: Record) -> Iterator[tuple[str, str]]:
    """Yield name and text of each field that is ignored and makes Auth0 answer differently."""
    yield from differences(record.DIFFERS, record.extra)
    cls: Any = type(record)
    for field_name in _names_of_inner(cls):
        inner = getattr(record, field_name)
        if isinstance(inner, Record):
            yield from ((f"{field_name}.{name}", text) for name, text in differences_of(inner))


@cache
def _names_of_inner(cls: Any) -> tuple[str, ...]:
    """Return the names of the fields whose values may be records, or tuples of them."""
    hints = {name: (hint, *get_args(hint)) for name, hint in get_type_hints(cls).items()}
    return tuple(name for name, kinds in hints.items() if any(map(_is_record, kinds)))


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)

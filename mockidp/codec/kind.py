"""The type of a value, parsed from a type hint once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from mockidp.frozen import frozen


@frozen(kw_only=False)
class Scalar:
    """A string, boolean or number."""

    type: type


@frozen(kw_only=False)
class Choice:
    """One of several strings."""

    words: tuple[str, ...]


@frozen(kw_only=False)
class ListOf:
    """A list, held as a tuple."""

    item: Kind


@frozen(kw_only=False)
class MappingOf:
    """A mapping with strings as keys."""

    value: Kind


@frozen(kw_only=False)
class RecordOf:
    """A dataclass."""

    cls: type


@frozen(kw_only=False)
class Anything:
    """Any JSON value."""


@frozen(kw_only=False)
class Nullable:
    """A value of another kind, or null."""

    inner: Kind


Kind = Scalar | Choice | ListOf | MappingOf | RecordOf | Anything | Nullable


@cache
def kind_of(hint: Any) -> Kind:
    """Return the kind that a type hint describes."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (bare,) = (one for one in inner if one is not NoneType)
        return Nullable(kind_of(bare))
    if origin is Literal:
        return Choice(inner)
    if origin in (tuple, list):
        return ListOf(kind_of(inner[0]))
    if (origin or hint) in (dict, Mapping):
        return MappingOf(kind_of(inner[1]) if inner else Anything())
    if hint is Any or hint is None or isinstance(hint, TypeVar):
        return Anything()
    is_record = is_dataclass(hint)
    return RecordOf(hint) if is_record else Scalar(hint)


def bare(kind: Kind) -> Kind:
    """Return a kind without the possibility of null."""
    return kind.inner if isinstance(kind, Nullable) else kind


def record_in(kind: Kind) -> type | None:
    """Return the record that a value holds: itself, optional or in a list."""
    match kind:
        case RecordOf(cls):
            return cls
        case Nullable(inner) | ListOf(inner):
            return record_in(inner)
    return None

"""Records as plain data, and back: what goes over HTTP and into a data directory."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from mockidp.errors import MockIdPError

T = TypeVar("T")
_SCALARS: Mapping[Any, tuple[type, ...]] = {
    str: (str,),
    bool: (bool,),
    int: (int,),
    float: (int, float),
}


def to_plain(value: Any) -> Any:
    """Return what JSON can say: records as mappings, in the order of their fields.

    A time without end (`inf`) is null.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: to_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): to_plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def from_plain(kind: type[T], data: Any, path: str = "") -> T:
    """Return the record that plain data stands for.

    Raises:
        MockIdPError: It stands for none; the text names the place.
    """
    built: T = _build(kind, data, path)
    return built


def _build(kind: Any, data: Any, path: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        (bare,) = (one for one in get_args(kind) if one is not NoneType)
        return None if data is None else _build(bare, data, path)
    if is_dataclass(kind) and isinstance(kind, type):
        return _build_record(kind, data, path)
    if origin is tuple:
        _check(isinstance(data, list), path, "a list")
        item = get_args(kind)[0]
        return tuple(_build(item, one, f"{path}/{index}") for index, one in enumerate(data))
    if kind is float and data is None:
        return math.inf
    return _checked(kind, origin, data, path)


def _checked(kind: Any, origin: Any, data: Any, path: str) -> Any:
    if origin is Literal:
        _check(data in get_args(kind), path, f"one of {', '.join(get_args(kind))}")
    elif kind in _SCALARS:
        is_other = isinstance(data, bool) and kind is not bool
        _check(isinstance(data, _SCALARS[kind]) and not is_other, path, kind.__name__)
    elif kind is not Any and not isinstance(kind, TypeVar):
        _check(isinstance(data, dict), path, "a mapping")
    return data


def _build_record(cls: type, data: Any, path: str) -> Any:
    _check(isinstance(data, dict), path, "a mapping")
    hints = _hints(cls)
    known = {one.name: one for one in fields(cls)}
    for name in data:
        _check(name in known, f"{path}/{name}", f"one of {', '.join(known)}")
    for name, one in known.items():
        has_default = one.default is not MISSING or one.default_factory is not MISSING
        _check(name in data or has_default, f"{path}/{name}", "a value")
    return cls(**{name: _build(hints[name], one, f"{path}/{name}") for name, one in data.items()})


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _check(good: bool, path: str, expected: str) -> None:  # noqa: FBT001 - a condition
    if not good:
        raise MockIdPError(f"{path or 'the data'}: expected {expected}")

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
_MAX_SIZE = 2**53
_EXPECTED: Mapping[Any, tuple[str, tuple[type, ...]]] = {
    str: ("a text", (str,)),
    bool: ("true or false", (bool,)),
    int: (f"a whole number up to {_MAX_SIZE}", (int,)),
    float: (f"a number up to {_MAX_SIZE}", (int, float)),
}


def to_plain(value: Any) -> Any:
    """Return what JSON can say: records as mappings, in the order of their fields.

    A time without end (`inf`) is null, in fields whose metadata have `endless`.
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


def expect(good: bool, path: str, expected: str) -> None:  # noqa: FBT001 - a condition
    """Check something of plain data.

    Raises:
        MockIdPError: It is not so; the text names the place.
    """
    if not good:
        raise MockIdPError(f"{path or 'the data'}: expected {expected}")


def _build(kind: Any, data: Any, path: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        (bare,) = (one for one in get_args(kind) if one is not NoneType)
        return None if data is None else _build(bare, data, path)
    if is_dataclass(kind) and isinstance(kind, type):
        return _build_record(kind, data, path)
    if origin is tuple:
        expect(isinstance(data, list), path, "a list")
        item = get_args(kind)[0]
        return tuple(_build(item, one, f"{path}/{index}") for index, one in enumerate(data))
    if origin is Literal:
        known = get_args(kind)
        expect(isinstance(data, str) and data in known, path, f"one of {', '.join(known)}")
        return data
    if kind in _EXPECTED:
        return _build_scalar(kind, data, path)
    return data if kind is Any or isinstance(kind, TypeVar) else _build_mapping(kind, data, path)


def _build_mapping(kind: Any, data: Any, path: str) -> Any:
    expect(isinstance(data, dict), path, "a mapping")
    if get_args(kind)[1:] != (str,):
        return data
    return {
        _build_scalar(str, name, path): _build_scalar(str, one, f"{path}/{_shown(name)}")
        for name, one in data.items()
    }


def _build_scalar(kind: Any, data: Any, path: str) -> Any:
    expected, held = _EXPECTED[kind]
    expect(isinstance(data, held) and isinstance(data, bool) == (kind is bool), path, expected)
    if kind is str:
        # Half a character of UTF-16 could never be sent.
        expect(not any("\ud800" <= one <= "\udfff" for one in data), path, expected)
    elif kind is not bool:  # what is not finite is no less than the largest either
        expect(abs(data) <= _MAX_SIZE, path, expected)
    return kind(data)


def _build_record(cls: type, data: Any, path: str) -> Any:
    expect(isinstance(data, dict), path, "a mapping")
    hints = _hints(cls)
    known = {one.name: one for one in fields(cls)}
    for name in data:
        expect(name in known, f"{path}/{_shown(name)}", f"one of {', '.join(known)}")
    for name, one in known.items():
        has_default = one.default is not MISSING or one.default_factory is not MISSING
        expect(name in data or has_default, f"{path}/{name}", "a value")
    built = {
        name: math.inf
        if one is None and known[name].metadata.get("endless")
        else _build(hints[name], one, f"{path}/{name}")
        for name, one in data.items()
    }
    return cls(**built)


def _shown(name: object) -> str:
    """Return a key that somebody made up, in a place."""
    return ascii(name)[1:-1][:80]


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)

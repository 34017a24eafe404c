"""Write records as plain data, by the shape of their class."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import is_dataclass
from functools import cache
from types import NoneType
from typing import Any

from mockidp.codec.dialect import FILE, WIRE, Dialect
from mockidp.codec.pieces import Members
from mockidp.codec.shape import shape_of

_AS_IS = (str, int, NoneType)


def to_file(value: Any) -> Any:
    """Return a record, or a whole document, as a tenant file has it: without defaults.

    Fields of a record that were set to their default are not left out.
    """
    return _write(value, FILE)


def to_wire(value: Any) -> Any:
    """Return a record as complete JSON. A value that JSON does not have becomes a string.

    Numbers that are not finite become null, such as the end of an entry that never expires.
    """
    return _write(value, WIRE)


def to_file_in_pieces(record: Any) -> Members:
    """Return what `to_file` returns, with lists whose items are made when they are written."""
    return Members(_write_record(record, FILE, write=_write_list))


def _write_list(value: Any, dialect: Dialect) -> Any:
    """Return an iterator for a list; everything else as plain data."""
    if isinstance(value, tuple):
        return (_write(one, dialect) for one in value)
    return _write(value, dialect)


def _write(value: Any, dialect: Dialect) -> Any:
    return _writer_of(type(value))(value, dialect)


def _find_writer(cls: type) -> Callable[[Any, Dialect], Any]:
    """Return the function that writes the values of a class."""
    if issubclass(cls, _AS_IS):
        return lambda value, _: value
    if issubclass(cls, float):
        return lambda value, _: value if math.isfinite(value) else None
    if issubclass(cls, Mapping):
        return _write_mapping
    if issubclass(cls, list | tuple | set | frozenset):
        return _write_items
    return _write_record if is_dataclass(cls) else lambda value, _: str(value)


_writer_of: Callable[[type], Callable[[Any, Dialect], Any]] = cache(_find_writer)


def _write_mapping(value: Mapping[Any, Any], dialect: Dialect) -> dict[str, Any]:
    return {str(name): _write(one, dialect) for name, one in value.items()}


def _write_items(value: Iterable[Any], dialect: Dialect) -> list[Any]:
    return [_write(one, dialect) for one in value]


def _write_record(
    record: Any, dialect: Dialect, *, write: Callable[[Any, Dialect], Any] = _write
) -> dict[str, Any]:
    shape, omits_defaults = shape_of(type(record)), dialect.omits_defaults
    explicit: Collection[str] = record.explicit if shape.is_record else ()
    written = {}
    for name, one in shape.fields.items():
        attribute = one.attribute
        value = getattr(record, attribute)
        if not (omits_defaults and value == one.default and attribute not in explicit):
            written[name] = write(value, dialect)
    if shape.has_extra:
        written |= _write_mapping(record.extra, dialect)
    return written

"""Write records as plain data, by the shape of their class."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import is_dataclass
from typing import Any

from mockidp.codec.dialect import FILE, WIRE, Dialect
from mockidp.codec.pieces import Members
from mockidp.codec.shape import shape_of

_AS_IS = frozenset((str, bool, int, type(None)))


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
    if type(value) in _AS_IS or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): _write(one, dialect) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_write(one, dialect) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _write_record(value, dialect)
    return str(value)


def _write_record(
    record: Any, dialect: Dialect, *, write: Callable[[Any, Dialect], Any] = _write
) -> dict[str, Any]:
    shape = shape_of(type(record))
    explicit: Collection[str] = record.explicit if shape.is_record else ()
    written = {}
    for name, one in shape.fields.items():
        value = getattr(record, one.attribute)
        if not (dialect.omits_defaults and value == one.default and one.attribute not in explicit):
            written[name] = write(value, dialect)
    if shape.has_extra:
        written |= _write(record.extra, dialect)
    return written

"""Read records without mistakes quickly, such as the entries of a large state.

A record with a mistake is left to `Reader`, which describes it. Equal texts and lists of texts of a
field become the same object if the field has few different ones, such as the ids of clients.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from mockidp.codec.dialect import WIRE
from mockidp.codec.kind import (
    Anything,
    Choice,
    Kind,
    ListOf,
    MappingOf,
    Nullable,
    RecordOf,
    Scalar,
)
from mockidp.codec.shape import FieldShape, shape_of

_Read = Callable[[Any], Any]
_MAX_SHARED = 64
"""How many different values of a field are remembered."""
_MAX = WIRE.max_number or 0


class UnusualData(Exception):  # noqa: N818 - not an error
    """The data may have a mistake."""


@cache
def quick_reader(kind: Kind) -> _Read:
    """Return a function that returns the value of plain data, as complete JSON has it.

    It raises UnusualData if only `Reader` can read the data.
    """
    return _reader(kind)


def _reader(kind: Kind) -> _Read:
    read: _Read
    match kind:
        case Nullable(inner):
            read = _or_none(_reader(inner), None)
        case Scalar(type=cls):
            read = _shared(_text) if cls is str else _SCALARS[cls]
        case Choice(words):
            read = _choice(words)
        case ListOf(item):
            read = _list(_reader(item))
            read = _shared(read) if item == Scalar(str) else read
        case MappingOf(value):
            read = _mapping if value == Anything() else _mapping_of(_reader(value))
        case RecordOf(cls):
            read = _record(cls)
        case _:
            read = _as_it_is
    return read


def _as_it_is(data: Any) -> Any:
    return data


def _or_none(read: _Read, none: Any) -> _Read:
    return lambda data: none if data is None else read(data)


def _shared(read: _Read) -> _Read:
    known: dict[Any, Any] = {}

    def shared(data: Any) -> Any:
        value = read(data)
        if len(known) < _MAX_SHARED:
            return known.setdefault(value, value)
        return known.get(value, value)

    return shared


def _text(data: Any) -> str:
    if type(data) is str and data.isascii():  # others may have half a surrogate pair
        return data
    raise UnusualData


def _float(data: Any) -> float:
    if type(data) in (float, int) and -_MAX <= data <= _MAX:
        return float(data)
    raise UnusualData


def _int(data: Any) -> int:
    if type(data) is int and -_MAX <= data <= _MAX:
        return data
    raise UnusualData


def _bool(data: Any) -> bool:
    if type(data) is bool:
        return data
    raise UnusualData


_SCALARS: Mapping[type, _Read] = {float: _float, int: _int, bool: _bool}


def _choice(words: tuple[str, ...]) -> _Read:
    known = {word: word for word in words}

    def read(data: Any) -> str:
        if type(data) is str and data in known:
            return known[data]
        raise UnusualData

    return read


def _list(item: _Read) -> _Read:
    def read(data: Any) -> tuple[Any, ...]:
        if type(data) is list:
            return tuple([item(one) for one in data])
        raise UnusualData

    return read


def _mapping(data: Any) -> dict[str, Any]:
    if type(data) is dict:
        return data
    raise UnusualData


def _mapping_of(value: _Read) -> _Read:
    return lambda data: {_text(key): value(one) for key, one in _mapping(data).items()}


@cache
def _record(cls: Any) -> _Read:
    shape = shape_of(cls)
    fields = {name: (one.attribute, _field(one)) for name, one in shape.fields.items()}
    is_plain = not (shape.has_extra or shape.is_record or shape.kept or shape.differs)

    def read(data: Any) -> Any:
        if not is_plain or type(data) is not dict:
            raise UnusualData
        values = {}
        try:
            for name, value in data.items():
                attribute, read_field = fields[name]
                values[attribute] = read_field(value)
            return cls(**values)
        except (KeyError, TypeError):  # another key, or a missing one
            raise UnusualData from None

    return read


def _field(one: FieldShape) -> _Read:
    read = _reader(one.kind)
    return _or_none(read, math.inf) if one.is_endless else read

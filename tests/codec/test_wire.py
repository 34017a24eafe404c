"""Records as complete JSON and back, and the refusal of other JSON."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockidp.codec.wire import from_wire
from mockidp.codec.write import to_wire
from mockidp.errors import MockIdPError
from mockidp.storage.store import Entry
from mockidp.tenant.clock import ClockSetting
from mockidp.tenant.state.sign_ins import SignIn
from mockidp.tenant.state.stores import record_classes

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TIMES = st.floats(0, 2**40, allow_nan=False)
SCALARS = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(-(2**53), 2**53),
    float: TIMES,
    type(None): st.none(),
    Any: st.none() | st.booleans() | TEXTS,
}


def values(kind):
    """Return a strategy for the values of a type hint, independently of the codec."""
    if kind in SCALARS:
        return SCALARS[kind]
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) is tuple:
        return st.lists(values(get_args(kind)[0]), max_size=4).map(tuple)
    if get_origin(kind) is Mapping:
        return st.dictionaries(*map(values, get_args(kind)), max_size=4)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        names = {one.name for one in fields(kind)} - {"extra", "explicit"}
        own = {name: values(hints[name]) for name in names}
        return st.builds(kind, **own)  # no store has records with unknown fields
    return st.one_of(*map(values, get_args(kind)))


@pytest.mark.parametrize("kind", [*record_classes().values(), SignIn, ClockSetting], ids=str)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_every_record_survives_a_round_trip_through_json(kind, data):
    record = data.draw(values(kind))
    assert from_wire(kind, json.loads(json.dumps(to_wire(record)))) == record


@given(expires_at=TIMES | st.just(math.inf), taken_at=st.none() | TIMES)
def test_an_entry_may_never_expire(expires_at, taken_at):
    entry = Entry(value=None, expires_at=expires_at, taken_at=taken_at)
    assert from_wire(Entry, json.loads(json.dumps(to_wire(entry)))) == entry


@dataclass(frozen=True, kw_only=True)
class Inner:
    flag: bool


@dataclass(frozen=True, kw_only=True)
class Outer:
    name: str
    at: float = 0.0
    count: int | None = None
    kind: Literal["a", "b"] = "a"
    inner: tuple[Inner, ...] = ()
    anything: Any = None
    mapping: dict[str, Any] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "the data: expected a mapping"),
        ([], "the data: expected a mapping"),
        ({}, "/name: expected a value"),
        ({"name": 1}, "/name: expected a string"),
        ({"name": None}, "/name: expected a string"),
        ({"name": "\ud800"}, "/name: expected a string"),
        ({"name": "x", "at": "1"}, "/at: expected a number up to 9007199254740992"),
        ({"name": "x", "at": None}, "/at: expected a number"),
        ({"name": "x", "at": True}, "/at: expected a number"),
        ({"name": "x", "at": math.nan}, "/at: expected a number"),
        ({"name": "x", "at": -math.inf}, "/at: expected a number"),
        ({"name": "x", "at": 10**400}, "/at: expected a number"),
        ({"name": "x", "count": 2**53 + 1}, "/count: expected a whole number"),
        ({"name": "x", "count": 1.0}, "/count: expected a whole number"),
        ({"name": "x", "count": False}, "/count: expected a whole number"),
        ({"name": "x", "kind": "c"}, "/kind: expected one of a, b"),
        ({"name": "x", "kind": ["a"]}, "/kind: expected one of a, b"),
        ({"name": "x", "inner": {}}, "/inner: expected a list"),
        ({"name": "x", "inner": [{"flag": True}, {}]}, "/inner/1/flag: expected a value"),
        ({"name": "x", "inner": [{"flag": 1}]}, "/inner/0/flag: expected true or false"),
        ({"name": "x", "inner": ["x"]}, "/inner/0: expected a mapping"),
        ({"name": "x", "mapping": []}, "/mapping: expected a mapping"),
        ({"name": "x", "nam\ud800e\n": 1}, "/nam\\ud800e\\n: expected one of name, at, count"),
    ],
)
def test_an_error_is_reported_with_its_place(data, message):
    with pytest.raises(MockIdPError) as refused:
        from_wire(Outer, data)
    assert str(refused.value).startswith(message)


def test_defaults_may_be_left_out_and_free_form_values_are_kept():
    data = {"name": "x", "at": 1, "anything": [None, {}], "inner": [{"flag": False}]}
    read = from_wire(Outer, data)
    assert read == Outer(name="x", at=1.0, anything=[None, {}], inner=(Inner(flag=False),))
    assert isinstance(read.at, float)


def test_values_that_json_does_not_have_are_written_as_strings():
    written = to_wire({1: {2}, "x": b"y", "nan": math.nan, "class": Outer, "none": None})
    assert written == {"1": [2], "x": "b'y'", "nan": None, "class": str(Outer), "none": None}

"""Records that are read quickly are the same as those of `Reader`, and mistakes are left to it."""

import json
import math
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.codec.dialect import WIRE
from mockidp.codec.kind import kind_of
from mockidp.codec.quick import UnusualData, quick_reader
from mockidp.codec.read import Reader
from mockidp.codec.report import Report
from mockidp.codec.wire import from_wire
from mockidp.codec.write import to_wire
from mockidp.protocol.tokens.artifacts import RefreshTokenFamily
from mockidp.tenant.state.stores import record_classes

SCALARS = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text()
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abx"), inner)
)
HINTS = [
    str, int, float, bool, str | None, Any, tuple[str, ...], tuple[int, ...], dict[str, Any],
    dict[str, int], Literal["a", "b"],
]  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Inner:
    a: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outer:
    a: str
    b: Inner | None = None
    x: float = field(default=math.inf, metadata={"endless": True})


def slowly(hint, data):
    """Return what `Reader` returns, and whether it found a mistake."""
    report = Report("")
    value = Reader(report, dialect=WIRE).read(data, kind_of(hint), ())
    return value, bool(report.mistakes)


@given(st.sampled_from([*HINTS, Inner, Outer, tuple[Inner, ...]]), DATA)
def test_what_is_read_quickly_has_no_mistake_and_the_same_value(hint, data):
    try:
        quick = quick_reader(kind_of(hint))(data)
    except UnusualData:
        return
    value, has_mistake = slowly(hint, data)
    assert not has_mistake
    assert (quick, type(quick)) == (value, type(value)) or math.isnan(value)


@pytest.mark.parametrize(
    ("hint", "data"),
    [
        (str, "a"), (int, 1), (float, 1), (float, 1.5), (bool, True), (str | None, None),
        (tuple[str, ...], ["a", "b"]), (dict[str, Any], {"a": [1]}), (dict[str, int], {"a": 1}),
        (Literal["a", "b"], "b"), (Any, {"a": None}), (Outer, {"a": "b"}),
        (Outer, {"a": "b", "b": {"a": 1}, "x": None}), (tuple[Inner, ...], [{"a": 1}, {}]),
    ],
)  # fmt: skip
def test_data_without_mistakes_is_read_quickly(hint, data):
    assert quick_reader(kind_of(hint))(data) == slowly(hint, data)[0]


@pytest.mark.parametrize(
    ("hint", "data"),
    [
        (str, 1), (str, "\ud800"), (int, True), (int, 2**53 + 1), (int, 1.0), (float, "1"),
        (float, math.nan), (float, 1e300), (bool, 0), (Literal["a"], "b"), (Literal["a"], ["a"]),
        (tuple[str, ...], "ab"), (dict[str, Any], []), (dict[str, int], {"a": "1"}),
        (Outer, {}), (Outer, {"a": "b", "c": 1}), (Outer, []), (Outer, {"a": None}),
        (tuple[Inner, ...], [{"a": 1}, {"a": "1"}]),
    ],
)  # fmt: skip
def test_data_with_a_mistake_is_left_to_the_reader(hint, data):
    assert slowly(hint, data)[1]
    with pytest.raises(UnusualData):
        quick_reader(kind_of(hint))(data)


def test_a_text_that_is_not_ascii_is_read_by_the_reader():
    assert from_wire(Outer, {"a": "ü"}) == Outer(a="ü")


FAMILY = RefreshTokenFamily(
    id="f", client_id="web", user_id="auth0|a", scope=("openid", "email"), audience=None,
    gty=("password",), sid=None, impersonated_by=None, latest_counter=1, rotated_at=1.5,
    absolute_expires_at=2.0,
)  # fmt: skip


def test_equal_texts_of_a_field_are_one_object():
    text = json.dumps(to_wire(FAMILY))
    one, other = (from_wire(RefreshTokenFamily, json.loads(text)) for _ in range(2))
    assert one == other == FAMILY
    assert one.client_id is other.client_id
    assert one.scope is other.scope


def test_a_field_with_many_different_texts_remembers_some():
    @dataclass(frozen=True, kw_only=True, slots=True)
    class Numbered:
        a: str

    read = quick_reader(kind_of(tuple[Numbered, ...]))
    records = read([{"a": f"number {number}"} for number in range(200)])
    again = read([{"a": f"number {number}"} for number in range(200)])
    assert records == again
    assert sum(one.a is other.a for one, other in zip(records, again, strict=True)) == 64


@pytest.mark.parametrize("name", sorted(record_classes()))
def test_every_stored_record_is_plain(name):
    with pytest.raises(UnusualData):
        quick_reader(kind_of(record_classes()[name]))({"no such field": 1})

"""JSON in pieces: the same bytes as at once, and nothing is made before it is written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.codec.pieces import Members, json_pieces, plain

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def at_once(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")


def in_pieces(value, depth=3):
    """Return a value whose outer objects and lists are written in pieces."""
    if depth and isinstance(value, dict):
        return Members({name: in_pieces(one, depth - 1) for name, one in value.items()})
    return iter(value) if depth and isinstance(value, list) else value


@given(JSON)
def test_pieces_are_the_bytes_of_the_whole(value):
    assert b"".join(json_pieces(in_pieces(value))) == at_once(value)
    assert json.loads(at_once(value)) == json.loads(json.dumps(plain(in_pieces(value))))


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 200, 5000])
def test_lists_of_any_length(count):
    value = {"a": [{"name": "x" * 40, "number": number} for number in range(count)], "b": "ü\ud800"}
    pieces = list(json_pieces(in_pieces(value)))
    assert b"".join(pieces) == at_once(value)
    assert all(pieces)
    assert (len(pieces) > 1) == (count == 5000)


def test_an_item_is_not_made_before_the_pieces_in_front_of_it_are_taken():
    made = []
    pieces = json_pieces(Members(a=1, items=(made.append(n) or "x" * 100 for n in range(3000))))
    assert made == []
    next(pieces)
    assert len(made) == 700
    assert sum(1 for _ in pieces) == 4
    assert len(made) == 3000

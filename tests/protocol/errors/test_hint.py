"""The hint header: any hint can be sent in HTTP."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.protocol.errors.hint import MAX_LENGTH, encode_hint, join_hints, shorten_hint
from mockidp.protocol.errors.oauth_error import InvalidRequest


@given(st.text(max_size=3000))
def test_a_hint_is_one_printable_line_of_limited_length(hint):
    encoded = encode_hint(hint)
    assert encoded.isascii()
    assert encoded == "" or encoded.isprintable()
    assert len(encoded) <= MAX_LENGTH
    assert encoded == encoded.strip()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="%"), max_size=80))
def test_a_short_hint_can_be_read_back(hint):
    assert unquote(encode_hint(hint)) == hint.strip(" ")


@pytest.mark.parametrize("length", [999, 1000])
def test_a_hint_up_to_the_limit_is_not_cut(length):
    assert encode_hint("x" * length) == "x" * length


def test_a_long_hint_is_cut_between_characters():
    assert encode_hint("x" * 1001) == "x" * 997 + "..."
    encoded = encode_hint("山" * 500)
    assert encoded == "%E5%B1%B1" * 110 + "..."


def test_percent_encoding_in_a_hint_is_kept():
    assert encode_hint("the %7C was normalized") == "the %7C was normalized"


@pytest.mark.parametrize("length", [0, 999, 1000])
def test_a_hint_that_fits_is_not_shortened(length):
    assert shorten_hint("x" * length) == "x" * length


def test_a_refusal_keeps_a_bounded_hint():
    hint = InvalidRequest("Text", hint="x" * 1_000_000).hint
    assert len(hint) == MAX_LENGTH
    assert hint == "x" * 997 + "..."


@pytest.mark.parametrize(
    ("hints", "joined"),
    [
        ((), ""),
        (("", ""), ""),
        (("A.", "", "B."), "A. B."),
        (("A.", "B.", "A."), "A. B."),
        (("Did you mean `a`?", "B."), "Did you mean `a`? B."),
    ],
)
def test_hints_are_joined_by_spaces_without_repetitions(hints, joined):
    assert join_hints(*hints) == joined

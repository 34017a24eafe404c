"""JSON Merge Patch: patches that are made from two documents, and applied to the first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.protocol.merge_patch import make_patch, merge_patch

VALUES = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(st.sampled_from("abcd"), VALUES)


@given(before=DOCUMENTS, after=DOCUMENTS)
def test_a_patch_of_two_documents_turns_the_first_into_the_second(before, after):
    assert merge_patch(before, make_patch(before, after)) == after
    assert make_patch(after, after) == {}


@pytest.mark.parametrize(
    ("before", "after", "patch"),
    [
        ({"a": 1}, {}, {"a": None}),
        (
            {"a": {"b": 1, "c": 2}, "d": {"e": 3}},
            {"a": {"b": 1}, "d": {"e": 3}},
            {"a": {"c": None}},
        ),
        ({"a": [1, 2]}, {"a": [2]}, {"a": [2]}),
        ({"a": True}, {"a": 1}, {"a": 1}),
    ],
)
def test_a_patch_has_only_what_differs(before, after, patch):
    assert make_patch(before, after) == patch

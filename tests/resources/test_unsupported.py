"""Fields that mockidp does not support: which of their values make Auth0 answer differently."""

import pytest

from mockidp.resources.unsupported import (
    Differs,
    any_enabled,
    differences,
    has_cosmetic,
    is_false,
    is_set,
    unlike,
)


@pytest.mark.parametrize("value", [None, "", False, [], {}, [None, ""], {"a": {"b": [False, {}]}}])
def test_a_value_with_only_empty_or_false_leaves_is_not_set(value):
    assert not is_set(value)


@pytest.mark.parametrize("value", [True, "a", 5, [0.5], {"a": {"b": [False, "x"]}}])
def test_a_value_with_one_other_leaf_is_set(value):
    assert is_set(value)


def test_a_value_that_means_the_same_as_the_default_does_not_count():
    differs = unlike("deny", "allow")
    assert [differs(value) for value in (None, "allow", "deny", "require")] == [
        False, False, False, True,
    ]  # fmt: skip


def test_false_is_neither_absent_nor_null():
    assert [is_false(value) for value in (None, 0, "", False)] == [False, False, False, True]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, False),
        ("a text", False),
        (["a text"], False),
        ([{"name": "a", "enabled": False}], False),
        ([{"name": "a"}], True),
        ([{"name": "a", "enabled": False}, {"name": "b", "enabled": True}], True),
    ],
)
def test_a_list_is_enabled_if_one_of_its_entries_is(value, expected):
    assert any_enabled(value) is expected


TABLE = {"sso_disabled": Differs("one"), "options.mfa.active": Differs("two", is_false)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"sso_disabled": True}, [("sso_disabled", "one")]),
        ({"options": {"mfa": {"active": False}}}, [("options.mfa.active", "two")]),
        ({"options": {"mfa": {"active": True}}}, []),
        ({"options": "a text"}, []),
        ({"options": {"mfa": None}}, []),
    ],
)
def test_a_name_with_dots_is_looked_up_inside_the_field(values, expected):
    assert list(differences(TABLE, values)) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("sso_disabled", True, False),
        ("logo_uri", "https://a.example", True),
        ("logo_uri", "", False),
        ("options", {"mfa": {"active": True}}, False),
        ("options", {"mfa": {"active": True, "method": "otp"}}, True),
        ("options", {"mfa": {"active": True}, "icon": "a"}, True),
        ("options", {"mfa": "a text"}, True),
    ],
)
def test_the_rest_of_a_field_is_cosmetic(name, value, expected):
    assert has_cosmetic(TABLE, name, value) is expected

"""Registered URLs: compared exactly, but for a star in the first label."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockidp.protocol.callback import (
    is_registered,
    is_registered_without_query,
    matches,
    nearest_difference,
)

LABEL = set(string.ascii_letters + string.digits + "-")
REGISTERED = "https://app.example/cb"


@given(st.text())
def test_only_the_url_itself_matches(url):
    assert matches(url, REGISTERED) is (url == REGISTERED)


@given(st.text(max_size=20))
def test_what_is_put_before_or_behind_never_matches(extra):
    if extra:
        assert not matches(REGISTERED + extra, REGISTERED)
        assert not matches(extra + REGISTERED, REGISTERED)


@example("*")
@given(st.text(max_size=20))
def test_a_star_is_one_label_and_nothing_else(text):
    is_label = text != "" and set(text) <= LABEL
    expected = is_label or text == "*"
    assert matches(f"https://{text}.app.example/", "https://*.app.example/") is expected


@pytest.mark.parametrize(
    "url",
    [
        "https://a.app.example/\n", "https://a.app.example.evil/", "http://a.app.example/",
        "https://app.example/", "https://a/.app.example/", "https://a@b.app.example/",
        "https://aXapp.example/",
    ],
)  # fmt: skip
def test_a_star_opens_nothing_else(url):
    assert not matches(url, "https://*.app.example/")


def test_a_star_elsewhere_is_a_star():
    assert not matches("https://app.example/any", "https://app.example/*")
    assert matches("https://app.example/*", "https://app.example/*")


@given(st.text(max_size=30))
def test_without_query_means_without_what_stands_behind_its_mark(tail):
    for mark in "?#":
        assert is_registered_without_query(REGISTERED + mark + tail, [REGISTERED])
        assert not is_registered(REGISTERED + mark + tail, [REGISTERED])


@pytest.mark.parametrize("character", list("\t\r\n \\/"))
def test_no_character_is_passed_over(character):
    for url in (character + REGISTERED, REGISTERED + character):
        assert not is_registered_without_query(url, [REGISTERED])


@pytest.mark.parametrize(
    ("url", "difference"),
    [
        ("http://app.example/cb", "in its scheme: 'http' for 'https'"),
        ("https://app.example:444/cb", "in its host or port"),
        ("https://app.example/CB", "in its path: '/CB' for '/cb'"),
        ("https://app.example/cb?x", "in its query: 'x' for ''"),
        ("https://app.example/cb#x", "in its fragment: 'x' for ''"),
        ("http://other/", "registered: https://app.example/cb"),
        ("http://[", "it is not a URL; registered: https://app.example/cb"),
    ],
)
def test_the_difference_is_named(url, difference):
    assert difference in nearest_difference(url, [REGISTERED])


@given(st.text())
def test_there_is_always_something_to_say(url):
    assert nearest_difference(url, [REGISTERED])
    assert nearest_difference(url, []) == "none is registered"

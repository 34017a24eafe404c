"""How a hint describes the difference between a URL and the registered ones."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockidp.protocol.impersonation import url_differences
from mockidp.protocol.impersonation.url_differences import nearest_difference
from mockidp.protocol.urls import rules as url_rules
from mockidp.protocol.urls.rules import (
    CALLBACKS,
    LOGOUT_URLS,
    ORIGINS,
    is_listed,
    runs_script,
    split_url,
)

REGISTERED = "https://app.example/cb"
WILDCARD = "https://app-*.example.com/cb"
ORGANIZATION = "https://{organization_name}.example.com/cb"


@pytest.mark.parametrize(
    ("url", "difference"),
    [
        ("http://app.example/cb", "in its scheme: 'http' instead of 'https'"),
        (
            "https://app.example:444/cb",
            "in its host or port: 'app.example:444' instead of 'app.example'",
        ),
        ("https://app.example/other", "in its path: '/other' instead of '/cb'"),
        ("https://app.example/cb?x", "in its query: 'x' instead of ''"),
        ("https://app.example/cb#x", "in its fragment: 'x' instead of ''"),
        ("http://other/", "The registered URL is https://app.example/cb."),
        ("http://[", "It is not a URL: its host and port are malformed. The registered URL is"),
        (
            "https://a..b/cb",
            "It is not a URL: its host has an empty label. The registered URL is https://app",
        ),
        (
            "https:///cb",
            "It is not a URL: its host is empty. The registered URL is https://app.example/cb.",
        ),
        ("https://app.example:99999/cb", "its port is '99999', and ports are numbers up to 65535"),
        (f"https://{'a' * 64}.example/cb", "a label of 64 characters, and 63 are allowed"),
        ("a b", "It is not a URL. The registered URL is https://app.example/cb."),
        (f" {REGISTERED}\n", "It has white space before or after it."),
        ("https%3A%2F%2Fapp.example%2Fcb", "It is percent-encoded twice."),
        ("https://app.example/%63b", "It is percent-encoded twice."),
        ("https://app.example/CB", "'/CB' instead of '/cb'. The comparison is case-sensitive."),
        ("https://App.example/cb", "'App.example' instead of 'app.example'. The comparison is"),
    ],
)
def test_the_difference_from_the_nearest_entry_is_named(url, difference):
    assert difference in nearest_difference(url, [REGISTERED], CALLBACKS)


def test_ignored_parts_are_not_reported_as_differences():
    url = "https://APP.example/CB?query"
    assert nearest_difference(url, [REGISTERED], LOGOUT_URLS) == (
        "It differs from https://app.example/cb in its path: '/CB' instead of '/cb'. The comparison "
        "is case-sensitive."
    )
    assert "host or port: 'other' instead" in nearest_difference(
        "https://other", [REGISTERED], ORIGINS
    )


@pytest.mark.parametrize("host", ["app-1.2.example.com", "app-.example.com", "APP-x_y.example.com"])
def test_the_hint_says_what_a_wildcard_matches(host):
    entries = ["com.app:/cb", WILDCARD]
    assert nearest_difference(f"https://{host}/cb", entries, CALLBACKS) == (
        f"The `*` in {WILDCARD} matches letters, digits and hyphens of one label, never a dot."
    )


def test_a_pattern_is_not_a_redirect_target():
    for pattern in (WILDCARD, ORGANIZATION):
        assert nearest_difference(pattern, [pattern], CALLBACKS) == (
            f"Entry {pattern} is a pattern. Send the URL to which the browser is redirected."
        )


def test_entries_for_organizations_are_named_as_not_supported():
    found = nearest_difference("https://acme.example.com/cb", [ORGANIZATION], CALLBACKS)
    assert found.startswith(f"Entry {ORGANIZATION} matches only in a login to an organization")


@given(st.text())
@example("data:")
@example("https://a:b/")
def test_there_is_always_an_explanation(url):
    for entry in (REGISTERED, WILDCARD, ORGANIZATION, "com.app:/cb"):
        assert nearest_difference(url, [entry], CALLBACKS)
    expected = "A URL with one of the schemes" if runs_script(url) else "No URL is registered"
    assert nearest_difference(url, [], CALLBACKS).startswith(expected)


def test_without_entries_the_explanation_says_so():
    assert nearest_difference(REGISTERED, [], CALLBACKS) == "No URL is registered."


def test_a_url_that_a_browser_executes_is_named_as_such():
    assert nearest_difference("JavaScript:/x", ["javascript:/x"], CALLBACKS) == (
        "A URL with one of the schemes data, javascript, vbscript is never accepted."
    )


@pytest.mark.parametrize(
    ("url", "difference"),
    [
        ("https://app-1.example.com/cb/", "in its path: '/cb/' instead of '/cb'"),
        ("https://app-1.example.com/cb?x=1", "in its query: 'x=1' instead of ''"),
        ("http://app-1.example.com/cb", "in its scheme: 'http' instead of 'https'"),
        (
            "https://app-1.example.com:8443/cb",
            "'app-1.example.com:8443' instead of 'app-*.example.com'",
        ),
        (
            "https://1.example.com/cb",
            "host or port: '1.example.com' instead of 'app-*.example.com'",
        ),
        ("https://app-1.EXAMPLE.com/cb", "The comparison is case-sensitive."),
    ],
)
def test_where_a_wildcard_matches_the_part_that_differs_is_named(url, difference):
    found = nearest_difference(url, [f"{REGISTERED}:1", REGISTERED, WILDCARD], CALLBACKS)
    assert found.startswith(f"It differs from {WILDCARD} in its ")
    assert difference in found


def test_the_most_similar_of_several_entries_is_named():
    entries = ["http://localhost:3000/out", "http://localhost:3000/q?a=1", WILDCARD]
    assert nearest_difference("http://localhost:3000/q", entries, CALLBACKS) == (
        "It differs from http://localhost:3000/q?a=1 in its query: '' instead of 'a=1'."
    )


def test_a_wildcard_is_explained_although_more_differs():
    found = nearest_difference("https://app-1.2.example.com/other", [WILDCARD], CALLBACKS)
    assert found.startswith(f"The `*` in {WILDCARD} matches")
    found = nearest_difference("https://app-1.example.com/other?x", [WILDCARD], CALLBACKS)
    assert found == f"The registered URL is {WILDCARD}."


def test_a_wildcard_that_is_not_evaluated_is_named():
    entry = "http://localhost:3000/*"
    assert nearest_difference("http://localhost:3000/x", [entry], LOGOUT_URLS) == (
        f"The registered URL is {entry}. Entry {entry} never matches, because `*` works only in the "
        "first label of a host."
    )


def test_a_long_list_is_named_in_part():
    entries = [f"https://app{number}.example/{number}" for number in range(25)]
    said = nearest_difference("myapp:callback", entries, CALLBACKS)
    assert said == f"The registered URLs are {', '.join(entries[:20])} and 5 more."


def test_thousands_of_wildcards_are_parsed_once(monkeypatch):
    parsed = []

    def count(url, *, ignores_case):
        parsed.append(url)
        return split_url(url, ignores_case=ignores_case)

    monkeypatch.setattr(url_rules, "split_url", count)
    monkeypatch.setattr(url_differences, "split_url", count)
    entries = [f"https://app-*-{number}.team.example.com/cb" for number in range(2000)]
    sent = f"https://app-x-1.team.example.com/{'c' * 15_000}"
    for _request in range(3):
        parsed.clear()
        assert not is_listed(sent, entries, CALLBACKS)
        assert "in its path" in nearest_difference(sent, entries, CALLBACKS)
    assert set(parsed) == {sent}

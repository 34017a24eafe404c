"""The rules by which the entries of callbacks, logout URLs and origins are compared."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockidp.protocol.urls.rules import (
    CALLBACKS,
    LOGOUT_URLS,
    LOGOUT_URLS_WITH_QUERY,
    ORIGINS,
    first_url,
    is_listed,
    is_well_placed,
    matches_origin,
)

LABEL = set(string.ascii_letters + string.digits + "-")
ALL_RULES = (CALLBACKS, LOGOUT_URLS, LOGOUT_URLS_WITH_QUERY, ORIGINS)
REGISTERED = "https://app.example/cb"
HOSTNAME = st.text(alphabet=sorted(LABEL), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("url", "entry", "by_rule"),
    [
        ("https://a.example.com/x", "https://a.example.com/x", (True, True, True, True)),
        ("https://A.example.com/x", "https://a.example.com/x", (False, True, True, True)),
        ("https://a.example.com/x", "https://A.EXAMPLE.com/x", (False, True, True, True)),
        ("HTTPS://a.example.com/x", "https://a.example.com/x", (False, True, True, True)),
        ("https://a.example.com/X", "https://a.example.com/x", (False, False, False, True)),
        ("https://a.example.com/x/", "https://a.example.com/x", (False, False, False, True)),
        ("https://a.example.com", "https://a.example.com/", (False, False, False, True)),
        ("https://a.example.com/%78", "https://a.example.com/x", (False, False, False, True)),
        ("https://a.example.com/x?q", "https://a.example.com/x", (False, True, False, True)),
        ("https://a.example.com/x?", "https://a.example.com/x", (False, True, False, True)),
        ("https://a.example.com/x#f", "https://a.example.com/x", (False, True, False, True)),
        ("https://a.example.com/x", "https://a.example.com/x?q", (False, True, False, True)),
        ("https://a.example.com/x?q", "https://a.example.com/x?q", (True, True, True, True)),
        ("https://A.example.com/x?q", "https://a.example.com/x?q", (False, True, True, True)),
        ("https://a.example.com/x?Q", "https://a.example.com/x?q", (False, True, False, True)),
        ("https://a.example.com:443/x", "https://a.example.com/x", (False, True, True, True)),
        ("http://a.example.com/x", "http://a.example.com:80/x", (False, True, True, True)),
        ("https://a.example.com:80/x", "https://a.example.com/x", (False, False, False, False)),
        ("http://a.example.com:443/x", "https://a.example.com/x", (False, False, False, False)),
        ("http://a.example.com/x", "https://a.example.com/x", (False, False, False, False)),
        ("https://a.example.com:444/x", "https://a.example.com/x", (False, False, False, False)),
        ("https://a.example.com./x", "https://a.example.com/x", (False, False, False, False)),
        ("https://b.example.com/x", "https://a.example.com/x", (False, False, False, False)),
        ("http://[::1]:3000/x", "http://[::1]:3000/x", (True, True, True, True)),
        ("http://[::A]/x", "http://[::a]/x", (False, True, True, True)),
        ("com.app://out", "com.app://out", (True, True, True, True)),
        ("com.app://OUT", "com.app://out", (False, True, True, True)),
        ("com.app:/out", "com.app:/out", (True, True, True, True)),
        ("com.app:/OUT", "com.app:/out", (False, False, False, True)),
    ],
)
def test_each_list_compares_its_own_parts(url, entry, by_rule):
    found = tuple(is_listed(url, [entry], rule) for rule in ALL_RULES)
    assert found == by_rule


@pytest.mark.parametrize("rule", ALL_RULES)
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://app-7-team.example.com/cb", True),
        ("https://app-a-b-team.example.com/cb", True),
        ("https://app--team.example.com/cb", False),
        ("https://app-team.example.com/cb", False),
        ("https://app-7.8-team.example.com/cb", False),
        ("https://x.app-7-team.example.com/cb", False),
        ("https://xapp-7-team.example.com/cb", False),
        ("https://app-7-teams.example.com/cb", False),
        ("https://app-7-team.example.com.evil.test/cb", False),
        ("https://app-7-team.example.org/cb", False),
        ("https://app-7-team.example.com:8443/cb", False),
        ("http://app-7-team.example.com/cb", False),
        ("https://app-7_8-team.example.com/cb", False),
        ("https://app-ü-team.example.com/cb", False),
        ("https://app-*-team.example.com/cb", False),
        ("https://app-%37-team.example.com/cb", False),
        ("https://app-evil.test/?-team.example.com/cb", False),
        ("https://app-evil.test/-team.example.com/cb", False),
        ("https://app-evil.test#-team.example.com/cb", False),
        ("https://app-evil.test\\-team.example.com/cb", False),
        ("https://app-7@-team.example.com/cb", False),
        ("https://app-:7@app-7-team.example.com/cb", False),
        ("https://app-7\t-team.example.com/cb", False),
        ("https://app-7-team.example.com\n/cb", False),
        (" https://app-7-team.example.com/cb", False),
        ("https:app-7-team.example.com/cb", False),
        ("//app-7-team.example.com/cb", False),
        ("", False),
    ],
)
def test_a_wildcard_has_a_prefix_and_a_suffix_within_its_label(url, expected, rule):
    assert is_listed(url, ["https://app-*-team.example.com/cb"], rule) is expected


def test_under_a_wildcard_callbacks_keep_their_case_and_the_other_lists_ignore_it():
    entry, url = "https://App-*.example.com/cb", "https://app-7.EXAMPLE.com/cb"
    assert [is_listed(url, [entry], rule) for rule in ALL_RULES] == [False, True, True, True]
    assert is_listed("https://App-7X.example.com/cb", [entry], CALLBACKS)


def test_under_a_wildcard_the_query_of_a_callback_is_compared():
    entry = "https://*.example.com/cb?tenant=1"
    assert is_listed("https://a.example.com/cb?tenant=1", [entry], CALLBACKS)
    for query in ("", "?", "?tenant=2", "?tenant=1&x", "?tenant=1#x"):
        assert not is_listed(f"https://a.example.com/cb{query}", [entry], CALLBACKS)


@given(st.text())
def test_only_the_url_itself_matches_a_callback(url):
    assert is_listed(url, [REGISTERED], CALLBACKS) is (url == REGISTERED)


@pytest.mark.parametrize("rule", [CALLBACKS, LOGOUT_URLS_WITH_QUERY])
@given(st.text(min_size=1, max_size=20))
def test_a_url_with_something_before_or_after_it_does_not_match(rule, extra):
    assert not is_listed(REGISTERED + extra, [REGISTERED], rule)
    assert not is_listed(extra + REGISTERED, [REGISTERED], rule)


@pytest.mark.parametrize("rule", ALL_RULES)
@example("*")
@example("K")
@given(st.text(max_size=20))
def test_a_wildcard_matches_letters_digits_and_hyphens_only(rule, text):
    expected = text != "" and set(text) <= LABEL
    found = is_listed(f"https://{text}.app.example/", ["https://*.app.example/"], rule)
    assert found is expected


@given(HOSTNAME, HOSTNAME, HOSTNAME)
def test_a_wildcard_between_a_prefix_and_a_suffix_matches_whatever_is_between(before, text, after):
    entry = f"https://{before}*{after}.app.example"
    assert matches_origin(f"https://{before}{text}{after}.app.example", [entry])
    assert not matches_origin(f"https://{before}{after}.app.example", [entry])
    assert not matches_origin(f"https://{before}.{after}.app.example", [entry])


@given(st.text(max_size=30))
def test_v2_logout_ignores_what_follows_a_question_mark_or_a_hash(tail):
    for mark in "?#":
        assert is_listed(REGISTERED + mark + tail, [REGISTERED], LOGOUT_URLS)
        assert not is_listed(REGISTERED + mark + tail, [REGISTERED], LOGOUT_URLS_WITH_QUERY)


@pytest.mark.parametrize("rule", ALL_RULES)
@pytest.mark.parametrize("character", list("\t\r\n \\\0\x7f\u200b"))
def test_no_character_is_ignored(character, rule):
    for url in (character + REGISTERED, REGISTERED.replace("app.", f"app.{character}")):
        assert not is_listed(url, [REGISTERED], rule)


def test_only_ascii_letters_match_in_another_case():
    assert not is_listed("https://\u212a.example.com", ["https://k.example.com"], ORIGINS)
    assert not is_listed("https://ü.example.com", ["https://Ü.example.com"], ORIGINS)
    assert is_listed("https://ü.Example.com", ["https://ü.example.com"], ORIGINS)


@pytest.mark.parametrize("rule", ALL_RULES)
@pytest.mark.parametrize("name", ["organization_name", "custom_domain.metadata.public_app"])
def test_an_entry_for_an_organization_or_a_custom_domain_matches_nothing(rule, name):
    entry = f"https://{{{name}}}.example.com/cb"
    for url in ("https://acme.example.com/cb", entry):
        assert not is_listed(url, [entry], rule)
    assert first_url([entry, REGISTERED]) == REGISTERED


@pytest.mark.parametrize("rule", ALL_RULES)
def test_a_misplaced_wildcard_matches_nothing(rule):
    for entry in ("https://app.*.example.com/", "https://*.com/", "https://a.example.com/*"):
        assert not is_listed(entry.replace("*", "b"), [entry], rule)


@given(st.text())
def test_any_text_can_be_compared(text):
    for rule in ALL_RULES:
        assert is_listed(text, [], rule) is False
        assert is_listed(REGISTERED, [text], rule) in (True, False)
    assert is_well_placed(text) in (True, False)


@pytest.mark.parametrize("rule", ALL_RULES)
def test_long_urls_are_compared_quickly(rule):
    entry = "https://" + "a" * 30 + "*" + "a" * 30 + ".example.com/" + "a" * 8000
    for url in (
        "https://" + "a-" * 50_000,
        "a" * 100_000,
        "https://" + "a." * 50_000 + "/" * 50_000,
    ):
        assert not is_listed(url, [entry], rule)

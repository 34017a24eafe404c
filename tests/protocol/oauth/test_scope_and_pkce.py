"""Scope as an ordered set; PKCE."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.protocol.errors.oauth_error import InvalidGrant
from mockidp.protocol.oauth.pkce import CodeChallenge, check_verifier, s256
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.oauth.scope import make_scope, opened_claims, parse_scope

SCOPES = st.lists(st.text(string.ascii_letters + ":_", min_size=1), max_size=8)
VERIFIERS = st.text(string.ascii_letters + string.digits + "-._~", min_size=43, max_size=128)


@given(SCOPES)
def test_a_scope_keeps_its_order_without_duplicates(values):
    parsed = parse_scope(make_scope([*values, *values]))
    assert parsed == tuple(dict.fromkeys(values))
    assert parse_scope(make_scope(parsed)) == parsed


def test_an_absent_scope_is_empty():
    assert parse_scope(None) == parse_scope("  ") == ()


@given(SCOPES)
def test_unknown_scopes_grant_no_claims(values):
    known = {"profile", "email", "phone", "address", "name", "nickname", "picture", "identities"}
    known |= {"given_name", "family_name", "email_verified", "created_at"}
    assert opened_claims([value for value in values if value not in known]) == frozenset()


@given(VERIFIERS, VERIFIERS)
def test_a_verifier_matches_its_own_challenge_only(verifier, other):
    for method, value in (("S256", s256(verifier)), ("plain", verifier)):
        challenge = CodeChallenge(value=value, method=method)
        check_verifier(challenge, verifier)
        if other != verifier:
            with pytest.raises(InvalidGrant):
                check_verifier(challenge, other)


@given(VERIFIERS)
def test_a_plain_verifier_does_not_match_an_s256_challenge(verifier):
    with pytest.raises(InvalidGrant):
        check_verifier(CodeChallenge(value=verifier, method="S256"), verifier)


@pytest.mark.parametrize(
    ("uri", "location"),
    [
        ("http://a/cb", "http://a/cb?code=x"),
        ("http://a/cb?", "http://a/cb?code=x"),
        ("http://a/cb?b=1", "http://a/cb?b=1&code=x"),
        ("http://a/cb?b=1&", "http://a/cb?b=1&code=x"),
        ("http://a/cb#f", "http://a/cb?code=x#f"),
    ],
)
def test_parameters_are_added_to_those_of_a_redirect_uri(uri, location):
    response = AuthorizationResponse(redirect_uri=uri, mode="query", parameters={"code": "x"})
    assert response.location == location


def test_a_fragment_replaces_an_existing_one():
    response = AuthorizationResponse(
        redirect_uri="http://a/cb?b=1#f", mode="fragment", parameters={"code": "x"}
    )
    assert response.location == "http://a/cb?b=1#code=x"

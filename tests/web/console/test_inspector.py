"""The inspector: tokens, codes and callbacks, decoded and checked without using them up."""

import pytest

from mockidp.protocol.tokens.base64url import base64url


def inspect(console, thing):
    console.open("/inspect")
    answer = console.send("/inspect", thing=thing)
    assert answer.status_code == 200, answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    console.page = type(console.page)(answer.text)
    return console.text("verdict")[0]


@pytest.fixture
def tokens(console):
    return console.redeem(console.callback()["code"]).json


def test_an_id_token_is_shown_with_times_and_meanings(console, tokens):
    verdict = inspect(console, tokens["id_token"])
    assert verdict.startswith("JWT: It is valid This tenant signed the token")
    [claims] = console.text("claims")
    assert "sub auth0|alice The user" in claims
    now = console.tenant.now()
    assert f"iat {int(now)} " in claims
    assert '"alg": "RS256"' in console.page.text


def test_an_expired_token_and_one_of_a_revoked_key_are_not_valid(console, tokens):
    kid = console.tenant.keys.current.kid
    console.tenant.rotate_keys()
    assert "It is valid" in inspect(console, tokens["id_token"])
    console.tenant.revoke_key(kid)
    assert "No key of this tenant" in inspect(console, tokens["id_token"])
    console.later(100000)
    assert "JWT: It is not valid" in inspect(console, tokens["id_token"])


def test_a_code_is_not_used_up(console):
    code = console.callback()["code"]
    assert inspect(console, code).startswith("Authorization code: It is valid")
    assert console.redeem(code).status_code == 200
    assert "It is not valid" in inspect(console, code)


def test_a_callback_with_an_error_says_why(console):
    verdict = inspect(console, "http://localhost:3000/callback?error=access_denied&state=s1")
    assert "The login was refused with the error 'access_denied'." in verdict
    assert "state s1" in console.text("claims")[0]


def test_a_link_leads_to_the_doctor(console):
    answer = console.post(
        "/_mockidp/v1/impersonation-links", json_body={"user": "alice", "state": "s1"}
    )
    inspect(console, answer.json["url"])
    assert console.page.find("a", href="/_mockidp/link")


@pytest.mark.parametrize("thing", ["nonsense", "a.b.c", "http://localhost:3000/"])
def test_something_unknown_is_explained(console, thing):
    assert ": It " in inspect(console, thing)


def test_custom_claims_name_their_entry(console):
    console.post(
        "/_mockidp/v1/claims",
        json_body={"claim": "https://acme.example/plan", "value": "gold", "in": ["id_token"]},
    )
    tokens = console.redeem(console.callback()["code"]).json
    inspect(console, tokens["id_token"])
    [claims] = console.text("claims")
    assert "https://acme.example/plan gold Custom claim:" in claims


@pytest.mark.parametrize("exp", ["NaN", "1e999", "1e300", "true"])
def test_an_expiry_that_is_no_date_is_shown_as_it_is(console, exp):
    payload = base64url(f'{{"exp": {exp}}}'.encode())
    assert ": It " in inspect(console, f"{base64url(b'{}')}.{payload}.aa")

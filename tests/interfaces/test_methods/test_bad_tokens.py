"""Tokens with deliberate flaws, and errors about invalid arguments."""

import jwt
import pytest

from helpers.acme import API
from helpers.tenant_client import claims_of, header_of
from mockidp import MockIdPError

NOW = 1896091200


@pytest.fixture
def verify(wire):
    """Verify a token as an API does, except for its times."""
    return lambda token, audience=API: _verify(wire, token, audience)


def _verify(wire, token, audience):
    issuer = f"{wire.url}/"
    keys = jwt.PyJWKSet.from_dict(wire.get("/.well-known/jwks.json").json)
    key = keys[jwt.get_unverified_header(token)["kid"]]
    options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
    return jwt.decode(
        token, key, algorithms=["RS256"], audience=audience, issuer=issuer, options=options
    )


# --- flaws ---


def make_access_token(idp, **words):
    return idp.access_token(audience=API, user="alice", **words)


def make_id_token(idp, **words):
    return idp.id_token(user="alice", nonce="n1", **words)


@pytest.fixture(params=[make_access_token, make_id_token])
def make(request, idp):
    return lambda **words: request.param(idp, **words)


def test_an_expired_token(make, idp):
    assert claims_of(make(expired=True))["exp"] < NOW
    explained = idp.explain(make(expired=True))
    assert (explained.accepted, explained.reasons[0][:20]) == (False, "The token expired at")


def test_a_token_that_is_not_yet_valid(make):
    assert claims_of(make(not_yet_valid=True))["nbf"] > NOW


@pytest.mark.parametrize("name", ["iss", "aud", "azp", "sub"])
def test_a_wrong_claim(make, name):
    good, bad = claims_of(make()), claims_of(make(wrong=name))
    assert bad.pop(name) != good.pop(name, None)
    assert bad == good


def test_several_wrong_claims(make, idp):
    bad = claims_of(make(wrong=["iss", "sub"]))
    good = claims_of(make())
    assert {name for name in good if good[name] != bad[name]} == {"iss", "sub"}
    nonce = claims_of(idp.id_token(user="alice", nonce="n1", wrong="nonce"))["nonce"]
    assert nonce != "n1"


def test_removed_claims(make):
    assert not {"sub", "aud"} & claims_of(make(remove=["sub", "aud"])).keys()
    assert "sub" not in claims_of(make(remove=("sub",)))


def test_changed_header_fields(make):
    header = header_of(make(header={"typ": None, "jku": "https://evil.example/"}))
    assert header["jku"] == "https://evil.example/"
    assert "typ" not in header


def test_an_unknown_kid(make, idp):
    token = make(kid="unknown")
    assert header_of(token)["kid"] == "unknown"
    assert "unknown" in idp.explain(token).reasons[0]


def test_a_token_without_a_signature(make):
    token = make(alg="none")
    assert header_of(token)["alg"] == "none"
    assert token.endswith(".")


@pytest.mark.parametrize("words", [{"alg": "HS256"}, {"signature": "broken"}])
def test_a_signature_that_a_client_must_not_accept(make, idp, words, verify):
    token = make(**words)
    with pytest.raises(jwt.InvalidTokenError):
        verify(token, audience=claims_of(token)["aud"])
    assert idp.explain(token).accepted is False


def test_a_signature_by_another_key(make, idp, verify):
    token = make(signature="another_key")
    with pytest.raises(jwt.InvalidSignatureError):
        verify(token, audience=claims_of(token)["aud"])


def test_words_with_default_values_have_no_effect(make):
    defaults = {
        "remove": [],
        "header": {},
        "expired": False,
        "not_yet_valid": False,
        "wrong": (),
        "alg": None,
        "kid": None,
        "signature": None,
    }
    assert claims_of(make(**defaults)) == claims_of(make())


# --- mistakes ---


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"audience": API, "user": "eve"}, "There is no user 'eve'. Known: auth0|alice, auth0|bob"),
        ({"audience": API, "user": "auth0|alise"}, " Did you mean auth0|alice?"),
        ({"audience": API, "client": "wob"}, "There is no client 'wob'. Known: web, other,"),
        (
            {"audience": "https://api.example"},
            "API https://api.example/ exists. Check the trailing slash.",
        ),
        ({}, "A token needs an audience or a user."),
        ({"user": "alice", "expired": True}, "A token without an audience is opaque, "),
        ({"user": "alice", "expires_in": 5}, "A token without an audience is opaque, "),
        (
            {"audience": API, "alg": "RS512"},
            "access_token: alg: found the string 'RS512', expected",
        ),
        ({"audience": API, "expird": True}, "expird: found an unknown key"),
        ({"audience": API, "expired": True, "not_yet_valid": True}, "one of the two"),
        ({"audience": API, "wrong": "nonce"}, "wrong nonce at access_token, expected iss, aud"),
        ({"audience": API, "delay": 1}, "delay at access_token"),
        ({"audience": API, "claims": {"x": object()}}, "expected a JSON value: "),
    ],
)
def test_invalid_arguments_of_access_token_are_reported(idp, arguments, message):
    with pytest.raises(MockIdPError) as caught:
        idp.access_token(**arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"user": "eve"}, "no user 'eve'"),
        ({"user": "alice", "client": "wob"}, "no client 'wob'"),
        ({"user": "alice", "wrong": "state"}, "wrong state at id_token"),
    ],
)
def test_invalid_arguments_of_id_token_are_reported(idp, arguments, message):
    with pytest.raises(MockIdPError) as caught:
        idp.id_token(**arguments)
    assert message in str(caught.value)


def test_only_the_first_of_many_users_are_listed(interface):
    users = [{"user_id": f"auth0|u{number}"} for number in range(40)]
    with pytest.raises(MockIdPError, match=r"auth0\|u9 and 30 more\.$"):
        interface.make({"users": users}).id_token(user="zed")
    with pytest.raises(MockIdPError, match=r"Known: none\.$"):
        interface.make({}).id_token(user="zed")

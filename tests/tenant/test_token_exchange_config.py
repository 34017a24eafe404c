"""Token exchange in a tenant file: profiles, allowed clients, and subject tokens."""

import pytest

from helpers.assertions import public_pem
from mockidp import MockIdP, MockIdPError
from mockidp.tenant.config.load import parse_tenant

FILE = """
clients:
  - client_id: broker
    grant_types: ["urn:ietf:params:oauth:grant-type:token-exchange"]
    token_exchange: {allow_any_profile_of_type: [custom_authentication]}
tokenExchangeProfiles:
  - {name: legacy, subject_token_type: %s, action: exchange, type: custom_authentication}
users:
  - {user_id: auth0|alice, email: alice@acme.example}
mockidp:
  subject_tokens:
    - %s
"""
ENTRY = "{profile: legacy, token: t, user: alice@acme.example}"
LEGACY = "urn:acme:legacy"


def mistakes(kind=LEGACY, entry=ENTRY):
    with pytest.raises(MockIdPError) as caught:
        parse_tenant(FILE % (kind, entry))
    return str(caught.value)


def test_a_file_in_the_layout_of_the_deploy_cli_is_read():
    document = parse_tenant(FILE % (LEGACY, ENTRY))
    (profile,) = document.token_exchange_profiles
    assert (profile.name, profile.action) == ("legacy", "exchange")
    assert document.not_acted_on == ()


def test_a_key_verifies_jwts():
    entry = f"{{profile: legacy, key: {public_pem()!r}, issuer: i, audience: a}}".replace("'", '"')
    assert parse_tenant(FILE % (LEGACY, entry)).mockidp.subject_tokens[0].issuer == "i"


@pytest.mark.parametrize(
    "kind",
    ["urn:ietf:params:oauth:token-type:jwt", "https://auth0.com/x", "urn:auth0", "legacy", "urn:a"],
)
def test_auth0_reserves_types(kind):
    text = mistakes(kind)
    assert "tokenExchangeProfiles[0].subject_token_type" in text
    assert "a URI" in text


def test_a_longer_name_of_a_reserved_domain_is_free():
    assert parse_tenant(FILE % ("https://auth0.com.acme.example/x", ENTRY)).clients


@pytest.mark.parametrize(
    ("entry", "cause"),
    [
        ("{profile: other, token: t, user: alice}", "the name of a token exchange profile"),
        ("{profile: legacy, token: t, user: zoe}", "a user's id, e-mail or username"),
        ("{profile: legacy, user: alice}", "neither token nor key"),
        ("{profile: legacy, token: t, key: k, user: alice}", "a PEM public key"),
        ("{profile: legacy, token: t}", "the user of the token, or an error"),
        ("{profile: legacy, token: '', user: alice}", "a non-empty string"),
        ("{profile: legacy, token: t, user: alice, actor: {}}", "an actor with a string as `sub`"),
        ("{profile: legacy, token: t, user: alice, issuer: i}", "issuer only with key"),
        ("{profile: legacy, token: t, user: alice, audience: i}", "audience only with key"),
        ("{token: t, user: alice}", "a profile, or a connection for native social login"),
        ("{profile: legacy, connection: c, token: t, user: alice}", "profile together with"),
        ("{connection: c, token: t, user: alice, actor: {sub: a}}", "actor only with profile"),
    ],
)
def test_contradictions_are_errors(entry, cause):
    assert cause in mistakes(entry=entry)


@pytest.mark.parametrize(
    ("more", "cause"),
    [("token: t", "token together with key"), ("user: alice", "user together with key")],
)
def test_a_key_excludes_fields_of_a_token(more, cause):
    entry = f"{{profile: legacy, key: {public_pem()!r}, {more}}}".replace("'", '"')
    assert cause in mistakes(entry=entry)


def test_two_profiles_of_a_type_are_an_error():
    again = "\n  - {name: again, subject_token_type: urn:acme:legacy}\nusers:"
    text = FILE.replace("\nusers:", again) % (LEGACY, ENTRY)
    with pytest.raises(MockIdPError, match="each subject_token_type once"):
        parse_tenant(text)


def test_a_function_needs_an_existing_profile():
    idp = MockIdP(url="http://idp.test")
    with pytest.raises(MockIdPError, match="No token exchange profile has the name 'legacy'"):
        idp.exchange_tokens("legacy", lambda _exchange: "alice")
    idp.add_token_exchange_profile("legacy", subject_token_type=LEGACY)
    idp.exchange_tokens("legacy", lambda _exchange: "alice")
    assert "legacy" in idp.tenant.deciders

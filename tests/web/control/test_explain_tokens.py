"""Explain tokens: what they are, and whether they would be accepted."""

from dataclasses import replace

import jwt
import pytest

from mockidp.tenant.tenant import Tenant
from mockidp.testing.methods.explain import NOT_CHECKED, explain

API = "https://api.acme.example/"
ORIGIN = "http://localhost:9400"


@pytest.fixture
def mint(control):
    def make(**body):
        return control.call("tokens", **body).json["access_token"]

    return make


@pytest.fixture
def redeemed(control):
    """Log in through a link and redeem the code, with a scope."""

    def tokens(client="web", secret="web-secret"):
        location = control.open(control.link(client=client)).headers["Location"]
        code = location.partition("code=")[2].partition("&")[0]
        body = {
            "grant_type": "authorization_code",
            "client_id": client,
            "client_secret": secret,
            "redirect_uri": "http://localhost:3000/callback",
            "code": code,
        }
        return control.send("POST", "/oauth/token", json=body).json

    return tokens


def test_a_valid_token(control, mint):
    result = control.explain(mint(user="alice", audience=API))
    assert (result["kind"], result["accepted"]) == ("jwt", True)
    assert result["reasons"] == [
        "This tenant signed the token for the audience 'https://api.acme.example/'. It has not expired."
    ]
    assert result["decoded"]["header"]["alg"] == "RS256"
    assert result["decoded"]["claims"]["sub"] == "auth0|alice"


def test_an_expired_token(control, mint):
    token = mint(user="alice", audience=API)
    control.tenant.clock.advance(86400)
    result = control.explain(token)
    assert result["accepted"] is False
    assert result["reasons"] == [
        "The token expired at 2023-11-15 22:13:23 UTC. It is now 2023-11-15 22:13:23 UTC."
    ]


def test_a_token_with_another_key(control, make_control):
    other = make_control()
    result = control.explain(other.call("tokens", user="alice", audience=API).json["access_token"])
    assert result["accepted"] is False
    assert "No key of this tenant has the `kid`" in result["reasons"][0]


def test_a_token_that_was_changed_and_has_expired(control, mint):
    header, _, signature = mint(user="alice", audience=API).split(".")
    payload = mint(user="bob", audience=API).split(".")[1]
    control.tenant.clock.advance(90000)
    result = control.explain(f"{header}.{payload}.{signature}")
    assert result["accepted"] is False
    assert "does not match the content, which was changed." in result["reasons"][0]
    assert "The token expired at" in result["reasons"][1]


def test_a_token_signed_with_an_apis_secret(control, mint):
    result = control.explain(
        mint(user="alice", audience="https://hs.acme.example/", scope="openid")
    )
    assert result["accepted"] is True
    assert result["decoded"]["header"]["alg"] == "HS256"


def test_a_token_signed_with_a_clients_secret(control, redeemed):
    token = redeemed("old", "a secret of thirty-two characters")["id_token"]
    assert control.explain(token)["accepted"] is True
    forged = jwt.encode({"aud": "old"}, "x" * 32, "HS256")
    result = control.explain(forged)
    assert result["accepted"] is False
    assert result["reasons"] == ["No secret of this tenant signed the token (HS256, `aud` 'old')."]
    assert control.explain(f"{forged[:-3]}!!!")["accepted"] is False


def test_a_token_without_a_signature(control):
    token = jwt.encode({"sub": "x"}, None, "none")
    result = control.explain(token)
    assert result["accepted"] is False
    assert result["reasons"] == ["The token is signed with none instead of RS256 or PS256."]


def test_two_dots_do_not_make_a_token(control):
    result = control.explain("a.b.c")
    assert (result["kind"], result["accepted"]) == ("unknown", False)
    assert result["reasons"][0].startswith("This is not a JWT. ")


def test_without_a_server_no_signature_is_checked(mint):
    result = explain(mint(user="alice", audience=API), None)
    assert (result.kind, result.accepted, result.reasons) == ("jwt", None, (NOT_CHECKED,))
    assert result.decoded["claims"]["aud"] == API


def test_an_opaque_token(control, redeemed):
    token = redeemed()["access_token"]
    result = control.explain(token)
    assert (result["kind"], result["accepted"]) == ("opaque access token", True)
    assert result["reasons"] == ["The opaque access token is valid for /userinfo only."]
    control.tenant.clock.advance(86400)
    result = control.explain(token)
    assert result["reasons"] == ["The opaque access token expired at 2023-11-15 22:13:23 UTC."]


def test_a_v1_token(control):
    body = {
        "client_id": "global",
        "client_secret": "global-secret",
        "grant_type": "client_credentials",
    }
    token = control.send("POST", "/oauth/token", json=body).json["access_token"]
    result = control.explain(token)
    assert (result["kind"], result["accepted"]) == ("Management API v1 token", True)
    assert "impersonation links" in result["reasons"][0]


def test_a_refresh_token_through_its_life(control):
    tenant = control.tenant
    first = start_family(tenant)
    assert control.explain(first)["reasons"] == ["The refresh token is valid."]
    body = {"grant_type": "refresh_token", "client_id": "web", "client_secret": "web-secret"}
    tenant.clock.advance(7)
    answer = control.send("POST", "/oauth/token", json=body | {"refresh_token": first})
    second = answer.json["refresh_token"]
    result = control.explain(first)
    assert (result["kind"], result["accepted"]) == ("refresh token", False)
    assert result["reasons"] == ["The refresh token was exchanged for another at 22:13:30 UTC."]
    assert control.explain(second)["accepted"] is True
    control.send("POST", "/oauth/token", json=body | {"refresh_token": first})
    result = control.explain(second)
    assert result["reasons"] == ["The refresh token was used or revoked at 22:13:30 UTC."]


def test_a_refresh_token_that_is_no_longer_stored(control, monkeypatch):
    token = start_family(control.tenant)
    monkeypatch.setattr(control.tenant, "refresh_families", Tenant().refresh_families)
    result = control.explain(token)
    assert result["accepted"] is False
    assert result["reasons"] == ["The refresh token is too old. The tenant no longer remembers it."]


def start_family(tenant):
    from mockidp.flows.tokens.granted import Granted
    from mockidp.flows.tokens.refresh_token import start_refresh_family

    client = tenant.directory.client("web")
    granted = Granted(
        client=replace(client),
        user=tenant.directory.user("auth0|alice"),
        scope=("openid", "offline_access"),
        api=None,
    )
    return start_refresh_family(tenant, "http://localhost", granted)


def test_an_unknown_value(control):
    result = control.explain("x" * 32)
    assert (result["kind"], result["accepted"]) == ("unknown", False)
    assert result["reasons"] == ["This tenant never issued this token or code."]

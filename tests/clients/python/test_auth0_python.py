"""auth0-python's authentication clients: every grant, userinfo, revocation and the verifier."""

import base64
import contextlib
import functools
import hashlib
from urllib.parse import urlencode

import jwt
import pytest
import requests
from auth0.authentication import GetToken, RevokeToken, Users
from auth0.authentication.exceptions import Auth0Error, TokenValidationError
from auth0.authentication.token_verifier import AsymmetricSignatureVerifier, TokenVerifier
from flask import Flask

from helpers.client_facts import shows

sdk = functools.partial(shows, "auth0-python 6", over="http, https")
CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
CONNECTION = "Username-Password-Authentication"
ALICE = ("alice@acme.example", "Passw0rd!")
VERIFIER = "a-verifier-of-at-least-forty-three-characters"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
SECRETS = {
    "acme-web": "acme-web-secret",
    "acme-spa": None,
    "acme-m2m": "acme-m2m-secret",
    "acme-global": "acme-global-secret",
}


@pytest.fixture
def client(tenant):
    """Return a function that creates an SDK client for one of the tenant's clients."""

    def client(kind, client_id="acme-web", **options):
        secret = {"client_secret": SECRETS[client_id]} | options
        return kind(tenant.domain, client_id, protocol=tenant.protocol, **secret)

    return client


@pytest.fixture
def code_for(tenant, user_of):
    """Return a function that logs alice in and returns her code."""

    def code_for(client_id, **parameters):
        query = {
            "response_type": "code", "client_id": client_id, "redirect_uri": CALLBACK,
            "scope": "openid profile email offline_access", **parameters,
        }  # fmt: skip
        alice = user_of(Flask("application"))
        alice.session.cookies.clear()
        return alice.get_callback_parameters(
            alice.visit(f"{tenant.url}/authorize?{urlencode(query)}")
        )["code"]

    return code_for


@pytest.fixture
def tokens(client):
    """Return the tokens for alice's password, with a refresh token."""
    return client(GetToken).login(
        *ALICE, realm=CONNECTION, scope="openid profile email offline_access", audience=API
    )


@pytest.fixture
def userinfo(tenant):
    return Users(tenant.domain, protocol=tenant.protocol).userinfo


@pytest.fixture
def verifier(tenant):
    """Return a function that creates the SDK's verifier of ID tokens."""

    def verifier(issuer=tenant.issuer, audience="acme-web"):
        signature = AsymmetricSignatureVerifier(f"{tenant.url}/.well-known/jwks.json")
        return TokenVerifier(signature, issuer=issuer, audience=audience)

    return verifier


@contextlib.contextmanager
def refused(status, error, description):
    """Expect the SDK's error for a response of the tenant."""
    with pytest.raises(Auth0Error) as raised:
        yield
    caught = raised.value
    assert (caught.status_code, caught.error_code, caught.message) == (status, error, description)


@sdk("client credentials")
def test_a_machine_gets_a_token_for_its_api(client):
    token = client(GetToken, "acme-m2m").client_credentials(API)
    assert (token["token_type"], token["scope"]) == ("Bearer", "read:items write:items")
    claims = jwt.decode(token["access_token"], options={"verify_signature": False})
    assert (claims["aud"], claims["sub"]) == (API, "acme-m2m@clients")


@sdk(refuses=["wrong client secret"])
def test_a_wrong_secret_is_refused(client):
    with refused(401, "access_denied", "Unauthorized"):
        client(GetToken, "acme-m2m", client_secret="wrong").client_credentials(API)


@sdk(refuses=["API that the client may not use"])
def test_an_api_without_a_grant_is_refused(client):
    with pytest.raises(Auth0Error) as raised:
        client(GetToken, "acme-m2m").client_credentials("https://reports.acme.example/")
    assert (raised.value.status_code, raised.value.error_code) == (403, "access_denied")


def test_the_global_client_gets_a_v1_token_without_an_audience(client):
    token = client(GetToken, "acme-global").client_credentials(None)
    assert list(token) == ["access_token", "token_type"]
    assert token["token_type"] == "bearer"
    assert "." not in token["access_token"]


@sdk("authorization code", refuses=["used code"])
def test_a_code_can_be_redeemed_once(client, code_for, userinfo):
    code = code_for("acme-web")
    get_token = client(GetToken)
    token = get_token.authorization_code(code, CALLBACK)
    assert userinfo(token["access_token"])["sub"] == "auth0|alice"
    with refused(403, "invalid_grant", "Invalid authorization code"):
        get_token.authorization_code(code, CALLBACK)


@sdk(refuses=["code for another callback"])
def test_a_code_is_refused_for_another_callback(client, code_for):
    get_token = client(GetToken).authorization_code
    wrong = (
        "The redirect URI is wrong. You sent https://localhost:3000, "
        "and we expected http://localhost:3000"
    )
    with refused(403, "unauthorized_client", wrong):
        get_token(code_for("acme-web"), CALLBACK.replace("http:", "https:"))
    assert get_token(code_for("acme-web"), CALLBACK)["access_token"]


@sdk("authorization code with PKCE")
def test_pkce_accepts_the_verifier(client, code_for, userinfo):
    code = code_for("acme-spa", code_challenge=CHALLENGE, code_challenge_method="S256")
    token = client(GetToken, "acme-spa").authorization_code_pkce(VERIFIER, code, CALLBACK)
    assert userinfo(token["access_token"])["email"] == "alice@acme.example"


@sdk(refuses=["wrong code verifier"])
def test_pkce_refuses_another_verifier(client, code_for):
    code = code_for("acme-spa", code_challenge=CHALLENGE, code_challenge_method="S256")
    with refused(403, "invalid_grant", "Failed to verify code verifier"):
        client(GetToken, "acme-spa").authorization_code_pkce(VERIFIER[::-1], code, CALLBACK)


@sdk("password grant with a realm")
def test_a_password_logs_in_with_a_realm(tokens, userinfo):
    assert userinfo(tokens["access_token"])["sub"] == "auth0|alice"
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert claims["gty"] == "password"


@sdk("password grant")
def test_a_password_logs_in_without_a_realm(client, userinfo):
    token = client(GetToken).login(*ALICE, scope="openid", grant_type="password")
    assert userinfo(token["access_token"])["sub"] == "auth0|alice"


@sdk(refuses=["wrong password"])
def test_a_wrong_password_is_refused(client):
    with refused(403, "invalid_grant", "Wrong email or password."):
        client(GetToken).login(ALICE[0], "wrong", realm=CONNECTION, scope="openid")


@sdk("refresh token")
def test_a_refresh_token_gets_a_new_access_token(client, tokens, userinfo):
    token = client(GetToken).refresh_token(tokens["refresh_token"])
    assert token["access_token"] != tokens["access_token"]
    assert userinfo(token["access_token"])["sub"] == "auth0|alice"


@sdk("revocation", refuses=["revoked refresh token"])
def test_a_revoked_refresh_token_is_refused(client, tokens):
    refresh = client(GetToken).refresh_token
    assert refresh(tokens["refresh_token"])["access_token"]
    assert client(RevokeToken).revoke_refresh_token(tokens["refresh_token"]) == ""
    with refused(403, "invalid_grant", "Unknown or invalid refresh token."):
        refresh(tokens["refresh_token"])


@sdk(refuses=["invalid access token at /userinfo"])
def test_userinfo_refuses_an_invalid_token(userinfo):
    with pytest.raises(Auth0Error) as raised:
        userinfo("no-token")
    assert raised.value.status_code == 401


@sdk("verification of ID tokens", refuses=["wrong nonce, audience or issuer"])
def test_the_verifier_accepts_an_id_token(client, code_for, verifier):
    code = code_for("acme-web", nonce="n-1", max_age=100)
    token = client(GetToken).authorization_code(code, CALLBACK)["id_token"]
    assert verifier().verify(token, nonce="n-1", max_age=100)["sub"] == "auth0|alice"
    with pytest.raises(TokenValidationError, match="nonce"):
        verifier().verify(token, nonce="n-2")
    with pytest.raises(TokenValidationError, match="aud"):
        verifier(audience="acme-spa").verify(token)
    with pytest.raises(TokenValidationError, match="iss"):
        verifier(issuer="http://localhost/").verify(token)


@sdk(refuses=["wrong signature"])
def test_the_verifier_refuses_a_changed_signature(tokens, verifier):
    token = tokens["id_token"]
    assert verifier().verify(token)["sub"] == "auth0|alice"
    header, payload, signature = token.split(".")
    other = ("B" if signature[0] == "A" else "A") + signature[1:]
    with pytest.raises(TokenValidationError, match="signature"):
        verifier().verify(f"{header}.{payload}.{other}")


@sdk(refuses=["opaque token"])
def test_the_verifier_refuses_an_opaque_token(client, verifier):
    opaque = client(GetToken).login(*ALICE, scope="openid", realm=CONNECTION)["access_token"]
    with pytest.raises(TokenValidationError, match="could not be decoded"):
        verifier().verify(opaque)


def test_https_needs_the_ca(client, tenant, monkeypatch):
    if tenant.protocol == "https":
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
        with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
            client(GetToken, "acme-m2m").client_credentials(API)
    else:
        assert client(GetToken, "acme-m2m").client_credentials(API)

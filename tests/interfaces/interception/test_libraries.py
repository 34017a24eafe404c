"""SDKs that use requests with the tenant's real domain, and one that uses urllib."""

import socket

import jwt
import pytest
import requests
from auth0.authentication import GetToken, Users
from auth0.authentication.exceptions import Auth0Error, RateLimitError, TokenValidationError
from auth0.authentication.token_verifier import AsymmetricSignatureVerifier, TokenVerifier
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from mockidp import intercept

DOMAIN = "acme.eu.auth0.com"
URL = f"https://{DOMAIN}"
CALLBACK = "http://localhost:3000/callback"
API = "https://api.example/"


def log_in(client):
    """Run Authlib's code flow with PKCE for a prepared user."""
    verifier = generate_token(48)
    authorize_url, state = client.create_authorization_url(
        f"{URL}/authorize", code_verifier=verifier, audience=API
    )
    answer = client.get(authorize_url, withhold_token=True, allow_redirects=False)
    location = answer.headers["Location"]
    assert f"state={state}" in location
    return client.fetch_token(
        f"{URL}/oauth/token", authorization_response=location, code_verifier=verifier
    )


@pytest.fixture
def client(idp):
    idp.sign_in_as("alice")
    with OAuth2Session(
        "app",
        "secret",
        redirect_uri=CALLBACK,
        scope="openid profile offline_access",
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_post",
        token_endpoint=f"{URL}/oauth/token",
    ) as client:
        yield client


def test_authlib_logs_in_and_refreshes(idp, client):
    first = log_in(client)
    assert client.get(f"{URL}/userinfo").json()["sub"] == "auth0|alice"
    idp.clock.advance(1)
    second = client.refresh_token()
    assert first["access_token"] != second["access_token"]
    assert client.get(f"{URL}/userinfo").json()["sub"] == "auth0|alice"
    assert [entry.grant for entry in idp.journal.of("token")] == [
        "authorization_code",
        "refresh_token",
    ]


def test_authlib_refreshes_an_expired_token(idp, client):
    log_in(client)
    client.token["expires_at"] = 1
    assert client.get(f"{URL}/userinfo").status_code == 200
    assert idp.journal.last("token").grant == "refresh_token"


def test_authlib_raises_the_error_of_a_refusal(idp, client):
    with idp.fault("token", refuse="code_used"), pytest.raises(OAuthError, match="invalid_grant"):
        log_in(client)


def test_auth0_python_gets_and_verifies_tokens(idp):
    token = GetToken(DOMAIN, "machine", client_secret="secret").client_credentials(API)
    verifier = TokenVerifier(
        signature_verifier=AsymmetricSignatureVerifier(f"{URL}/.well-known/jwks.json"),
        issuer=f"{URL}/",
        audience="app",
    )
    assert verifier.verify(idp.id_token(user="alice", client="app"))["sub"] == "auth0|alice"
    with pytest.raises(TokenValidationError, match="Audience"):
        verifier.verify(idp.id_token(user="alice", client="another"))
    assert idp.explain(token["access_token"]).accepted


def test_auth0_python_reads_userinfo(idp):
    login = GetToken(DOMAIN, "app", client_secret="secret").login(
        "alice@acme.example", "Passw0rd!", realm="Username-Password-Authentication", scope="openid"
    )
    assert Users(DOMAIN).userinfo(login["access_token"])["sub"] == "auth0|alice"


def test_auth0_python_raises_the_error_of_a_refusal(idp):
    client = GetToken(DOMAIN, "app", client_secret="secret")
    with pytest.raises(Auth0Error, match="Wrong email or password"):
        client.login("alice@acme.example", "wrong", realm="Username-Password-Authentication")


def test_auth0_python_reads_the_time_of_the_next_attempt(idp):
    client = GetToken(DOMAIN, "machine", client_secret="secret")
    idp.fault("token", rate_limit=True, times=1)
    with pytest.raises(RateLimitError) as caught:
        client.client_credentials(API)
    assert caught.value.reset_at >= int(idp.clock.now())
    assert client.client_credentials(API)["access_token"]


def test_pyjwk_client_is_not_intercepted():
    """`PyJWKClient` uses urllib, so it needs the server, as docs/how-to/intercept.md says."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # does not listen, so connections are refused
        domain = f"127.0.0.1:{closed.getsockname()[1]}"
        url = f"http://{domain}/.well-known/jwks.json"
        with intercept(domain) as idp:
            token = idp.access_token(audience=API, user="alice")
            assert requests.get(url, timeout=5).status_code == 200
            with pytest.raises(jwt.PyJWKClientConnectionError):
                jwt.PyJWKClient(url).get_signing_key_from_jwt(token)

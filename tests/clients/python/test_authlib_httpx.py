"""Authlib's httpx clients: the code flow with PKCE, other grants, refresh and revocation."""

import asyncio
import contextlib
import functools

import pytest
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuth2Client
from authlib.oauth2.rfc6749.errors import MismatchingStateException

from helpers.client_facts import shows

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
SCOPE = "openid profile email offline_access"
WEB, SPA = ("acme-web", "acme-web-secret"), ("acme-spa", None)
client = functools.partial(shows, "Authlib (httpx)", over="http, https")


@pytest.fixture(autouse=True)
def allow_http(monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def connect(url):
    """Return a function that creates an OAuth client of the tenant."""
    with contextlib.ExitStack() as opened:

        def connect(client_id, secret, kind=OAuth2Client, **options):
            app = kind(
                client_id, secret, token_endpoint=f"{url}/oauth/token", timeout=10, **options
            )
            return app if kind is AsyncOAuth2Client else opened.enter_context(app)

        yield connect


@pytest.fixture
def start(connect, url, browser):
    """Return a function that logs alice in. It returns a client, and how it gets her tokens."""

    def start(client_id="acme-web", secret="acme-web-secret", **options):
        code_flow = {"scope": SCOPE, "redirect_uri": CALLBACK, "code_challenge_method": "S256"}
        app = connect(client_id, secret, **code_flow | options)
        verifier = generate_token(48)
        address, state = app.create_authorization_url(f"{url}/authorize", code_verifier=verifier)
        callback = browser.get_callback(address)
        finish = functools.partial(
            app.fetch_token, authorization_response=callback, state=state, code_verifier=verifier
        )
        return app, finish

    return start


def refused(error):
    return pytest.raises(OAuthError, check=lambda raised: raised.error == error)


@client("authorization code with PKCE", "userinfo")
@pytest.mark.parametrize("credentials", [WEB, SPA], ids=["with a secret", "without a secret"])
def test_a_user_logs_in(start, url, credentials):
    app, finish = start(*credentials)
    assert finish()["token_type"] == "Bearer"
    assert app.get(f"{url}/userinfo").json()["sub"] == "auth0|alice"


@client("refresh token", "revocation", refuses=["revoked refresh token"])
def test_an_expired_token_is_refreshed_with_the_original_scope(start, url):
    updated = []
    app, finish = start(update_token=lambda token, **_: updated.append(token))
    app.token = finish() | {"expires_at": 1}
    assert app.get(f"{url}/userinfo").json()["email"] == "alice@acme.example"
    assert [token["scope"] for token in updated] == [SCOPE]
    app.revoke_token(f"{url}/oauth/revoke", app.token["refresh_token"]).raise_for_status()
    with refused("invalid_grant"):
        app.refresh_token()


@client("client credentials", refuses=["wrong client secret", "API that the client may not use"])
def test_a_machine_gets_a_token(connect):
    machine = connect("acme-m2m", "acme-m2m-secret")
    fetch = functools.partial(machine.fetch_token, grant_type="client_credentials")
    assert fetch(audience=API)["scope"] == "read:items write:items"
    with refused("access_denied"):
        fetch(audience="https://reports.acme.example/")
    with refused("access_denied"):
        connect("acme-m2m", "wrong").fetch_token(grant_type="client_credentials", audience=API)


@client("password grant", refuses=["wrong password"])
def test_a_password_gets_tokens(connect):
    app = connect(*WEB, scope="openid")
    assert app.fetch_token(username="alice@acme.example", password="Passw0rd!")["id_token"]
    with refused("invalid_grant"):
        app.fetch_token(username="alice@acme.example", password="wrong")


@client("asynchronous code flow and refresh", refuses=["used code"])
def test_the_asynchronous_client_logs_in(start, url):
    app, finish = start(kind=AsyncOAuth2Client)

    async def log_in():
        async with app:
            app.token = await finish() | {"expires_at": 1}
            profile = (await app.get(f"{url}/userinfo")).json()
            with refused("invalid_grant"):
                await finish()
        return profile["sub"]

    assert asyncio.run(log_in()) == "auth0|alice"


@client(refuses=["wrong state", "wrong code verifier"])
def test_a_callback_is_refused(start):
    _, finish = start()
    with pytest.raises(MismatchingStateException):
        finish(state="another")
    with refused("invalid_grant"):
        finish(code_verifier=generate_token(48))

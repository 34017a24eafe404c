"""requests-oauthlib: the code flow with PKCE, other grants, refresh, and changed scopes."""

import contextlib
import functools

import pytest
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient
from oauthlib.oauth2.rfc6749.errors import (
    AccessDeniedError,
    InsecureTransportError,
    InvalidGrantError,
    MismatchingStateError,
)
from requests_oauthlib import OAuth2Session

from helpers.client_facts import shows

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
SCOPE = ["openid", "profile", "email", "offline_access"]
SECRET = "acme-web-secret"
client = functools.partial(shows, "requests-oauthlib", over="http, https")


@pytest.fixture(autouse=True)
def allow_http(monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def connect(url):
    """Return a function that creates a session with its token endpoint."""
    with contextlib.ExitStack() as opened:

        def connect(client_id="acme-web", **options):
            session = opened.enter_context(OAuth2Session(client_id, **options))
            session.fetch = functools.partial(session.fetch_token, f"{url}/oauth/token", timeout=10)
            return session

        yield connect


@pytest.fixture
def start(connect, url, browser):
    """Return a function that logs alice in. It returns the session and the callback's URL."""

    def start(client_id="acme-web", scope=SCOPE, **filled_in):
        session = connect(client_id, redirect_uri=CALLBACK, scope=scope, pkce="S256")
        address, _ = session.authorization_url(f"{url}/authorize")
        return session, browser.get_callback(address, **filled_in)

    return start


@client("authorization code with PKCE", "userinfo")
@pytest.mark.parametrize(
    ("client_id", "secret"),
    [("acme-web", {"client_secret": SECRET}), ("acme-spa", {"include_client_id": True})],
)
def test_a_user_logs_in(start, url, client_id, secret):
    session, callback = start(client_id)
    assert session.fetch(authorization_response=callback, **secret)["scope"] == SCOPE
    assert session.get(f"{url}/userinfo", timeout=10).json()["sub"] == "auth0|alice"


@client("refresh with the original scope", refuses=["revoked refresh token"])
def test_an_expired_token_is_refreshed(start, url):
    updated = []
    session, callback = start()
    session.fetch(authorization_response=callback, client_secret=SECRET)
    session.auto_refresh_url = f"{url}/oauth/token"
    session.auto_refresh_kwargs = {"client_id": "acme-web", "client_secret": SECRET}
    session.token_updater = updated.append
    session.token = session.token | {"expires_at": 1}
    assert session.get(f"{url}/userinfo", timeout=10).json()["sub"] == "auth0|alice"
    assert [token["scope"] for token in updated] == [SCOPE]
    revocation = session.auto_refresh_kwargs | {"token": session.token["refresh_token"]}
    session.post(f"{url}/oauth/revoke", json=revocation, withhold_token=True, timeout=10)
    with pytest.raises(InvalidGrantError, match="Unknown or invalid refresh token"):
        session.refresh_token(session.auto_refresh_url, **session.auto_refresh_kwargs)


@client("client credentials", refuses=["wrong client secret"])
def test_a_machine_gets_a_token(connect):
    session = connect(client=BackendApplicationClient("acme-m2m"))
    token = session.fetch(client_secret="acme-m2m-secret", audience=API)
    assert token["scope"] == ["read:items", "write:items"]
    with pytest.raises(AccessDeniedError, match="Unauthorized"):
        session.fetch(client_secret="wrong", audience=API)


@client("password grant", refuses=["wrong password"])
def test_a_password_gets_tokens(connect):
    session = connect(client=LegacyApplicationClient("acme-web", scope=["openid"]))
    login = {"username": "alice@acme.example", "client_secret": SECRET, "audience": API}
    assert session.fetch(**login, password="Passw0rd!")["id_token"]
    with pytest.raises(InvalidGrantError, match="Wrong email or password"):
        session.fetch(**login, password="wrong")


@client(refuses=["denied login", "wrong state", "used code", "wrong code verifier"])
def test_a_callback_is_refused(start):
    session, callback = start(action="deny")
    with pytest.raises(AccessDeniedError):
        session.fetch(authorization_response=callback, client_secret=SECRET)
    session, callback = start()
    with pytest.raises(MismatchingStateError):
        session.fetch(authorization_response=f"{callback}x", client_secret=SECRET)
    session.fetch(authorization_response=callback, client_secret=SECRET)
    with pytest.raises(InvalidGrantError, match="Invalid authorization code"):
        session.fetch(authorization_response=callback, client_secret=SECRET)
    session, callback = start()
    session._code_verifier = session._code_verifier[::-1]
    with pytest.raises(InvalidGrantError, match="Failed to verify code verifier"):
        session.fetch(authorization_response=callback, client_secret=SECRET)


@client("granted scope that differs, if that is allowed", refuses=["granted scope that differs"])
def test_a_changed_scope_is_a_warning(start, monkeypatch):
    session, callback = start(scope=[*SCOPE, "read:unknown"])
    with pytest.raises(Warning, match="Scope has changed") as changed:
        session.fetch(authorization_response=callback, client_secret=SECRET)
    assert sorted(changed.value.new_scope) == sorted(SCOPE)
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")
    session, callback = start(scope=[*SCOPE, "read:unknown"])
    token = session.fetch(authorization_response=callback, client_secret=SECRET)
    assert token["scope"] == SCOPE


@shows("requests-oauthlib", refuses=["http, unless it is allowed"], over="http")
def test_http_must_be_allowed(connect, idp, monkeypatch):
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT")
    with pytest.raises(InsecureTransportError):
        connect().authorization_url(f"{idp.url}/authorize")

"""@auth0/nextjs-auth0 and Token Vault: connect an account, and get the token of its service."""

from types import SimpleNamespace

import pytest

from helpers.client_facts import shows
from helpers.nextjs import CLIENT, URL
from mockidp import RemoteIdP
from mockidp.protocol.oauth.grant_types import TOKEN_VAULT

GOOGLE = "google-oauth2"
SCOPES = ["create:me:connected_accounts"]
NOT_FOUND = "federated_connection_refresh_token_not_found"


@pytest.fixture(scope="module")
def application(run_app):
    return SimpleNamespace(port=int(run_app(enableConnectAccountEndpoint=True)))


@pytest.fixture
def app(visitor):
    """The app, in which alice has logged in. The visitor's tenant is reset at the end."""
    remote = RemoteIdP(visitor.server.url)
    audience = f"{visitor.server.url}/me/"
    remote.add_connection(GOOGLE, strategy=GOOGLE, connected_accounts={"active": True})
    remote.add_connection("github", strategy="github")
    remote.add_user(f"{GOOGLE}|1001", connection=GOOGLE, email="gina@gmail.example")
    remote.patch_client(
        "acme-web",
        callbacks=CLIENT["callbacks"],
        grant_types=["authorization_code", "refresh_token", TOKEN_VAULT],
        refresh_token={"policies": [{"audience": audience, "scope": SCOPES}]},
    )
    remote.add_client_grant(
        client_id="acme-web", audience=audience, scope=SCOPES, subject_type="user"
    )
    visitor.page.goto(f"{URL}/auth/login")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")
    return visitor


def token_of(app, connection=GOOGLE):
    return app.page.goto(f"{URL}/connection-token?connection={connection}").json()


@shows(
    "nextjs-auth0",
    "connected accounts",
    "token of another service from Token Vault",
    refuses=["service with which the user has not connected", "connection without Token Vault"],
    over="http",
)
def test_a_user_connects_an_account_whose_token_the_app_gets(app):
    assert token_of(app)["error"] == NOT_FOUND
    assert token_of(app, "github")["error"] == "invalid_request"
    app.page.goto(f"{URL}/auth/connect?connection={GOOGLE}&scopes=calendar&returnTo=/")
    app.page.get_by_test_id("pick-user").click()
    app.wait_for_heading("Hello alice@acme.example")
    answer = token_of(app)
    assert answer["scope"] == "calendar"
    assert len(answer["token"]) > 20

"""auth0-spa-js: a user connects an account at another service (Token Vault)."""

import pytest

from helpers.client_facts import shows
from mockidp import RemoteIdP

GOOGLE, ORIGIN = "google-oauth2", "http://localhost:3000"
SCOPES = [f"{verb}:me:connected_accounts" for verb in ("create", "read")]
CONNECT = """async (connection) => {
    try { await client.connectAccountWithRedirect({connection, scopes: ['calendar']}) }
    catch (error) { return {status: error.status, detail: error.detail} }
}"""
COMPLETE = """async () => {
    try { return await client.handleRedirectCallback(location.href) }
    catch (error) { return {error: error.error} }
}"""


@pytest.fixture(scope="module")
def site(installed):
    modules = installed("@auth0/auth0-spa-js")
    return [modules.parent / "apps" / "spa-js", modules]


@pytest.fixture
def app(visitor):
    """The app, in which alice has logged in. The visitor's tenant is reset at the end."""
    remote = RemoteIdP(visitor.server.url)
    host = visitor.server.tls_url.removeprefix("https://")
    audience = f"https://{host}/me/"
    remote.add_connection(GOOGLE, strategy=GOOGLE, connected_accounts={"active": True})
    remote.add_user(f"{GOOGLE}|1001", connection=GOOGLE, email="gina@gmail.example")
    remote.patch_client(
        "acme-spa",
        grant_types=["authorization_code", "refresh_token"],
        refresh_token={
            "rotation_type": "rotating",
            "expiration_type": "expiring",
            "policies": [{"audience": audience, "scope": SCOPES}],
        },
    )
    remote.add_client_grant(
        client_id="acme-spa", audience=audience, scope=SCOPES, subject_type="user"
    )
    visitor.open(
        domain=host,
        clientId="acme-spa",
        useRefreshTokens=True,
        useMrrt=True,
        cacheLocation="localstorage",
        authorizationParams={"redirect_uri": ORIGIN},
    )
    visitor.log_in()
    return visitor


@shows("auth0-spa-js", "connected accounts", over="https")
def test_a_user_connects_an_account(app):
    app.page.evaluate(CONNECT, GOOGLE)
    app.page.get_by_test_id("pick-user").click()
    app.page.wait_for_url(f"{ORIGIN}/?connect_code=*")
    app.wait_for_heading("Hello alice@acme.example")
    done = app.evaluate(COMPLETE)
    assert (done["connection"], done["scopes"]) == (GOOGLE, ["calendar"])


@shows(
    "auth0-spa-js",
    refuses=["connection without connected accounts", "connected account that is canceled"],
    over="https",
)
def test_refusals_reach_the_app(app):
    refused = app.evaluate(CONNECT, "acme-none")
    assert refused == {"status": 404, "detail": "Connection not found"}
    app.page.evaluate(CONNECT, GOOGLE)
    app.page.get_by_test_id("cancel").click()
    app.page.get_by_role("alert").filter(has_text="access_denied").wait_for()
    assert app.page.url == f"{ORIGIN}/", "the app removes the answer from its URL"

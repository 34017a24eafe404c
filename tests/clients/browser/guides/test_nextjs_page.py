"""docs/how-to/nextjs.md: a user logs in, reloads and logs out in the app, served by Next.js."""

import json
from urllib.parse import urlsplit

import jwt
import pytest

from helpers.client_facts import shows

URL = "http://localhost:3000"


@pytest.fixture(scope="module")
def nextjs(guide):
    return guide("nextjs.md", "nextjs")


@pytest.fixture(scope="module")
def server(nextjs, serving, tmp_path_factory):
    """Serve the tenant of the page."""
    folder = tmp_path_factory.mktemp("serve")
    (folder / "tenant.yaml").write_text(nextjs.files["tenant.yaml"])
    with serving(folder, "tenant.yaml", example=None) as server:
        yield server


@pytest.fixture(scope="module")
def chromium(launch):
    return launch("localhost")


# One test, so that Next.js starts only once if tests run in parallel.
@shows(
    "nextjs-auth0",
    "authorization code in a real Next.js app",
    "access token for an API",
    "logout",
    refuses=["denied login", "wrong nonce", "unknown API", "callback without a login"],
    over="http",
)
def test_log_in_reload_get_a_token_and_log_out(nextjs, server, application, alice, idp):
    servers = ["mockidp serve tenant.yaml", "npm run dev"]
    nextjs.create(servers, {9400: urlsplit(server.url).port})
    command = f"npm run dev -- --hostname 127.0.0.1 --port {application.port}"
    with nextjs.running(command, ready="Ready in"):
        alice.page.goto(URL, timeout=300_000)  # Next.js compiles the page first
        alice.click("Log in")
        alice.enter_password()
        alice.reload()
        alice.wait_for_greeting()
        alice.click("Access token")
        alice.page.wait_for_url(f"{URL}/token")
        shown = json.loads(alice.page.inner_text("body"))
        alice.page.goto(URL)
        alice.click("Log out")
        alice.wait_until_logged_out()
        check_refusals(alice, idp)
    check_token(shown["token"], shown["claims"], server.url)


def check_refusals(alice, idp):
    """Check that the SDK reports failed logins. The browser is at mockidp's login page."""
    failed_login = "An error occurred during the authorization flow."
    failed_exchange = "An error occurred while trying to exchange the authorization code."
    alice.click("Deny")
    alice.page.get_by_text(failed_login).wait_for()
    with idp.fault("id_token", wrong="nonce"):
        idp.sign_in_as("alice")
        assert error_at(alice, "/auth/login") == failed_exchange
    assert error_at(alice, "/auth/login?audience=https://nope.example/") == failed_login
    assert error_at(alice, "/auth/callback?code=x&state=y") == "The state parameter is invalid."
    alice.page.goto(URL)
    alice.page.get_by_role("link", name="Log in").wait_for()


def error_at(alice, path):
    """Return the SDK's error at a path of the app."""
    answer = alice.page.goto(f"{URL}{path}")
    assert answer.status == 500
    return answer.text()


def check_token(token, claims, issuer):
    """Verify an access token as an API does."""
    api = "https://api.acme.example/"
    key = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json").get_signing_key_from_jwt(token)
    verified = jwt.decode(token, key, algorithms=["RS256"], audience=api, issuer=f"{issuer}/")
    assert verified == claims
    assert claims["scope"] == "openid profile email offline_access read:items"

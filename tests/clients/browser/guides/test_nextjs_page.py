"""docs/how-to/nextjs.md: Next.js serves the page's app, and a user logs in, reloads and logs out."""

import json
from urllib.parse import urlsplit

import jwt
import pytest

URL = "http://localhost:3000"


@pytest.fixture(scope="module")
def nextjs(guide):
    return guide("nextjs.md", "nextjs")


@pytest.fixture(scope="module")
def server(nextjs, serving, tmp_path_factory):
    """The page's tenant."""
    folder = tmp_path_factory.mktemp("serve")
    (folder / "tenant.yaml").write_text(nextjs.files["tenant.yaml"])
    with serving(folder, "tenant.yaml", example=None) as server:
        yield server


@pytest.fixture(scope="module")
def chromium(launch):
    return launch("localhost")


# One test, so that Next.js starts once, however the tests are distributed.
def test_a_user_logs_in_reloads_reads_a_token_and_logs_out(nextjs, server, application, alice):
    servers = ["mockidp serve tenant.yaml", "npm run dev"]
    nextjs.create(servers, {9400: urlsplit(server.url).port})
    command = f"npm run dev -- --hostname 127.0.0.1 --port {application.port}"
    with nextjs.running(command, ready="Ready in"):
        alice.page.goto(URL)
        alice.clicks("Log in")
        alice.types_her_password()
        alice.reloads()
        alice.is_greeted()
        alice.clicks("Access token")
        alice.page.wait_for_url(f"{URL}/token")
        shown = json.loads(alice.page.inner_text("body"))
        alice.page.goto(URL)
        alice.clicks("Log out")
        alice.is_logged_out()
    check_token(shown["token"], shown["claims"], server.url)


def check_token(token, claims, issuer):
    """Verify an access token as an API does."""
    api = "https://api.acme.example/"
    key = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json").get_signing_key_from_jwt(token)
    verified = jwt.decode(token, key, algorithms=["RS256"], audience=api, issuer=f"{issuer}/")
    assert verified == claims
    assert claims["scope"] == "openid profile email offline_access read:items"

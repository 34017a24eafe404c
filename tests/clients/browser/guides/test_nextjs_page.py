"""docs/how-to/nextjs.md: Next.js serves the page's app, and a user logs in, reloads and logs out."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import jwt
import pytest
import yaml

SERVERS = ["mockidp serve tenant.yaml", "npm run dev"]
URL = "http://localhost:3000"
API = "https://api.acme.example/"
PROGRAM = Path(__file__).parents[2] / "nextjs" / "routes.mjs"
OTHER_API = "https://other.acme.example/"


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


@pytest.fixture(scope="module")
def app(nextjs, server, application):
    """The page's app, created and started as the page says; return what it prints."""
    nextjs.create(SERVERS, {9400: urlsplit(server.url).port})
    other = nextjs.files["app/token/route.ts"].replace(API, OTHER_API)
    nextjs.write("app/other/route.ts", other, {})
    command = f"npm run dev -- --hostname 127.0.0.1 --port {application.port}"
    with nextjs.running(command, ready="Ready in") as lines:
        yield lines


def logs_in(alice):
    alice.page.goto(URL)
    alice.clicks("Log in")
    alice.types_her_password()


@pytest.fixture
def logged_in(app, idp, alice):
    logs_in(alice)
    return alice


@pytest.fixture
def change_client(nextjs, idp):
    """Give a function that replaces fields of the page's client, until the test ends."""
    [client] = yaml.safe_load(nextjs.files["tenant.yaml"])["clients"]
    return lambda **fields: idp.add_client(client.pop("client_id"), **client | fields)


def reads_json(alice, path):
    """Open a route of the app that answers JSON."""
    answer = alice.page.goto(f"{URL}{path}")
    assert answer.status == 200, answer.text()
    return answer.json()


def test_a_user_logs_in_reloads_reads_a_token_and_logs_out(logged_in, server, idp):
    logged_in.reloads()
    logged_in.is_greeted()
    logged_in.clicks("Access token")
    logged_in.page.wait_for_url(f"{URL}/token")
    shown = reads_json(logged_in, "/token")
    key = jwt.PyJWKClient(f"{server.url}/.well-known/jwks.json").get_signing_key_from_jwt(
        shown["token"]
    )
    claims = jwt.decode(
        shown["token"], key, algorithms=["RS256"], audience=API, issuer=f"{server.url}/"
    )
    assert claims == shown["claims"]
    assert claims["scope"] == "openid profile email offline_access read:items"
    logged_in.page.goto(URL)
    logged_in.clicks("Log out")
    logged_in.is_logged_out()
    [logout] = idp.journal.of("logout")
    assert {"client_id", "id_token_hint", "logout_hint", "post_logout_redirect_uri"} == set(
        logout.parameters
    )
    assert [entry.status for entry in idp.journal.of("revoke")] == [200]


def test_an_expired_access_token_is_replaced(app, idp, alice):
    with idp.fault("token", set={"expires_in": 0}, times=1) as fault:
        logs_in(alice)
        assert fault.fired == 1
    idp.journal.clear()
    first = reads_json(alice, "/token")
    assert [entry.parameters["grant_type"] for entry in idp.journal.of("token")] == [
        "refresh_token"
    ]
    assert reads_json(alice, "/token") == first


def test_a_token_for_another_api_is_got_with_the_refresh_token(app, change_client, idp, alice):
    idp.add_api(OTHER_API, scopes=["read:others"], allow_offline_access=True)
    policy = {"audience": OTHER_API, "scope": ["read:others"]}
    change_client(refresh_token={"policies": [policy]})
    logs_in(alice)
    claims = reads_json(alice, "/other")["claims"]
    assert OTHER_API in claims["aud"]
    assert "read:others" in claims["scope"].split()


def test_max_age_asks_for_the_password_again(logged_in, idp):
    logged_in.page.goto(f"{URL}/auth/login?max_age=0")
    logged_in.types_her_password()


def test_a_wrong_secret_is_reported(app, change_client, idp, alice):
    change_client(client_secret="another secret")
    idp.sign_in_as("alice")
    answer = alice.page.goto(f"{URL}/auth/login")
    assert answer.status == 500
    assert answer.text() == "An error occurred while trying to exchange the authorization code."
    assert "secret" in idp.journal.last("token").hint


def test_a_refused_login_is_reported(app, idp, alice):
    answer = alice.page.goto(f"{URL}/auth/login?audience=https://none/")
    assert answer.status == 500
    assert answer.text() == "An error occurred during the authorization flow."
    assert "no API has the identifier" in idp.journal.last("authorize").hint


def test_a_logout_url_that_is_not_registered_is_refused(logged_in, change_client):
    change_client(allowed_logout_urls=[])
    answer = logged_in.page.goto(f"{URL}/auth/logout")
    assert answer.status == 400
    assert "allowed_logout_urls" in answer.headers["mockidp-hint"]


def test_a_callback_that_is_not_registered_is_refused(app, change_client, alice):
    change_client(callbacks=[f"{URL}/callback"])
    answer = alice.page.goto(f"{URL}/auth/login")
    assert answer.status == 403
    assert f"{URL}/auth/callback" in answer.headers["mockidp-hint"]
    alice.page.get_by_text("Callback URL mismatch").first.wait_for()


@pytest.fixture
def ask_sdk(nextjs, server):
    """Give a function that has the SDK answer a request, without Next.js."""

    def ask_sdk(path, **options):
        given = {
            "domain": server.url, "allowInsecureRequests": True, "appBaseUrl": URL,
            "clientId": "my-app", "clientSecret": "my-app-secret", "secret": "0" * 64, **options,
        }  # fmt: skip
        done = subprocess.run(
            [shutil.which("node"), PROGRAM],
            input=json.dumps({"options": given, "path": path}),
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask_sdk


@pytest.mark.parametrize("domain", ["http://localhost:9400", "https://localhost:9443"])
def test_without_the_option_the_sdk_refuses_localhost(ask_sdk, domain):
    refused = ask_sdk("/auth/login", domain=domain, allowInsecureRequests=False)
    assert refused == {"refused": "localhost domains are not supported."}


@pytest.mark.parametrize(
    "options", [{"domain": "http://localhost:1"}, {"pushedAuthorizationRequests": True}]
)
def test_a_login_that_the_sdk_cannot_begin(ask_sdk, options):
    answer = ask_sdk("/auth/login", **options)
    assert answer["status"] == 500
    assert answer["body"] == "An error occurred while trying to initiate the login request."


@pytest.mark.parametrize(
    ("path", "options", "hint"),
    [
        ("/auth/login", {"useDPoP": True}, "mockidp does not support `dpop_jkt` yet"),
        ("/auth/login?organization=org_1", {}, "organization 'org_1' was sent"),
        ("/auth/login?audience=https://none/", {}, "no API has the identifier 'https://none/'"),
    ],
)
def test_a_login_that_mockidp_refuses_returns_to_the_callback(ask_sdk, idp, path, options, hint):
    started = ask_sdk(path, **options)
    assert started["status"] == 307
    refusal = httpx.get(started["location"])
    assert refusal.status_code == 302
    assert refusal.headers["Location"].startswith(f"{URL}/auth/callback?error=")
    assert hint in refusal.headers["Mockidp-Hint"]

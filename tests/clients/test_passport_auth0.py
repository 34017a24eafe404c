"""passport-auth0 in an Express app: logins, logouts, and the errors that it reports."""

from urllib.parse import urlsplit

import pytest

from helpers.client_facts import facts, shows
from helpers.node_app import node_app

API = "https://api.acme.example/"
ALICE = {"username": "alice@acme.example", "password": "Passw0rd!", "action": "default"}
CLIENT = "passport-auth0"
BOTH = "http, https"


@pytest.fixture(scope="module", params=["http", "https"])
def app(request, acme, remote, node_apps):
    """Return the URL of an app. By its domain, the SDK uses https. For http, it gets URLs."""
    url = {"http": acme.url, "https": acme.tls_url}[request.param]
    endpoints = {
        "expectedIssuer": f"{url}/",
        "authorizationURL": f"{url}/authorize",
        "tokenURL": f"{url}/oauth/token",
        "userInfoURL": f"{url}/userinfo",
    }
    options = {
        "domain": urlsplit(url).netloc,
        "clientID": "passport",
        "clientSecret": "passport-secret",
        "audience": API,
        "logoutUrl": f"{url}/v2/logout?client_id=passport&returnTo=http://",
        **(endpoints if request.param == "http" else {}),
    }
    with node_app(node_apps / "passport-auth0.cjs", options, ca_file=acme.ca_file) as port:
        app = f"http://localhost:{port}"
        remote.add_client(
            "passport",
            client_secret="passport-secret",
            callbacks=[f"{app}/callback"],
            allowed_logout_urls=[app],
            grant_types=["authorization_code", "refresh_token"],
        )
        yield app


@pytest.fixture
def log_in(browser, app, remote):
    """Return a function that logs alice in without a page, and returns the app's answer."""

    def log_in():
        remote.sign_in_as("alice")
        return browser.session.get(f"{app}/login", timeout=10)

    return log_in


@shows(CLIENT, "authorization code", "userinfo with the token in the query", "logout", over=BOTH)
def test_a_user_logs_in_and_out(app, browser, remote):
    remote.journal.clear()
    browser.open(f"{app}/login")
    browser.submit(**ALICE)
    user = browser.session.get(app, timeout=10).json()
    assert (browser.url, user["id"], user["provider"]) == (f"{app}/", "auth0|alice", "auth0")
    assert (user["displayName"], user["emails"]) == ("Alice Acme", [{"value": ALICE["username"]}])
    [read] = remote.journal.of("userinfo")
    assert (read.method, read.status, list(read.parameters)) == ("GET", 200, ["access_token"])
    browser.open(f"{app}/logout")
    assert (browser.url, browser.page) == (app, "null")
    browser.open(f"{app}/login")
    assert urlsplit(browser.url).path == "/u/login"


@shows(CLIENT, "social login", over=BOTH)
def test_a_user_of_google_logs_in(app, browser, remote):
    remote.add_connection("google-oauth2", strategy="google-oauth2")
    remote.add_user("google-oauth2|1001", connection="google-oauth2", email="gina@gmail.example")
    browser.open(f"{app}/login?connection=google-oauth2")
    browser.submit(action="pick", user_id="google-oauth2|1001")
    user = browser.session.get(app, timeout=10).json()
    assert (user["id"], user["provider"]) == ("google-oauth2|1001", "google-oauth2")
    remote.remove_connection("google-oauth2")


FAULTS = {
    "denied login": ("callback", {"error": "access_denied"}, "access_denied"),
    "wrong state": ("callback", {"wrong": "state"}, "Invalid authorization request state."),
    "used code": ("token", {"refuse": "code_used"}, "TokenError: invalid_grant: Invalid auth"),
    "wrong nonce": ("id_token", {"wrong": "nonce"}, "Error: Nonce (nonce) claim mismatch in the"),
    "wrong iss": ("id_token", {"wrong": "iss"}, "Error: Issuer (iss) claim mismatch in the ID"),
    "wrong aud": ("id_token", {"wrong": "aud"}, "Error: Audience (aud) claim mismatch in the"),
    "expired ID token": ("id_token", {"expired": True}, "Error: Expiration Time (exp) claim error"),
    "failing userinfo": ("userinfo", {"status": 401}, "Error: failed to fetch user profile"),
}


def error_of(answer):
    """Return the SDK's error, or the challenge that it fails with."""
    body = answer.json()
    if "challenge" in body:
        return body["challenge"] if answer.status_code == 401 else body["challenge"]["message"]
    return ": ".join(body[name] for name in ("name", "code", "message") if body.get(name))


@pytest.mark.parametrize(
    ("endpoint", "words", "error"),
    [
        pytest.param(*case, id=name, marks=facts(CLIENT, refuses=[name], over=BOTH))
        for name, case in FAULTS.items()
    ],
)
def test_the_sdk_reports_a_fault(log_in, remote, endpoint, words, error):
    with remote.fault(endpoint, **words):
        assert error_of(log_in()).startswith(error)


@shows(CLIENT, refuses=["wrong client secret", "unknown API"], over=BOTH)
def test_the_sdk_reports_a_refusal(log_in, remote, app, browser):
    unknown = {"audience": "https://nope.example/"}
    answer = browser.session.get(f"{app}/login", params=unknown, timeout=10)
    assert error_of(answer) == "access_denied"
    remote.patch_client("passport", client_secret="another secret")
    refused = error_of(log_in())
    remote.patch_client("passport", client_secret="passport-secret")
    assert refused == "TokenError: access_denied: Unauthorized"


@shows(CLIENT, refuses=["callback without a login"], over=BOTH)
def test_the_sdk_refuses_a_callback_without_a_login(app, browser):
    answer = browser.session.get(f"{app}/callback?code=x&state=y", timeout=10)
    assert answer.status_code == 403
    assert error_of(answer) == "Unable to verify authorization request state."

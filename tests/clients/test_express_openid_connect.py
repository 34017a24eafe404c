"""express-openid-connect with the code flow: tokens for an API, and the errors that it reports.

The tests in a browser show its default, an ID token that is posted to the app.
"""

import html
import re

import pytest

from helpers.assertions import OTHER_KEY, private_pem
from helpers.client_facts import facts, shows
from helpers.free_ports import find_free_ports
from helpers.node_app import node_app
from helpers.tenant_client import claims_of

API = "https://api.acme.example/"
CLIENT = "express-openid-connect"
BOTH = "http, https"


def run_app(node_apps, acme, url, **options):
    """Run an app at a URL."""
    authorization = {
        "response_type": "code",
        "audience": API,
        "scope": "openid email offline_access",
    }
    options = {"baseURL": url, "idpLogout": True, "authorizationParams": authorization, **options}
    return node_app(node_apps / "express-openid-connect.cjs", options, ca_file=acme.ca_file)


@pytest.fixture(scope="module", params=["url", "tls_url"])
def app(request, acme, remote, node_apps):
    """Return the URL of an app."""
    port = find_free_ports([3000])[3000]
    url = f"http://localhost:{port}"
    remote.add_client(
        "express",
        client_secret="express-secret",
        callbacks=[f"{url}/callback"],
        allowed_logout_urls=[url],
        grant_types=["authorization_code", "refresh_token"],
    )
    options = {"clientID": "express", "clientSecret": "express-secret"}
    issuer = getattr(acme, request.param)
    with run_app(node_apps, acme, url, port=port, issuerBaseURL=issuer, **options):
        yield url


@pytest.fixture
def read(app, browser):
    """Return a function that opens a path of the app."""
    return lambda path: browser.session.get(f"{app}{path}", timeout=10)


@pytest.fixture
def log_in(read, remote):
    """Return a function that logs alice in without a page."""

    def log_in():
        remote.sign_in_as("alice")
        return read("/login")

    return log_in


def error_of(answer):
    """Return the SDK's error, which the app shows."""
    assert answer.status_code >= 400, answer.text
    return html.unescape(re.search(r'role="alert">(.*)</p>', answer.text)[1])


@shows(CLIENT, "authorization code with PKCE", "userinfo", "logout", over=BOTH)
def test_a_user_logs_in_and_out(app, browser, read):
    browser.open(f"{app}/profile")
    browser.submit(username="alice@acme.example", password="Passw0rd!", action="default")
    assert "Profile of auth0|alice" in browser.page
    token = read("/token").json()["access_token"]
    issuer = claims_of(token)["iss"]
    assert claims_of(token)["aud"] == [API, f"{issuer}userinfo"]
    assert read("/userinfo").json()["email"] == "alice@acme.example"
    browser.open(f"{app}/logout")
    assert "Nobody" in browser.page
    browser.open(f"{app}/login")
    assert browser.url.startswith(f"{issuer}u/login")


@shows(CLIENT, "refresh token", refuses=["revoked refresh token"], over=BOTH)
def test_a_token_is_refreshed_until_it_is_revoked(log_in, read, remote):
    log_in()
    remote.journal.clear()
    refreshed = read("/refresh").json()
    [refresh] = remote.journal.of("token")
    assert (refresh.status, refresh.grant) == (200, "refresh_token")
    assert read("/token").json()["access_token"] == refreshed["access_token"]
    with remote.fault("token", refuse="refresh_token_revoked"):
        assert error_of(read("/refresh")).startswith("invalid_grant: Unknown or invalid refresh")


CLAIM = "OAUTH_JWT_CLAIM_COMPARISON_FAILED: unexpected JWT claim value encountered"
EXPIRED = "OAUTH_JWT_TIMESTAMP_CHECK_FAILED: JWT timestamp claim value failed validation"
STATE = "OAUTH_INVALID_RESPONSE: invalid response encountered"
FAULTS = {
    "denied login": ("callback", {"error": "access_denied"}, "access_denied: Unauthorized"),
    "wrong state": ("callback", {"wrong": "state"}, STATE),
    "used code": ("token", {"refuse": "code_used"}, "invalid_grant: Invalid authorization code"),
    "wrong nonce": ("id_token", {"wrong": "nonce"}, CLAIM),
    "wrong iss": ("id_token", {"wrong": "iss"}, CLAIM),
    "wrong aud": ("id_token", {"wrong": "aud"}, CLAIM),
    "expired ID token": ("id_token", {"expired": True}, EXPIRED),
}


@pytest.mark.parametrize(
    ("endpoint", "words", "error"),
    [
        pytest.param(*case, id=name, marks=facts(CLIENT, refuses=[name], over=BOTH))
        for name, case in FAULTS.items()
    ],
)
def test_the_sdk_reports_a_fault(log_in, remote, endpoint, words, error):
    with remote.fault(endpoint, **words):
        assert error_of(log_in()) == error


@shows(CLIENT, refuses=["wrong client secret"], over=BOTH)
def test_the_sdk_reports_a_wrong_secret(log_in, remote):
    remote.patch_client("express", client_secret="another secret")
    refused = error_of(log_in())
    remote.patch_client("express", client_secret="express-secret")
    assert refused == "access_denied: Unauthorized"


@shows(CLIENT, refuses=["callback without a login", "userinfo of another user"], over=BOTH)
def test_the_sdk_refuses_what_is_not_the_login(log_in, read, remote):
    assert '"auth_verification" cookie not found' in error_of(read("/callback?code=x&state=y"))
    log_in()
    with remote.fault("userinfo", set={"sub": "auth0|bob"}):
        assert error_of(read("/userinfo")).startswith("OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED")


@shows(
    CLIENT,
    "private_key_jwt",
    "pushed and signed authorization request",
    refuses=["pushed request with a wrong key"],
    over="http",
)
def test_requests_are_signed_and_pushed(node_apps, acme, signer, remote, browser):
    port = find_free_ports([3000])[3000]
    url = f"http://localhost:{port}"
    remote.patch_client("signer", callbacks=[f"{url}/callback"])
    signing = {
        "clientID": "signer",
        "clientAssertionSigningKey": private_pem(),
        "clientAssertionSigningAlg": "RS256",
        "pushedAuthorizationRequests": True,
        "requestObjectSigningAlg": "RS256",
    }
    remote.sign_in_as("alice")  # for the first request only: the other is refused before a login
    for key, seen in ((private_pem(), "Hello alice"), (private_pem(OTHER_KEY), "invalid_request")):
        options = {"port": port, "issuerBaseURL": acme.url, "requestObjectSigningKey": key}
        with run_app(node_apps, acme, url, **options, **signing):
            assert seen in browser.session.get(f"{url}/login", timeout=10).text

"""Apache's mod_auth_openidc: logins to an app behind it, and an API that it protects."""

import re

import pytest
import requests

from helpers.browser import Browser

from .conftest import API

MODULE = "mod_auth_openidc"
ALICE = {"username": "alice@acme.example", "password": "Passw0rd!", "action": "default"}


def works(what):
    return pytest.mark.client(MODULE, what, over="http, https")


def refuses(what, over="http, https"):
    return pytest.mark.client(MODULE, refuses=what, over=over)


@pytest.fixture(params=["http", "https"])
def site(apache, request):
    """Return the URL of the site that uses the tenant over http, or of the one over https."""
    return getattr(apache, request.param)


@pytest.fixture
def browser(idp):
    """Return a browser that trusts the CA of the mock."""
    browser = Browser()
    with browser.session:
        browser.session.verify = str(idp.ca_file)
        yield browser


@pytest.fixture
def visitor(browser, idp):
    """Return the session of a browser, in which alice logs in without a page."""
    idp.sign_in_as("alice")
    return browser.session


def claims_in(page):
    """Return the claims of the user, which Apache passes to the app as headers."""
    return dict(re.findall(r"^OIDC_CLAIM_(\w+): (.*)$", page, re.MULTILINE))


@works("code flow with PKCE")
@works("claims of ID token and userinfo")
def test_a_user_logs_in_to_the_app_behind_apache(site, browser, idp):
    browser.open(f"{site}/private")
    browser.submit(**ALICE)
    assert browser.url == f"{site}/private"
    claims = claims_in(browser.page)
    assert claims["sub"] == "auth0|alice"
    assert claims["email"] == "alice@acme.example"
    assert claims["iss"] in (f"{idp.url}/", f"{idp.tls_url}/")
    assert "OIDC_refresh_token: v1." in browser.page


def assert_nobody_is_logged_in(answer, site):
    """Check that the browser got Apache's error page at the callback."""
    assert answer.url.startswith(f"{site}/callback?")
    assert "Error" in answer.text
    assert claims_in(answer.text) == {}


def log_in(visitor, site, path="/private"):
    return visitor.get(f"{site}{path}", timeout=10)


@works("refresh of the access token")
def test_the_access_token_is_refreshed(site, visitor):
    page = log_in(visitor, site).text
    before = re.search(r"OIDC_access_token: (\S+)", page)[1]
    query = {"refresh": f"{site}/private", "access_token": before}
    refreshed = visitor.get(f"{site}/callback", params=query, timeout=10)
    assert refreshed.url == f"{site}/private"
    after = re.search(r"OIDC_access_token: (\S+)", refreshed.text)[1]
    assert after != before


@works("logout at the tenant")
def test_a_logout_ends_both_sessions(site, visitor, idp):
    log_in(visitor, site)
    done = visitor.get(f"{site}/callback", params={"logout": f"{site}/public"}, timeout=10)
    assert done.url == f"{site}/public"
    [logout] = [one for one in done.history if "/oidc/logout" in one.url]
    assert logout.status_code == 302
    assert "/u/login" in log_in(visitor, site).url


def end_sessions(idp):
    """End the sessions of alice, and return the newest delivery of a logout token."""
    before = max((one.number for one in idp.logout_tokens()), default=0)
    idp.end_sessions("alice")
    return idp.logout_tokens(after=before, times=1)[-1]


@works("back-channel logout")
def test_a_logout_token_ends_the_session_of_apache(site, visitor, idp):
    assert claims_in(log_in(visitor, site).text)["sub"] == "auth0|alice"
    assert end_sessions(idp).state == "delivered"
    assert "/u/login" in log_in(visitor, site).url


@pytest.mark.parametrize(
    "words",
    [
        pytest.param({"wrong": "aud"}, marks=refuses("logout token for another client")),
        pytest.param({"signature": "broken"}, marks=refuses("logout token with a wrong signature")),
        pytest.param({"remove": ["events"]}, marks=refuses("logout token without an event")),
    ],
    ids=str,
)
def test_a_wrong_logout_token_ends_no_session(site, visitor, idp, words):
    log_in(visitor, site)
    with idp.fault("logout_token", **words):
        assert end_sessions(idp).state == "failed"
    assert claims_in(log_in(visitor, site).text)["sub"] == "auth0|alice"


@refuses("a logout URL that is not registered")
def test_a_logout_to_another_site_is_refused(site, visitor):
    log_in(visitor, site)
    other = "http://localhost:1/public"
    done = visitor.get(f"{site}/callback", params={"logout": other}, timeout=10)
    assert done.status_code == 400
    assert "differs from" in done.headers["Mockidp-Hint"]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param({"wrong": "nonce"}, marks=refuses("ID token with another nonce")),
        pytest.param({"wrong": "aud"}, marks=refuses("ID token for another client")),
        pytest.param({"wrong": "iss"}, marks=refuses("ID token of another issuer")),
        pytest.param({"expired": True}, marks=refuses("expired ID token")),
        pytest.param({"alg": "HS256"}, marks=refuses("ID token signed with the public key")),
        pytest.param({"signature": "another_key"}, marks=refuses("ID token with another key")),
    ],
    ids=str,
)
def test_a_wrong_id_token_logs_nobody_in(site, visitor, idp, words):
    with idp.fault("id_token", **words) as fault:
        answer = log_in(visitor, site)
        assert fault.fired == 1
    assert_nobody_is_logged_in(answer, site)


@refuses("a wrong client secret")
def test_a_wrong_client_secret_logs_nobody_in(site, apache, visitor, idp):
    client = idp.get_client("apache-http" if site == apache.http else "apache-https")
    idp.patch_client(client.client_id, client_secret="rotated")
    try:
        answer = log_in(visitor, site)
    finally:
        idp.patch_client(client.client_id, client_secret=client.client_secret)
    assert_nobody_is_logged_in(answer, site)
    assert "`client_secret` is not that of" in idp.journal.last("token").hint


@refuses("access_denied at the callback")
def test_a_user_who_cancels_is_not_logged_in(site, visitor, idp):
    with idp.fault("callback", error="access_denied"):
        answer = log_in(visitor, site)
    assert_nobody_is_logged_in(answer, site)
    assert "access_denied" in answer.text


@refuses("a user without the required claim")
def test_a_claim_can_be_required(site, visitor):
    assert log_in(visitor, site).status_code == 200
    assert visitor.get(f"{site}/admins", timeout=10).status_code == 401


def call_api(site, token):
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{site}/api", headers=headers, timeout=10)


@pytest.mark.client(MODULE, "access tokens at a resource server", over="https")
def test_an_api_accepts_an_access_token(apache, idp):
    token = idp.access_token(user="alice", audience=API, url=idp.tls_url)
    answer = call_api(apache.https, token)
    assert answer.status_code == 200
    assert claims_in(answer.text)["sub"] == "auth0|alice"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param({"expired": True}, marks=refuses("expired access token", "https")),
        pytest.param({"wrong": "aud"}, marks=refuses("access token for another API", "https")),
        pytest.param({"wrong": "iss"}, marks=refuses("access token of another issuer", "https")),
        pytest.param(
            {"signature": "broken"}, marks=refuses("access token with a broken signature", "https")
        ),
        pytest.param({"alg": "none"}, marks=refuses("unsigned access token", "https")),
    ],
    ids=str,
)
def test_an_api_refuses_a_wrong_access_token(apache, idp, words):
    token = idp.access_token(user="alice", audience=API, url=idp.tls_url, **words)
    answer = call_api(apache.https, token)
    assert answer.status_code == 401


@refuses("opaque access token", "https")
def test_an_api_refuses_an_opaque_access_token(apache, idp):
    answer = call_api(apache.https, idp.access_token(user="alice"))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]

"""auth0-spa-js with its defaults: tokens in memory, and an iframe that renews them."""

import urllib.request
from urllib.parse import urlencode

import pytest

from helpers.client_facts import shows

CLIENT = {"clientId": "acme-spa"}
PUBLIC = {"app_type": "spa", "token_endpoint_auth_method": "none"}
TOKEN = """async () => {
    const entry = await client.getTokenSilently({cacheMode: "off", detailedResponse: true})
    return entry.access_token
}"""
TOKEN_ERROR = """async () => {
    try { await client.getTokenSilently({cacheMode: "off"}) } catch (error) { return error.error }
}"""


@pytest.fixture(scope="module")
def site(installed):
    modules = installed("@auth0/auth0-spa-js")
    return [modules.parent / "apps" / "spa-js", modules]


@pytest.fixture
def config(server):
    """Return the configuration of the SDK's quick start: a domain and a client."""
    return {"domain": server.url, **CLIENT}


def silent(visitor):
    """Return the journal entries of requests from iframes and popups."""
    requests = visitor.journal(endpoint="authorize")
    return [one for one in requests if one["parameters"].get("response_mode") == "web_message"]


def grants(visitor):
    """Return grant and status of each token request."""
    requests = visitor.journal(endpoint="token")
    return [(one["grant"], one["status"]) for one in requests if one["method"] == "POST"]


@shows("auth0-spa-js", "authorization code with PKCE", "silent login in an iframe", over="http")
def test_a_reload_keeps_the_user_logged_in(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    visitor.page.reload()
    visitor.wait_for_heading("Hello alice@acme.example")
    [request] = silent(visitor)
    assert (request["status"], request["user"]) == (200, "auth0|alice")
    assert request["parameters"]["prompt"] == "none"


def test_check_session_finds_the_user_in_another_tab(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    visitor.open_another_tab()
    visitor.wait_for_heading("Hello alice@acme.example")


def test_check_session_sends_no_request_before_the_first_login(visitor, config):
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    assert visitor.journal() == []


@shows("auth0-spa-js", refuses=["silent login without a session"], over="http")
def test_check_session_detects_an_ended_session(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    visitor.context.clear_cookies(name="auth0-http")
    visitor.page.reload()
    visitor.wait_for_heading("Nobody")
    [request] = silent(visitor)
    assert (request["status"], request["error"]) == (200, "login_required")


def test_an_iframe_renews_the_token(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    tokens = {visitor.evaluate(TOKEN) for _ in "abc"}
    assert len(tokens) == 3
    assert [one["status"] for one in silent(visitor)] == [200, 200, 200]


@shows("auth0-spa-js", "login in a popup", over="http")
def test_a_popup_logs_in(visitor, config):
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    popup = visitor.click_for_popup("Log in with a popup")
    with popup.expect_event("close", timeout=20_000):
        visitor.pick_user("bob", popup)
    visitor.wait_for_heading("Hello bob@acme.example")
    visitor.page.reload()
    visitor.wait_for_heading("Hello bob@acme.example")


@shows("auth0-spa-js", refuses=["denied login"], over="http")
def test_a_popup_reports_a_denied_login(visitor, config):
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    popup = visitor.click_for_popup("Log in with a popup")
    popup.get_by_role("button", name="Deny").click()
    visitor.wait_for_heading("Failed")
    assert visitor.alert_text() == "access_denied: User has canceled the interaction."


@shows("auth0-spa-js", refuses=["wrong nonce", "wrong iss", "expired ID token"], over="http")
@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"wrong": "nonce"}, "Nonce (nonce) claim mismatch in the ID token"),
        ({"wrong": "iss"}, "Issuer (iss) claim mismatch in the ID token"),
        ({"expired": True}, "Expiration Time (exp) claim error in the ID token"),
    ],
)
def test_a_wrong_id_token_is_reported(visitor, config, words, error):
    visitor.control("POST", "/faults", {"endpoint": "id_token", **words})
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    visitor.click("Log in")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Failed")
    assert error in visitor.alert_text()


@shows("auth0-spa-js", refuses=["revoked refresh token"], over="http")
def test_the_iframe_replaces_a_revoked_refresh_token(visitor, config):
    issued = []
    visitor.context.on(
        "response", lambda one: issued.append(one) if one.url.endswith("/oauth/token") else None
    )
    visitor.open(**config, useRefreshTokens=True, useRefreshTokensFallback=True)
    visitor.log_in()
    form = {"client_id": "acme-spa", "token": issued[0].json()["refresh_token"]}
    urllib.request.urlopen(
        f"{visitor.server.url}/oauth/revoke", urlencode(form).encode(), timeout=10
    ).close()
    assert visitor.evaluate(TOKEN)
    assert grants(visitor)[1:] == [("refresh_token", 403), ("authorization_code", 200)]
    assert [one["status"] for one in silent(visitor)] == [200]


@shows("auth0-spa-js", "refresh token", over="http")
def test_the_iframe_replaces_a_refresh_token_lost_in_a_reload(visitor, config):
    visitor.open(**config, useRefreshTokens=True, useRefreshTokensFallback=True)
    visitor.log_in()
    visitor.page.reload()
    visitor.wait_for_heading("Hello alice@acme.example")
    visitor.evaluate(TOKEN)
    code, refresh = ("authorization_code", 200), ("refresh_token", 200)
    assert grants(visitor) == [code, code, refresh]


@shows("auth0-spa-js", "logout", over="http")
def test_a_logout_ends_the_session_for_all_tabs(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    first = visitor.page
    visitor.open_another_tab()
    visitor.wait_for_heading("Hello alice@acme.example")
    visitor.log_out()
    visitor.page = first
    assert visitor.evaluate(TOKEN_ERROR) == "login_required"
    visitor.click("Log in")
    visitor.page.get_by_role("button", name="bob@acme.example").wait_for()


@shows("auth0-spa-js", refuses=["origin that is not registered"], over="http")
def test_the_hint_names_a_missing_web_origin_when_the_app_only_times_out(visitor, config):
    client = {"client_id": "without-web-origin", "callbacks": ["http://localhost:3000"], **PUBLIC}
    visitor.control("POST", "/clients", client)
    visitor.open(**config | {"clientId": "without-web-origin"}, authorizeTimeoutInSeconds=1)
    visitor.log_in()
    with visitor.page.expect_response(lambda one: "web_message" in one.url) as framed:
        visitor.page.reload()
    visitor.wait_for_heading("Nobody")
    assert visitor.evaluate(TOKEN_ERROR) == "timeout"
    assert framed.value.status == 400
    # A frame does not show the error page, so its text is only in the journal.
    assert framed.value.headers["x-frame-options"] == "deny"
    hint = framed.value.headers["mockidp-hint"]
    assert "web_origins" in hint
    assert "http://localhost:3000" in hint
    assert [one["hint"] for one in silent(visitor)] == [hint, hint]
    assert "does not have a registered origin" in silent(visitor)[0]["description"]


@shows("auth0-spa-js", "authorization code with PKCE", "silent login in an iframe", over="https")
def test_every_step_works_over_https(visitor, server):
    origins = ["https://localhost:3443"]
    client = {"client_id": "secure", "callbacks": origins, "web_origins": origins, **PUBLIC}
    visitor.control("POST", "/clients", client)
    visitor.open(at="https", clientId="secure", domain=server.tls_url.removeprefix("https://"))
    visitor.log_in()
    visitor.page.reload()
    visitor.wait_for_heading("Hello alice@acme.example")


def test_no_web_origin_is_needed_without_a_tenant_file(visit, server_without_tenant_file):
    visitor = visit(server_without_tenant_file)
    visitor.open(domain=server_without_tenant_file.url, clientId="any")
    visitor.log_in()
    visitor.page.reload()
    visitor.wait_for_heading("Hello alice@acme.example")
    visitor.log_out()
    popup = visitor.click_for_popup("Log in with a popup")
    visitor.pick_user("bob", popup)
    visitor.wait_for_heading("Hello bob@acme.example")


@pytest.fixture
def worker(visitor):
    """Add a second tenant for pages on two host names."""
    origins = ["http://worker.localhost:3000", "http://localhost:3000"]
    client = {"client_id": "spa", "callbacks": origins, "web_origins": origins, **PUBLIC}
    alice = {"user_id": "auth0|alice", "email": "alice@acme.example"}
    tenant = {"clients": [client], "users": [alice]}
    yield visitor.control("POST", "/tenants", {"name": "worker", "tenant": tenant})
    visitor.control("DELETE", "/tenants/worker")


@pytest.mark.parametrize(
    ("at", "url", "after_a_reload"),
    [
        ("http", "url", "Hello alice@acme.example"),
        ("worker", "host_url", "Hello alice@acme.example"),
        ("http", "host_url", "Nobody"),
    ],
)
def test_a_tenant_on_another_host_name_is_a_third_party(visitor, worker, at, url, after_a_reload):
    visitor.open(at=at, domain=worker[url], clientId="spa")
    visitor.log_in()
    visitor.page.reload()
    visitor.wait_for_heading(after_a_reload)

"""auth0-spa-js with its defaults: tokens in memory, and an iframe that renews them."""

import urllib.request
from urllib.parse import urlencode

import pytest

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
    """The configuration of the SDK's quick start: a domain and a client."""
    return {"domain": server.url, **CLIENT}


def silent(visitor):
    """Return the requests of iframes and popups that the tenant got."""
    requests = visitor.journal(endpoint="authorize")
    return [one for one in requests if one["parameters"].get("response_mode") == "web_message"]


def grants(visitor):
    """Return the grants of the token requests, with their statuses."""
    requests = visitor.journal(endpoint="token")
    return [(one["grant"], one["status"]) for one in requests if one["method"] == "POST"]


def test_a_reload_keeps_the_user_logged_in(visitor, config):
    visitor.opens(**config)
    visitor.logs_in()
    visitor.page.reload()
    visitor.sees("Hello alice@acme.example")
    [request] = silent(visitor)
    assert (request["status"], request["user"]) == (200, "auth0|alice")
    assert request["parameters"]["prompt"] == "none"


def test_check_session_finds_the_user_in_another_tab(visitor, config):
    visitor.opens(**config)
    visitor.logs_in()
    visitor.opens_another_tab()
    visitor.sees("Hello alice@acme.example")


def test_check_session_asks_nothing_before_the_first_login(visitor, config):
    visitor.opens(**config)
    visitor.sees("Nobody")
    assert visitor.journal() == []


def test_check_session_learns_at_once_that_the_session_has_ended(visitor, config):
    visitor.opens(**config)
    visitor.logs_in()
    visitor.context.clear_cookies(name="auth0-http")
    visitor.page.reload()
    visitor.sees("Nobody")
    [request] = silent(visitor)
    assert (request["status"], request["error"]) == (200, "login_required")


def test_an_iframe_renews_the_token(visitor, config):
    visitor.opens(**config)
    visitor.logs_in()
    tokens = {visitor.runs(TOKEN) for _ in "abc"}
    assert len(tokens) == 3
    assert [one["status"] for one in silent(visitor)] == [200, 200, 200]


def test_a_popup_logs_in(visitor, config):
    visitor.opens(**config)
    visitor.sees("Nobody")
    popup = visitor.clicks_for_a_popup("Log in with a popup")
    with popup.expect_event("close", timeout=20_000):
        visitor.picks("bob", popup)
    visitor.sees("Hello bob@acme.example")
    visitor.page.reload()
    visitor.sees("Hello bob@acme.example")


def test_a_popup_reports_that_the_login_was_denied(visitor, config):
    visitor.opens(**config)
    visitor.sees("Nobody")
    popup = visitor.clicks_for_a_popup("Log in with a popup")
    popup.get_by_role("button", name="Deny").click()
    visitor.sees("Failed")
    assert visitor.alert() == "access_denied: User has canceled the interaction."


def test_a_dead_refresh_token_falls_back_to_the_iframe(visitor, config):
    issued = []
    visitor.context.on(
        "response", lambda one: issued.append(one) if one.url.endswith("/oauth/token") else None
    )
    visitor.opens(**config, useRefreshTokens=True, useRefreshTokensFallback=True)
    visitor.logs_in()
    form = {"client_id": "acme-spa", "token": issued[0].json()["refresh_token"]}
    urllib.request.urlopen(
        f"{visitor.server.url}/oauth/revoke", urlencode(form).encode(), timeout=10
    ).close()
    assert visitor.runs(TOKEN)
    assert grants(visitor)[1:] == [("refresh_token", 403), ("authorization_code", 200)]
    assert [one["status"] for one in silent(visitor)] == [200]


def test_a_refresh_token_in_memory_is_lost_in_a_reload_and_the_iframe_replaces_it(visitor, config):
    visitor.opens(**config, useRefreshTokens=True, useRefreshTokensFallback=True)
    visitor.logs_in()
    visitor.page.reload()
    visitor.sees("Hello alice@acme.example")
    visitor.runs(TOKEN)
    code, refresh = ("authorization_code", 200), ("refresh_token", 200)
    assert grants(visitor) == [code, code, refresh]


def test_a_logout_ends_the_session_for_all_tabs(visitor, config):
    visitor.opens(**config)
    visitor.logs_in()
    first = visitor.page
    visitor.opens_another_tab()
    visitor.sees("Hello alice@acme.example")
    visitor.logs_out()
    visitor.page = first
    assert visitor.runs(TOKEN_ERROR) == "login_required"
    visitor.clicks("Log in")
    visitor.page.get_by_role("button", name="bob@acme.example").wait_for()


def test_a_forgotten_web_origin_is_named_where_the_app_only_times_out(visitor, config):
    client = {"client_id": "forgetful", "callbacks": ["http://localhost:3000"], **PUBLIC}
    visitor.control("POST", "/clients", client)
    visitor.opens(**config | {"clientId": "forgetful"}, authorizeTimeoutInSeconds=1)
    visitor.logs_in()
    with visitor.page.expect_response(lambda one: "web_message" in one.url) as framed:
        visitor.page.reload()
    visitor.sees("Nobody")
    assert visitor.runs(TOKEN_ERROR) == "timeout"
    assert framed.value.status == 400
    # The error page may not be shown in a frame, so its text is only in the journal.
    assert framed.value.headers["x-frame-options"] == "deny"
    hint = framed.value.headers["mockidp-hint"]
    assert "web_origins" in hint
    assert "http://localhost:3000" in hint
    assert [one["hint"] for one in silent(visitor)] == [hint, hint]
    assert "does not have a registered origin" in silent(visitor)[0]["description"]


def test_every_step_works_over_https(visitor, server):
    origins = ["https://localhost:3443"]
    client = {"client_id": "secure", "callbacks": origins, "web_origins": origins, **PUBLIC}
    visitor.control("POST", "/clients", client)
    visitor.opens(at="https", clientId="secure", domain=server.tls_url.removeprefix("https://"))
    visitor.logs_in()
    visitor.page.reload()
    visitor.sees("Hello alice@acme.example")


def test_an_http_page_and_an_https_tenant_are_two_sites_and_a_reload_logs_out(visitor, server):
    visitor.opens(domain=server.tls_url.removeprefix("https://"), **CLIENT)
    visitor.logs_in()
    visitor.page.reload()
    visitor.sees("Nobody")
    [request] = silent(visitor)
    assert request["error"] == "login_required"


def test_a_mock_without_a_tenant_file_needs_no_web_origin(visit, server_without_a_file):
    visitor = visit(server_without_a_file)
    visitor.opens(domain=server_without_a_file.url, clientId="any")
    visitor.logs_in()
    visitor.page.reload()
    visitor.sees("Hello alice@acme.example")
    visitor.logs_out()
    popup = visitor.clicks_for_a_popup("Log in with a popup")
    visitor.picks("bob", popup)
    visitor.sees("Hello bob@acme.example")


@pytest.fixture
def worker(visitor):
    """A second tenant, for pages on two host names."""
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
def test_a_tenant_of_another_host_name_is_a_third_party(visitor, worker, at, url, after_a_reload):
    visitor.opens(at=at, domain=worker[url], clientId="spa")
    visitor.logs_in()
    visitor.page.reload()
    visitor.sees(after_a_reload)

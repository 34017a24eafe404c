"""@auth0/nextjs-auth0 over http: session, refresh tokens, and refusals of mockidp.

The test of the guide runs it in Next.js. Here its middleware runs without Next.js.
"""

import httpx
import pytest

from helpers.client_facts import shows
from helpers.login_habits import USER, nextjs_auth0
from helpers.nextjs import CLIENT, REPORTS, URL, click_link, grants, log_in, read_token
from mockidp import RemoteIdP


@shows("nextjs-auth0", "logout", over="http")
def test_a_logout_ends_both_sessions_and_revokes_the_refresh_token(visitor):
    log_in(visitor)
    visitor.page.reload()
    visitor.wait_for_heading("Hello alice@acme.example")
    click_link(visitor, "Log out")
    visitor.wait_for_heading("Nobody")
    click_link(visitor, "Log in")
    visitor.page.get_by_role("button", name="alice@acme.example").wait_for()
    [revoke] = visitor.journal(endpoint="revoke")
    [logout] = visitor.journal(endpoint="logout")
    assert (revoke["status"], logout["status"]) == (200, 302)
    assert set(logout["parameters"]) == {
        "client_id", "id_token_hint", "logout_hint", "post_logout_redirect_uri",
    }  # fmt: skip


def test_the_script_of_the_sdks_own_suite_logs_in(visitor):
    visitor.open()
    visitor.wait_for_heading("Nobody")
    click_link(visitor, "Log in")
    nextjs_auth0(visitor.page)
    visitor.wait_for_heading(f"Hello {USER}")


def test_a_federated_logout_returns_its_state(visitor):
    log_in(visitor)
    visitor.page.goto(f"{URL}/auth/logout?federated&state=left")
    visitor.page.wait_for_url(f"{URL}/?state=left")
    visitor.wait_for_heading("Nobody")


def test_an_access_token_is_reused_until_it_expires(visitor):
    log_in(visitor)
    assert read_token(visitor)["token"] == read_token(visitor)["token"]
    assert grants(visitor) == ["authorization_code"]


@shows("nextjs-auth0", "refresh token", over="http")
def test_an_expired_access_token_is_replaced_once(visitor):
    visitor.control("POST", "/faults", {"endpoint": "token", "set": {"expires_in": 0}, "times": 1})
    log_in(visitor)
    assert read_token(visitor)["token"] == read_token(visitor)["token"]
    assert grants(visitor) == ["authorization_code", "refresh_token"]


def test_a_refresh_token_can_get_a_token_for_another_api(visitor):
    reports = {"allow_offline_access": True, "enforce_policies": False}
    [api] = [
        one
        for one in visitor.control("GET", "/tenant")["resourceServers"]
        if one["identifier"] == REPORTS
    ]
    visitor.control("POST", "/apis", api | reports)
    log_in(visitor)
    token = read_token(visitor, f"?audience={REPORTS}&scope=read:reports")
    assert token["audience"] == REPORTS
    assert "read:reports" in token["scope"].split()
    assert grants(visitor) == ["authorization_code", "refresh_token"]


def test_max_age_forces_a_new_login(visitor):
    log_in(visitor)
    visitor.page.goto(f"{URL}/auth/login?max_age=0")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")


def test_an_unregistered_logout_url_is_refused(visitor):
    visitor.patch_client("acme-web", **CLIENT, allowed_logout_urls=[])
    log_in(visitor)
    answer = visitor.page.goto(f"{URL}/auth/logout")
    assert answer.status == 400
    assert "allowed_logout_urls" in answer.headers["mockidp-hint"]


def test_an_unregistered_callback_is_refused(visitor):
    visitor.patch_client("acme-web", callbacks=[f"{URL}/callback"])
    answer = visitor.page.goto(f"{URL}/auth/login")
    assert answer.status == 403
    assert f"{URL}/auth/callback" in answer.headers["mockidp-hint"]


@shows("nextjs-auth0", refuses=["wrong client secret"], over="http")
def test_a_wrong_secret_is_reported(visitor):
    visitor.patch_client("acme-web", **CLIENT, client_secret="another secret")
    visitor.page.goto(f"{URL}/auth/login")
    visitor.pick_user("alice")
    visitor.page.get_by_text(
        "An error occurred while trying to exchange the authorization code."
    ).wait_for()
    [refused] = visitor.journal(endpoint="token")
    assert "secret" in refused["hint"]


@shows("nextjs-auth0", refuses=["unknown API", "unknown organization"], over="http")
@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("organization=org_1", "Parameter `organization` is 'org_1'"),
        ("invitation=x&organization=org_1", "Parameter `organization` is 'org_1'"),
        ("audience=https://none/", "No API has the identifier 'https://none/'"),
    ],
)
def test_a_refused_login_is_reported(visitor, query, hint):
    answer = visitor.page.goto(f"{URL}/auth/login?{query}")
    assert answer.status == 500
    assert answer.text() == "An error occurred during the authorization flow."
    [refused] = visitor.journal(endpoint="authorize")
    assert hint in refused["hint"]


@shows("nextjs-auth0", "authorization code with PKCE", over="https")
def test_a_tenant_at_https(server, run_app):
    with httpx.Client(base_url=f"http://127.0.0.1:{run_app(domain=server.tls_url)}") as browser:
        location = browser.get("/auth/login").headers["Location"]
        assert location.startswith(f"{server.tls_url}/authorize?")
        assert "code_challenge_method=S256" in location
        RemoteIdP(server.url).sign_in_as("alice")
        callback = httpx.get(location, verify=False).headers["Location"]
        browser.get(callback.removeprefix(URL))
        assert "Hello alice@acme.example" in browser.get("/").text


def test_dpop_is_refused_as_unsupported(run_app):
    app = f"http://127.0.0.1:{run_app(useDPoP=True)}"
    refused = httpx.get(httpx.get(f"{app}/auth/login").headers["Location"])
    assert refused.headers["Location"].startswith(f"{URL}/auth/callback?error=")
    hint = refused.headers["Mockidp-Hint"]
    assert "Leave out `dpop_jkt`, which mockidp does not support yet." in hint


@pytest.mark.parametrize(
    "options", [{"domain": "http://localhost:1"}, {"pushedAuthorizationRequests": True}]
)
def test_the_sdk_reports_a_login_that_it_cannot_start(run_app, options):
    answer = httpx.get(f"http://127.0.0.1:{run_app(**options)}/auth/login")
    assert answer.status_code == 500
    assert answer.text == "An error occurred while trying to initiate the login request."


@shows("nextjs-auth0", refuses=["localhost without allowInsecureRequests"], over="http")
@pytest.mark.parametrize("domain", ["http://localhost:9400", "https://localhost:9443"])
def test_the_sdk_refuses_localhost_without_allow_insecure_requests(run_app, domain):
    printed = run_app(domain=domain, allowInsecureRequests=False)
    assert printed == "localhost domains are not supported."

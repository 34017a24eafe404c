"""@auth0/nextjs-auth0 over http: session, refresh tokens, and refusals of mockidp.

The test of the guide runs it in Next.js. Here its middleware runs without Next.js.
"""

import contextlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from mockidp import RemoteIdP

PROGRAM = Path(__file__).parents[2] / "nextjs" / "app.mjs"
URL = "http://localhost:3000"
API = "https://api.acme.example/"
CONNECTION = "Username-Password-Authentication"
REPORTS = "https://reports.acme.example/"
CLIENT = {
    "callbacks": [f"{URL}/auth/callback"],
    "refresh_token": {"policies": [{"audience": REPORTS, "scope": ["read:reports"]}]},
}


@pytest.fixture(scope="module")
def run_app(server):
    """Return a function that starts the app with options of the SDK and returns its first line."""
    installed = PROGRAM.parent / "node_modules" / ".package-lock.json"
    if not shutil.which("node") or not installed.exists():
        # In CI nothing may be skipped.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "needs node and its packages: npm ci --prefix tests/clients/nextjs"
        )
    defaults = {
        "domain": server.url,
        "allowInsecureRequests": True,
        "clientId": "acme-web",
        "clientSecret": "acme-web-secret",
        "secret": "0" * 64,
        "appBaseUrl": URL,
        "authorizationParameters": {
            "audience": API, "scope": "openid profile email offline_access read:items",
        },
    }  # fmt: skip
    with contextlib.ExitStack() as stack:

        def run_app(**options):
            process = stack.enter_context(
                subprocess.Popen(
                    [shutil.which("node"), PROGRAM],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,  # the SDK logs there
                    text=True,
                    env={"PATH": os.environ["PATH"]},
                )
            )
            process.stdin.write(json.dumps(defaults | options) + "\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        yield run_app
    # Popen's exit closes standard input and waits for the process.


@pytest.fixture(scope="module")
def application(run_app):
    return SimpleNamespace(port=int(run_app()))


@pytest.fixture(scope="module")
def chromium(launch):
    return launch("localhost")


@pytest.fixture(autouse=True)
def client(visitor):
    """Register the SDK's callback."""
    visitor.patch_client("acme-web", **CLIENT)


def click_link(visitor, link):
    visitor.page.get_by_role("link", name=link, exact=True).click()


def log_in(visitor):
    visitor.open()
    visitor.wait_for_heading("Nobody")
    click_link(visitor, "Log in")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")


def read_token(visitor, query=""):
    answer = visitor.page.goto(f"{URL}/token{query}")
    assert answer.status == 200, answer.text()
    return answer.json()


def grants(visitor):
    return [one["parameters"]["grant_type"] for one in visitor.journal(endpoint="token")]


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


def test_a_federated_logout_returns_its_state(visitor):
    log_in(visitor)
    visitor.page.goto(f"{URL}/auth/logout?federated&state=left")
    visitor.page.wait_for_url(f"{URL}/?state=left")
    visitor.wait_for_heading("Nobody")


def test_an_access_token_is_reused_until_it_expires(visitor):
    log_in(visitor)
    assert read_token(visitor)["token"] == read_token(visitor)["token"]
    assert grants(visitor) == ["authorization_code"]


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


@pytest.fixture
def organizations(visitor):
    """Alice is in red, and nobody in blue."""
    visitor.patch_client("acme-web", **CLIENT, organization_usage="allow")
    red, blue = (
        visitor.control(
            "POST",
            "/organizations",
            {"name": name, "connections": [{"name": CONNECTION}], "members": members},
        )
        for name, members in (("red", [{"user_id": "auth0|alice"}]), ("blue", []))
    )
    return red["id"], blue["id"]


def test_a_login_to_an_organization_from_login_to_logout(visitor, organizations):
    red, _ = organizations
    visitor.page.goto(f"{URL}/auth/login?organization={red}")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")
    assert visitor.page.goto(f"{URL}/user").json()["org_id"] == red
    claims = jwt.decode(read_token(visitor)["token"], options={"verify_signature": False})
    assert claims["org_id"] == red
    visitor.open()
    click_link(visitor, "Log out")
    visitor.wait_for_heading("Nobody")


def test_a_refreshed_token_keeps_the_organization(visitor, organizations):
    red, _ = organizations
    visitor.control("POST", "/faults", {"endpoint": "token", "set": {"expires_in": 0}, "times": 1})
    visitor.page.goto(f"{URL}/auth/login?organization={red}")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")
    claims = jwt.decode(read_token(visitor)["token"], options={"verify_signature": False})
    assert claims["org_id"] == red
    assert grants(visitor) == ["authorization_code", "refresh_token"]


def test_an_invitation_is_forwarded_by_the_login_route(visitor, organizations):
    _, blue = organizations
    visitor.patch_client(
        "acme-web", **CLIENT, organization_usage="allow", initiate_login_uri="https://app.example/"
    )
    link = visitor.control(
        "POST",
        "/invitations",
        {"organization": blue, "email": "bob@acme.example", "client": "acme-web"},
    )
    query = link["url"].partition("?")[2].partition("&organization_name")[0]
    visitor.page.goto(f"{URL}/auth/login?{query}")
    visitor.pick_user("bob")
    visitor.wait_for_heading("Hello bob@acme.example")
    assert visitor.page.goto(f"{URL}/user").json()["org_id"] == blue


def test_a_user_who_is_no_member_is_reported(visitor, organizations):
    _, blue = organizations
    visitor.page.goto(f"{URL}/auth/login?organization={blue}")
    visitor.pick_user("alice")
    visitor.page.get_by_text("An error occurred during the authorization flow.").wait_for()
    refused = visitor.journal(endpoint="resume")[-1]
    assert "has no member auth0|alice" in refused["hint"]


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


def test_a_wrong_secret_is_reported(visitor):
    visitor.patch_client("acme-web", **CLIENT, client_secret="another secret")
    visitor.page.goto(f"{URL}/auth/login")
    visitor.pick_user("alice")
    visitor.page.get_by_text(
        "An error occurred while trying to exchange the authorization code."
    ).wait_for()
    [refused] = visitor.journal(endpoint="token")
    assert "secret" in refused["hint"]


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


@pytest.mark.parametrize("domain", ["http://localhost:9400", "https://localhost:9443"])
def test_the_sdk_refuses_localhost_without_allow_insecure_requests(run_app, domain):
    printed = run_app(domain=domain, allowInsecureRequests=False)
    assert printed == "localhost domains are not supported."


@pytest.fixture
def pushing(visitor, server, run_app):
    """Return the URL of an app that pushes its requests, in a tenant that accepts them."""
    document = f"{server.url}/_mockidp/v1/tenant"
    before = httpx.get(document).json()
    settings = before["tenant"] | {"pushed_authorization_requests_supported": True}
    httpx.put(document, json=before | {"tenant": settings}).raise_for_status()
    yield f"http://127.0.0.1:{run_app(pushedAuthorizationRequests=True)}"
    httpx.put(document, json=before).raise_for_status()


def test_a_login_with_a_pushed_request(visitor, server, pushing):
    with httpx.Client(base_url=pushing) as browser:
        location = browser.get("/auth/login").headers["Location"]
        assert sorted(parse_qs(urlsplit(location).query)) == ["client_id", "request_uri"]
        RemoteIdP(server.url).sign_in_as("alice")
        callback = httpx.get(location).headers["Location"]
        browser.get(callback.removeprefix(URL))
        assert "Hello alice@acme.example" in browser.get("/").text
    again = httpx.get(location)
    assert again.status_code == 400
    assert "It was used at" in again.headers["Mockidp-Hint"]


@pytest.mark.parametrize(
    ("fields", "query", "hint"),
    [
        ({"callbacks": [f"{URL}/callback"]}, "", f"{URL}/auth/callback"),
        ({"client_secret": "another secret"}, "", "`client_secret` is not that of client"),
        ({}, "?audience=https://none/", "No API has the identifier 'https://none/'"),
    ],
)
def test_a_push_that_is_refused(visitor, pushing, fields, query, hint):
    visitor.patch_client("acme-web", **CLIENT | fields)
    answer = httpx.get(f"{pushing}/auth/login{query}")
    assert answer.status_code == 500
    [refused] = visitor.journal(endpoint="par")
    assert hint in refused["hint"]

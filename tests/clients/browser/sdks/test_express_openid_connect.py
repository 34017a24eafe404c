"""express-openid-connect with its defaults: an ID token is posted to the callback as a form.

The SDK verifies the token's signature, nonce, issuer and audience.
"""

import contextlib
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from helpers.client_facts import shows
from helpers.node_app import node_app

HTTP = "http://localhost:3000"
HTTPS = "https://localhost:3443"
HYBRID = "http://localhost:3001"
ORIGINS = [HTTP, HTTPS, HYBRID]


@pytest.fixture(scope="module")
def run_app(installed):
    """Return a function that starts the app and returns its port."""
    program = installed("express", "express-openid-connect").parent / "apps"
    with contextlib.ExitStack() as stack:

        def run_app(ca_file, **config):
            app = node_app(program / "express-openid-connect.cjs", config, ca_file=ca_file)
            return int(stack.enter_context(app))

        yield run_app


@pytest.fixture(scope="module")
def application(run_app, server, certificate):
    """Run the app three times: on http, on https, and with the hybrid flow.

    The first logs out at `/v2/logout`, as in the SDK's quick start, the second at `/oidc/logout`.
    """
    tls = {
        "cert": "".join(one.bytes().decode() for one in certificate.cert_chain_pems),
        "key": certificate.private_key_pem.bytes().decode(),
    }
    on_http = {"baseURL": HTTP, "issuerBaseURL": server.url, "auth0Logout": True}
    on_https = {"baseURL": HTTPS, "issuerBaseURL": server.tls_url, "idpLogout": True, "tls": tls}
    hybrid = {
        "baseURL": HYBRID,
        "issuerBaseURL": server.url,
        "clientSecret": "acme-web-secret",
        "authorizationParams": {"response_type": "code id_token"},
        "attemptSilentLogin": True,
    }
    http, https, code = (
        run_app(server.ca_file, clientID="acme-web", **config)
        for config in (on_http, on_https, hybrid)
    )
    return SimpleNamespace(port=http, tls_port=https, hybrid_port=code)


@pytest.fixture(scope="module")
def chromium(launch, application):
    hosts = f"localhost:3001 {application.hybrid_port}", f"localhost:3443 {application.tls_port}"
    return launch(*hosts, "localhost", "127.0.0.1")


@pytest.fixture(autouse=True)
def client(visitor):
    """Register the URLs of all three apps."""
    callbacks = [f"{origin}/callback" for origin in ORIGINS]
    visitor.patch_client("acme-web", callbacks=callbacks, allowed_logout_urls=ORIGINS)


@pytest.fixture(params=["http", "https"])
def at(request):
    """Return the scheme of the app."""
    return request.param


def click_link(visitor, link):
    visitor.page.get_by_role("link", name=link, exact=True).click()


def log_in(visitor, at):
    visitor.open(at=at)
    visitor.wait_for_heading("Nobody")
    click_link(visitor, "Log in")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")


@shows("express-openid-connect", "implicit flow with form_post", over="http, https")
def test_an_id_token_is_posted_to_the_app(visitor, at):
    log_in(visitor, at)
    click_link(visitor, "Profile")
    visitor.wait_for_heading("Profile of auth0|alice")
    [first, *_] = visitor.journal(endpoint="authorize")
    assert first["parameters"]["response_type"] == "id_token"
    assert first["parameters"]["response_mode"] == "form_post"
    assert visitor.journal(endpoint="token") == []


def test_a_protected_page_is_shown_after_the_login(visitor, at):
    visitor.open("/profile", at=at)
    visitor.pick_user("bob")
    visitor.wait_for_heading("Profile of auth0|bob")


@shows("express-openid-connect", refuses=["denied login"], over="http, https")
def test_a_denied_login_is_posted_to_the_app(visitor, at):
    visitor.open("/login", at=at)
    visitor.page.get_by_role("button", name="Deny").click()
    visitor.wait_for_heading("Failed")
    assert visitor.alert_text() == "access_denied: User has canceled the interaction."


def test_a_logout_ends_the_sessions_of_the_app_and_the_tenant(visitor, at):
    log_in(visitor, at)
    click_link(visitor, "Log out")
    visitor.wait_for_heading("Nobody")
    click_link(visitor, "Log in")
    visitor.page.get_by_role("button", name="alice@acme.example").wait_for()
    paths = [urlsplit(one["url"]).path for one in visitor.journal()]
    assert ("/v2/logout" in paths, "/oidc/logout" in paths) == (at == "http", at == "https")


@shows(
    "express-openid-connect", "hybrid flow", refuses=["silent login without a session"], over="http"
)
def test_the_hybrid_flow_gets_an_id_token_and_exchanges_the_code(visitor):
    visitor.page.goto(HYBRID)
    visitor.wait_for_heading("Nobody")  # after a refused silent login
    click_link(visitor, "Log in")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")
    silent, login = visitor.journal(endpoint="authorize")
    assert (silent["parameters"]["prompt"], silent["error"]) == ("none", "login_required")
    assert login["parameters"]["response_type"] == "code id_token"
    [exchange] = visitor.journal(endpoint="token")
    assert (exchange["grant"], exchange["status"]) == ("authorization_code", 200)


@shows("express-openid-connect", "silent login", over="http")
def test_a_silent_login_uses_the_session_of_the_tenant(visitor):
    log_in(visitor, "http")
    visitor.page.goto(HYBRID)
    visitor.wait_for_heading("Hello alice@acme.example")

"""auth0-vue with its defaults, in an app built with Vite."""

import pytest

from helpers.client_facts import shows
from helpers.single_page_app import (
    NO_SESSION,
    REVOKED,
    deny_login,
    grants,
    log_in_with,
    read_userinfo,
    token_error,
)

CLIENT = "auth0-vue"


@pytest.fixture(scope="module")
def site(build_site):
    return build_site("auth0-vue", "@auth0/auth0-vue", "vue")


@pytest.fixture
def config(server):
    """Return the configuration of the SDK's quick start: a domain and a client."""
    return {"domain": server.url, "clientId": "acme-spa"}


@shows(
    CLIENT,
    "authorization code with PKCE",
    "silent login in an iframe",
    "login in a popup",
    "logout",
    over="http",
)
def test_a_user_stays_logged_in_after_a_reload_until_the_logout(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    visitor.page.reload()
    visitor.wait_for_heading("Hello alice@acme.example")
    visitor.log_out()
    popup = visitor.click_for_popup("Log in with a popup")
    visitor.pick_user("bob", popup)
    visitor.wait_for_heading("Hello bob@acme.example")


@shows(CLIENT, "refresh token", "userinfo", refuses=["revoked refresh token"], over="http")
def test_a_refresh_token_gets_access_tokens_until_it_is_revoked(visitor, config):
    visitor.open(**config, useRefreshTokens=True)
    visitor.log_in()
    assert read_userinfo(visitor)["email"] == "alice@acme.example"
    assert grants(visitor) == ["authorization_code", "refresh_token"]
    visitor.control("POST", "/faults", {"endpoint": "token", "refuse": "refresh_token_revoked"})
    assert token_error(visitor) == REVOKED


@shows(CLIENT, refuses=["silent login without a session", "denied login"], over="http")
def test_a_denied_login_and_a_silent_login_without_a_session_are_reported(visitor, config):
    visitor.open(**config)
    assert deny_login(visitor) == "access_denied: User has canceled the interaction."
    assert token_error(visitor) == NO_SESSION


@shows(CLIENT, refuses=["wrong nonce"], over="http")
def test_a_wrong_nonce_is_reported(visitor, config):
    visitor.open(**config)
    shown = log_in_with({"endpoint": "id_token", "wrong": "nonce"}, visitor)
    assert "Nonce (nonce) claim mismatch in the ID token" in shown

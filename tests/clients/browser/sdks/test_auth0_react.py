"""auth0-react with its defaults, in an app built with Vite."""

import pytest

from helpers.client_facts import shows
from helpers.login_habits import PASSWORD, USER, real_world_app
from helpers.single_page_app import (
    NO_SESSION,
    REVOKED,
    deny_login,
    grants,
    log_in_with,
    read_userinfo,
    token_error,
)

CLIENT = "auth0-react"


@pytest.fixture(scope="module")
def site(build_site):
    return build_site("auth0-react", "@auth0/auth0-react", "react-dom")


@pytest.fixture
def config(server):
    """Return the configuration of the SDK's quick start: a domain and a client."""
    return {"domain": server.url, "clientId": "acme-spa"}


@shows(CLIENT, "authorization code with PKCE", "silent login in an iframe", over="http")
def test_a_reload_keeps_the_user_logged_in(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    visitor.page.reload()
    visitor.wait_for_heading("Hello alice@acme.example")
    silent = visitor.journal(endpoint="authorize")[-1]
    assert (silent["status"], silent["parameters"]["response_mode"]) == (200, "web_message")


@shows(CLIENT, "login in a popup", over="http")
def test_a_popup_logs_in(visitor, config):
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    popup = visitor.click_for_popup("Log in with a popup")
    visitor.pick_user("bob", popup)
    visitor.wait_for_heading("Hello bob@acme.example")


@shows(CLIENT, "protected page", over="http")
def test_a_protected_page_redirects_to_the_login(visitor, config):
    visitor.open("/guarded", **config)
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")
    visitor.page.goto("http://localhost:3000/guarded")
    visitor.wait_for_heading("Guarded page")


@shows(CLIENT, "logout", over="http")
def test_a_logout_ends_the_session(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    visitor.log_out()
    visitor.click("Log in")
    visitor.page.get_by_role("button", name="alice@acme.example").wait_for()


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


def test_the_script_of_cypress_real_world_app_logs_in(visitor, config):
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    visitor.click("Log in")
    real_world_app(visitor.page)
    visitor.wait_for_heading(f"Hello {USER}")


@pytest.fixture
def lock(visitor, config):
    """The tenant shows the classic page, and its users have usernames."""
    database = {"name": "Username-Password-Authentication", "options": {"requires_username": True}}
    prompts = {"universal_login_experience": "classic"}
    visitor.control("PATCH", "/tenant", {"prompts": prompts, "databases": [database]})

    def log_in():
        page = visitor.page
        page.locator(".auth0-lock-input-username .auth0-lock-input").fill(USER)
        page.locator(".auth0-lock-input-password .auth0-lock-input").fill(PASSWORD)
        page.locator(".auth0-lock-submit").click()

    return log_in


def test_the_smoke_test_of_auth0_react_passes(visitor, config, lock):
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    visitor.click("Log in")
    lock()
    visitor.wait_for_heading(f"Hello {USER}")
    visitor.log_out()
    visitor.page.goto("http://localhost:3000/guarded")
    lock()
    visitor.wait_for_heading(f"Hello {USER}")

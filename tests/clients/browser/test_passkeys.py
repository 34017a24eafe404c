"""Passkeys on the hosted pages, with the virtual authenticator of a real browser."""

import contextlib
from urllib.parse import urlencode

import pytest

from helpers.virtual_authenticator import VirtualAuthenticator
from mockidp import MockIdP

CALLBACK = "http://localhost:3000/callback"
TENANT = {
    "prompts": {"identifier_first": True},
    "databases": [
        {
            "name": "Username-Password-Authentication",
            "options": {"authentication_methods": {"passkey": {"enabled": True}}},
        }
    ],
    "clients": [{"client_id": "web", "callbacks": [CALLBACK]}],
    "users": [{"user_id": "auth0|alice", "email": "alice@acme.example", "password": "Passw0rd!"}],
}


@pytest.fixture
def idp():
    with MockIdP(TENANT) as idp:
        yield idp


def start(page, idp, **query):
    request = {"client_id": "web", "response_type": "code", "redirect_uri": CALLBACK, **query}
    page.goto(f"{idp.url}/authorize?{urlencode(request)}")


@pytest.fixture
def new_page(chromium):
    """Return a function that opens a page in a new context, which has its own authenticator."""
    with contextlib.ExitStack() as stack:

        def new_page(**options):
            page = stack.enter_context(chromium.new_context(**options)).new_page()
            page.set_default_timeout(10_000)
            return page

        yield new_page


def click(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def is_back(page):
    page.get_by_role("heading", name="Back at the application").wait_for()
    return page.url.startswith(f"{CALLBACK}?code=")


def type_password(page):
    page.get_by_label("Email address").fill("alice@acme.example")
    click(page, "Continue")
    page.get_by_label("Password").fill("Passw0rd!")
    click(page, "Continue")


def test_a_passkey_is_created_after_a_password_and_logs_in(new_page, idp):
    page = new_page()
    authenticator = VirtualAuthenticator(page)
    start(page, idp)
    type_password(page)
    click(page, "Create a passkey")
    assert is_back(page)
    page.context.clear_cookies()
    start(page, idp)
    click(page, "Continue with a passkey")
    assert is_back(page)
    # A copied passkey, which was used elsewhere.
    authenticator.set_sign_count(0)
    page.context.clear_cookies()
    start(page, idp)
    click(page, "Continue with a passkey")
    assert "7.2 step 21" in page.get_by_test_id("mockidp-hint").inner_text()
    idp.reset()
    start(page, idp)
    click(page, "Continue with a passkey")
    page.get_by_text("That passkey was not accepted.").wait_for()
    assert "No user has a passkey" in page.get_by_test_id("mockidp-hint").inner_text()


def test_a_new_user_signs_up_with_a_passkey(new_page, idp):
    page = new_page()
    authenticator = VirtualAuthenticator(page)
    start(page, idp, screen_hint="signup")
    page.get_by_label("Email address").fill("new@acme.example")
    click(page, "Continue")
    click(page, "Create a passkey")
    assert is_back(page)
    [held] = authenticator.credentials()
    assert held["rpId"] == "localhost"


def test_without_javascript_the_password_is_enough(new_page, idp):
    page = new_page(java_script_enabled=False)
    start(page, idp)
    assert page.get_by_role("button", name="Continue with a passkey").count() == 0
    type_password(page)
    click(page, "Continue without passkeys")
    assert is_back(page)

"""docs/how-to/react.md: a user logs in, reloads and logs out in the app, served by Vite."""

import contextlib
from urllib.parse import urlsplit

import pytest

from helpers.free_ports import find_free_ports

SERVERS = ["mockidp serve --example acme", "node api.mjs", "npm run dev"]
API = "https://api.acme.example/"
SCOPES = ["read:items", "write:items"]
IFRAME = [("authorize", "web_message"), ("token", "authorization_code")]
PROVIDER = "<Auth0Provider\n"


@pytest.fixture(scope="module")
def ports():
    """Return the real ports of the API and of Vite."""
    return find_free_ports([3001, 5173])


@pytest.fixture(scope="module")
def chromium(launch, ports):
    return launch(f"localhost:5173 {ports[5173]}", "localhost")


@pytest.fixture(scope="module")
def react(guide, server, ports):
    """Create the app as the page describes, and run its API."""
    react = guide("react.md", "node")
    react.create(SERVERS, ports | {9400: urlsplit(server.url).port})
    with react.running("node api.mjs", ready="The API is at"):
        yield react


@pytest.fixture
def start(react, ports):
    """Return a function that serves the app with additional properties of `Auth0Provider`."""
    main = react.app / "src" / "main.tsx"
    text = main.read_text()
    assert PROVIDER in text
    with contextlib.ExitStack() as stack:

        def start(properties=""):
            main.write_text(text.replace(PROVIDER, f"{PROVIDER}{properties}\n"))
            command = f"npm run dev -- --host 127.0.0.1 --port {ports[5173]} --strictPort"
            stack.enter_context(react.running(command, ready="Local:"))

        yield start
    main.write_text(text)


def log_in(alice):
    alice.page.goto("http://localhost:5173/")
    alice.click("Log in")
    alice.enter_password()


def load_items(alice):
    """Call the app's API."""
    alice.click("Load items")
    alice.page.get_by_text("Items of auth0|alice").wait_for()


def requests_of(idp):
    """Return the endpoint and the response mode or grant of the app's requests."""
    parameters = {"authorize": "response_mode", "token": "grant_type"}
    return [
        (entry.endpoint, entry.parameters[parameters[entry.endpoint]])
        for entry in idp.journal
        if entry.endpoint in parameters and entry.method != "OPTIONS"
    ]


def test_log_in_reload_call_the_api_and_log_out(start, alice):
    start()
    log_in(alice)
    alice.reload()
    alice.wait_for_greeting()
    load_items(alice)
    alice.click("Log out")
    alice.wait_until_logged_out()


@pytest.mark.parametrize("properties", ["", "useRefreshTokens useRefreshTokensFallback"])
def test_a_reload_without_local_storage_logs_in_silently_in_an_iframe(
    start, alice, idp, properties
):
    start(properties)
    log_in(alice)
    idp.journal.clear()
    alice.reload()
    alice.wait_for_greeting()
    assert requests_of(idp) == IFRAME


def test_a_reload_with_refresh_tokens_in_memory_logs_the_user_out(start, alice, idp):
    start("useRefreshTokens")
    log_in(alice)
    idp.journal.clear()
    alice.reload()
    alice.page.get_by_role("button", name="Log in").wait_for()
    assert requests_of(idp) == []


def test_a_reload_with_local_storage_sends_no_request(start, alice, idp):
    start('cacheLocation="localstorage"')
    log_in(alice)
    idp.journal.clear()
    alice.reload()
    alice.wait_for_greeting()
    load_items(alice)
    assert requests_of(idp) == []


@pytest.mark.parametrize(
    ("properties", "requests"),
    [("", IFRAME), ("useRefreshTokens", [("token", "refresh_token")])],
)
def test_an_expired_token_in_local_storage_is_replaced(start, alice, idp, properties, requests):
    # The SDK replaces a token a minute before it expires.
    idp.add_api(API, scopes=SCOPES, allow_offline_access=True, token_lifetime=30)
    start(f'{properties} cacheLocation="localstorage"')
    log_in(alice)
    alice.reload()
    alice.wait_for_greeting()
    idp.journal.clear()
    load_items(alice)
    assert requests_of(idp) == requests

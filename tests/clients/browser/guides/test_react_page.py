"""docs/how-to/react.md: Vite serves the page's app, and a user logs in, reloads and logs out."""

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
    """The real ports of the API and of Vite."""
    return find_free_ports([3001, 5173])


@pytest.fixture(scope="module")
def chromium(launch, ports):
    return launch(f"localhost:5173 {ports[5173]}", "localhost")


@pytest.fixture(scope="module")
def react(guide, server, ports):
    """The page's app, created as the page says, while its API runs."""
    react = guide("react.md", "node")
    react.create(SERVERS, ports | {9400: urlsplit(server.url).port})
    with react.running("node api.mjs", ready="The API is at"):
        yield react


@pytest.fixture
def start(react, ports):
    """Give a function that serves the app, with more properties for its `Auth0Provider`."""
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


def logs_in(alice):
    alice.page.goto("http://localhost:5173/")
    alice.clicks("Log in")
    alice.types_her_password()


def loads_items(alice):
    """Call the app's API."""
    alice.clicks("Load items")
    alice.page.get_by_text("Items of auth0|alice").wait_for()


def requests_of(idp):
    """Return the app's requests for codes and tokens: each endpoint, and how it was asked."""
    how = {"authorize": "response_mode", "token": "grant_type"}
    return [
        (entry.endpoint, entry.parameters[how[entry.endpoint]])
        for entry in idp.journal
        if entry.endpoint in how and entry.method != "OPTIONS"
    ]


def test_a_user_logs_in_reloads_calls_the_api_and_logs_out(start, alice):
    start()
    logs_in(alice)
    alice.reloads()
    alice.is_greeted()
    loads_items(alice)
    alice.clicks("Log out")
    alice.is_logged_out()


@pytest.mark.parametrize("properties", ["", "useRefreshTokens useRefreshTokensFallback"])
def test_without_local_storage_a_reload_logs_in_silently_in_an_iframe(
    start, alice, idp, properties
):
    start(properties)
    logs_in(alice)
    idp.journal.clear()
    alice.reloads()
    alice.is_greeted()
    assert requests_of(idp) == IFRAME


def test_with_refresh_tokens_in_memory_a_reload_logs_the_user_out(start, alice, idp):
    start("useRefreshTokens")
    logs_in(alice)
    idp.journal.clear()
    alice.reloads()
    alice.page.get_by_role("button", name="Log in").wait_for()
    assert requests_of(idp) == []


def test_with_local_storage_a_reload_sends_no_request(start, alice, idp):
    start('cacheLocation="localstorage"')
    logs_in(alice)
    idp.journal.clear()
    alice.reloads()
    alice.is_greeted()
    loads_items(alice)
    assert requests_of(idp) == []


@pytest.mark.parametrize(
    ("properties", "requests"),
    [("", IFRAME), ("useRefreshTokens", [("token", "refresh_token")])],
)
def test_with_local_storage_an_expired_token_is_replaced(start, alice, idp, properties, requests):
    # The SDK replaces a token a minute before it expires.
    idp.add_api(API, scopes=SCOPES, allow_offline_access=True, token_lifetime=30)
    start(f'{properties} cacheLocation="localstorage"')
    logs_in(alice)
    alice.reloads()
    alice.is_greeted()
    idp.journal.clear()
    loads_items(alice)
    assert requests_of(idp) == requests

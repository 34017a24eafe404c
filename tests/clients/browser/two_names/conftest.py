"""An app and a browser that use different names for one mock, as with containers.

On one machine, the programs of the apps resolve the mock's name `mockidp` to 127.0.0.1. With
MOCKIDP_IMAGE, which `scripts/test-container` sets, mock and app are containers of a network, and the
tests are the same. The browser runs on this machine and resolves only the given names.
"""

import contextlib
import os
from functools import partial
from urllib.parse import urlencode, urlsplit

import pytest

from helpers.places import SERVICE, Machine, Network

CALLBACK = "http://localhost:3000/callback"
LOGOUT_URL = "http://localhost:3000"
CLIENT = {"clientId": "acme-web", "secret": "acme-web-secret"}


class _App:
    """An app that logs users in. One program run starts a login, and another finishes it."""

    def __init__(self, program, url, ca_file=None):
        given = {"url": url, "callback": CALLBACK, "logoutUrl": LOGOUT_URL, **CLIENT}
        trust = {"ca_file": ca_file} if ca_file else {}
        self._run = lambda **options: program(given | options, **trust)
        self._checks = {}

    def start_login(self):
        started = self._run()
        assert "value" in started, started
        self._checks = started["value"]["checks"]
        return started["value"]["url"]

    def finish_login(self, parameters):
        url = f"{CALLBACK}?{urlencode(parameters)}"
        finished = self._run(callbackUrl=url, checks=self._checks)
        assert "value" in finished, finished
        return finished["value"]

    def refusal(self):
        return self._run()["refused"]


@pytest.fixture
def machine(node, serving, tmp_path):
    return Machine(node, serving, tmp_path)


@pytest.fixture(scope="session")
def network():
    with contextlib.ExitStack() as stack:
        yield Network(stack)


@pytest.fixture
def place(request):
    """Return where a mock runs, with the apps that use the service's name for it."""
    return request.getfixturevalue("network" if "MOCKIDP_IMAGE" in os.environ else "machine")


@pytest.fixture
def mock(place):
    """Return a function that starts a mock with settings from environment variables."""
    with contextlib.ExitStack() as stack:
        yield lambda **variables: stack.enter_context(place.mock(variables))


@pytest.fixture
def place_of(place, machine):
    """Return a function that returns the place of an app that uses a URL for its mock."""
    return lambda url: place if urlsplit(url).hostname == SERVICE else machine


@pytest.fixture
def authlib(place_of):
    """Return a function that creates an app with Authlib, which accepts any issuer in discovery."""

    def authlib(url, ca_file=None):
        return _App(partial(place_of(url).python, "authlib_login.py"), url, ca_file)

    return authlib


@pytest.fixture
def openid_client(place_of):
    """Return a function that creates an app with openid-client 6, which refuses other issuers."""

    def openid_client(url, ca_file=None):
        return _App(partial(place_of(url).node, "openid-client-login.mjs"), url, ca_file)

    return openid_client


@pytest.fixture(params=["authlib", "openid_client"])
def client(request):
    """Return each kind of app."""
    return request.getfixturevalue(request.param)


class _Browser:
    """The browser of a user who logs in to an app."""

    def __init__(self, page, application):
        self.page = page
        self._received = application.received

    def log_in(self, url):
        """Log in as alice at a URL. Return the parameters of the callback."""
        self.page.goto(url)
        self.page.get_by_role("button", name="alice@acme.example").click()
        return self.wait_for_callback()

    def wait_for_callback(self):
        self.page.get_by_role("heading", name="Back at the application").wait_for()
        _method, parameters = self._received.pop()
        return parameters


@pytest.fixture
def browser(launch, application):
    """Return a function that starts a browser that resolves only the given names."""

    def browser(*names, **options):
        page = launch(*names).new_context(**options).new_page()
        page.set_default_timeout(10_000)
        return _Browser(page, application)

    return browser


@pytest.fixture
def log_in_and_out():
    """Return a function that logs in and out, and returns the ID token's `iss`."""

    def log_in_and_out(app, browser):
        finished = app.finish_login(browser.log_in(app.start_login()))
        assert finished["email"] == "alice@acme.example"
        browser.page.goto(finished["logoutRequest"])
        browser.page.get_by_role("heading", name="Back at the application").wait_for()
        browser.page.goto(app.start_login())
        assert urlsplit(browser.page.url).path == "/u/login"
        return finished["iss"]

    return log_in_and_out

"""An app and a browser that know one mock by different names, as in containers.

On one machine the app's name for it, `mockidp`, is 127.0.0.1 to the programs that are apps. With
MOCKIDP_IMAGE, as `scripts/test-container` sets it, mock and app are containers of a network, and the
same tests hold. A browser is on this machine, knows what it is told, and nothing else.
"""

import contextlib
import os
import shutil
from functools import partial
from urllib.parse import urlencode, urlsplit

import pytest

from helpers.places import SERVICE, Machine, Network

CALLBACK = "http://localhost:3000/callback"
LEFT = "http://localhost:3000"
CLIENT = {"clientId": "acme-web", "secret": "acme-web-secret"}


class _App:
    """An app that logs people in: the two ends of that, each a program of its own."""

    def __init__(self, program, url, ca_file=None):
        given = {"url": url, "callback": CALLBACK, "left": LEFT, **CLIENT}
        trust = {"ca_file": ca_file} if ca_file else {}
        self._run = lambda **more: program(given | more, **trust)
        self._checks = {}

    def begins(self):
        begun = self._run()
        assert "value" in begun, begun
        self._checks = begun["value"]["checks"]
        return begun["value"]["url"]

    def finishes(self, brought):
        done = self._run(landed=f"{CALLBACK}?{urlencode(brought)}", checks=self._checks)
        assert "value" in done, done
        return done["value"]

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
    """Where a mock runs, and the apps that know it by the service's name."""
    return request.getfixturevalue("network" if "MOCKIDP_IMAGE" in os.environ else "machine")


@pytest.fixture
def mock(place):
    """Give a function that serves, with settings from the environment alone."""
    with contextlib.ExitStack() as stack:
        yield lambda **variables: stack.enter_context(place.mock(variables))


@pytest.fixture
def beside(place, machine):
    """Give a function that returns the place of an app which finds its mock at a URL."""
    return lambda url: place if urlsplit(url).hostname == SERVICE else machine


@pytest.fixture
def authlib(beside):
    """Give a function that makes an app with Authlib, which takes the issuer that it is told."""

    def authlib(url, ca_file=None):
        return _App(partial(beside(url).python, "authlib_login.py"), url, ca_file)

    return authlib


@pytest.fixture
def openid_client(beside):
    """Give a function that makes an app with openid-client 6, which refuses other issuers."""

    def openid_client(url, ca_file=None):
        return _App(partial(beside(url).node, "openid-client-login.mjs"), url, ca_file)

    return openid_client


@pytest.fixture(params=["authlib", "openid_client"])
def client(request):
    """Each kind of app."""
    return request.getfixturevalue(request.param)


class _Browser:
    """A person at a browser, on the way between an app and the mock."""

    def __init__(self, page, application):
        self.page = page
        self._received = application.received

    def logs_in(self, url):
        """Log in as alice at a URL; return what is brought to the callback."""
        self.page.goto(url)
        self.page.get_by_role("button", name="alice@acme.example").click()
        return self.arrives()

    def arrives(self):
        self.page.get_by_role("heading", name="Back at the application").wait_for()
        _method, brought = self._received.pop()
        return brought


@pytest.fixture
def browser(launch, application):
    """Give a function that starts a browser which knows names, and no others."""

    def browser(*names, **options):
        page = launch(*names).new_context(**options).new_page()
        page.set_default_timeout(10_000)
        return _Browser(page, application)

    return browser


@pytest.fixture
def logs_in_and_out():
    """Give a function that plays a whole login, and the logout; return the ID token's `iss`."""

    def play(app, browser):
        done = app.finishes(browser.logs_in(app.begins()))
        assert done["email"] == "alice@acme.example"
        browser.page.goto(done["leave"])
        browser.page.get_by_role("heading", name="Back at the application").wait_for()
        browser.page.goto(app.begins())
        assert urlsplit(browser.page.url).path == "/u/login"
        return done["iss"]

    return play


@pytest.fixture(scope="module")
def nginx_program():
    """Debian's nginx, which lies beside the commands of users."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        # In CI nothing may be skipped.
        lacking = pytest.fail if os.environ.get("CI") else pytest.skip
        lacking("nginx is missing: apt-get install nginx-light")
    return found

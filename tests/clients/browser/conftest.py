"""A real browser with a user, a real `mockidp serve`, and an application.

The callback of the example tenant is `http://localhost:3000/callback`. The browser maps that origin
to the test's own server, so the port does not have to be free. All other names do not resolve.
"""

import contextlib
import functools
import json
import os
import urllib.request
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import pytest
import trustme

from helpers.accessibility import AXE
from helpers.chromium import running_driver
from helpers.origins import Origins
from mockidp import RemoteIdP

CALLBACK = "http://localhost:3000/callback"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@pytest.fixture(scope="session")
def _driver():
    with running_driver() as driver:
        yield driver


@pytest.fixture(scope="module")
def playwright(_driver):
    """Let the tests of a module use Playwright."""
    _driver.resume()
    yield _driver
    _driver.pause()


@pytest.fixture(scope="session")
def certificate():
    """Return a certificate for the applications on https."""
    return trustme.CA().issue_cert("localhost")


@pytest.fixture(scope="session")
def origins(certificate):
    """Serve the origins of applications."""
    origins = Origins(certificate)
    with origins.running():
        yield origins


@pytest.fixture(scope="module")
def server(playwright, acme):
    """Return the running tenant, which is reset at the beginning and at the end of the module."""
    with RemoteIdP(acme.url) as remote:
        remote.reset()
        yield acme
        remote.reset()


@pytest.fixture(scope="module")
def application(origins):
    """Serve an application that records the requests to its callback."""
    received = []

    class Callback(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self):
            self.answer(urlsplit(self.path).query)

        def do_POST(self):
            self.answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def answer(self, encoded):
            if urlsplit(self.path).path == "/callback":
                received.append((self.command, dict(parse_qsl(encoded, keep_blank_values=True))))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><title>Acme</title><h1>Back at the application</h1>")

        def log_message(self, *_):
            pass

    origins.serve(Callback)
    return SimpleNamespace(port=origins.port, received=received)


@pytest.fixture(scope="module")
def launch(playwright, application):
    """Return a function that starts a browser which resolves only the given names."""
    with contextlib.ExitStack() as stack:

        def launch(*names, program=None):
            """Start a browser. Each name is `host`, or `host:port target-port`."""
            hosts = (f"localhost:3000 {application.port}", *names)
            pairs = [(name, port) for name, _, port in (one.partition(" ") for one in hosts)]
            rules = [f"MAP {name} 127.0.0.1{port and ':'}{port}" for name, port in pairs]
            browser = playwright.launch(rules, program)
            stack.callback(browser.close)
            return browser

        yield launch


@pytest.fixture(scope="module")
def chromium(playwright, origins, application):
    """Return a browser that resolves only the names of this machine and of the applications."""
    return playwright.shared_browser(origins.rules)


class BrowserUser:
    """A user with a new browser, who starts at the application."""

    def __init__(self, context, server, application):
        self.page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.server = server
        self.application = application

    def start_login(self, *, at=None, **parameters):
        """Open the authorization URL of the application. Return the last response."""
        request = {
            "response_type": "code", "client_id": "acme-web", "redirect_uri": CALLBACK,
            "scope": "openid profile email", "state": "the state", **parameters,
        }  # fmt: skip
        self.application.received.clear()
        return self.page.goto(f"{at or self.server.url}/authorize?{urlencode(request)}")

    def enter_credentials(self, username, password):
        self.page.get_by_label("Email address").fill(username)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Continue").click()

    def is_on_login_page(self):
        return urlsplit(self.page.url).path == "/u/login"

    def wait_for_callback(self, method="GET"):
        """Wait until the browser is at the callback. Return the parameters."""
        self.page.get_by_role("heading", name="Back at the application").wait_for()
        [(used, parameters)] = self.application.received
        assert used == method
        assert parameters["state"] == "the state"
        return parameters

    def wait_for_subject(self, method="GET"):
        """Wait until the browser is at the callback. Redeem the code and return `sub`."""
        form = {
            "grant_type": "authorization_code", "client_id": "acme-web",
            "client_secret": "acme-web-secret", "redirect_uri": CALLBACK,
            "code": self.wait_for_callback(method)["code"],
        }  # fmt: skip
        with urllib.request.urlopen(
            f"{self.server.url}/oauth/token", urlencode(form).encode(), timeout=10
        ) as response:
            token = json.load(response)["id_token"]
        return jwt.decode(token, options={"verify_signature": False})["sub"]


@pytest.fixture
def new_user(chromium, server, application):
    """Return a function that creates a user. Check that browsers only contact this machine."""
    requested = []
    with contextlib.ExitStack() as stack:

        def new_user(server=server, **options):
            context = stack.enter_context(chromium.new_context(**options))
            context.on("request", lambda request: requested.append(request.url))
            return BrowserUser(context, server, application)

        yield new_user
    assert requested
    assert {urlsplit(url).hostname for url in requested} <= LOOPBACK


VIOLATIONS = """document.addEventListener('securitypolicyviolation',
    (event) => console.error('violates ' + event.violatedDirective))"""


@pytest.fixture(scope="module")
def shared_user(chromium, server, application):
    """A user with one browser for all tests of a module, on pages that are the mock's own.

    Check that the browser contacts only the mock, and that no page reports a problem.
    """
    requested, problems = set(), []
    with chromium.new_context() as context:
        user = BrowserUser(context, server, application)
        user.page.add_init_script(VIOLATIONS)
        context.on("request", lambda request: requested.add(request.url))
        for happens in ("console", "pageerror"):
            user.page.on(happens, lambda what: problems.append(str(what)))
        yield user
    own = urlsplit(server.url)
    assert {urlsplit(url)[:2] for url in requested} == {(own.scheme, own.netloc)}
    # The browser itself reports refusals.
    assert [one for one in problems if "the server responded with a status of 4" not in one] == []


@pytest.fixture(scope="module")
def _shared_page(chromium):
    """Return a function that returns the module's page of a kind, which takes half a second once."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def shared_page(**options):
            page = stack.enter_context(chromium.new_context(**options)).new_page()
            page.set_default_timeout(10_000)
            return page

        def without_cookies(**options):
            page = shared_page(**options)
            page.context.clear_cookies()
            return page

        yield without_cookies


@pytest.fixture
def page_without_script(_shared_page):
    """Return a page without cookies, in which JavaScript is disabled."""
    return _shared_page(java_script_enabled=False)


@pytest.fixture
def page_with_script(_shared_page):
    """Return a page without cookies."""
    return _shared_page()


@pytest.fixture(scope="module")
def axe():
    if not AXE.exists():
        install = "needs axe-core: `npm ci --prefix tests/clients/node`"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(install)
    return AXE.read_text()


@pytest.fixture
def user(new_user):
    return new_user()

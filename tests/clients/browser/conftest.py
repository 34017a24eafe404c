"""A person at a real browser, a real `mockidp serve`, and the application between them.

The callback of the example tenant is `http://localhost:3000/callback`: the browser is told to
find that origin at a server of the test's own, so that the port need not be free. All other
names lead nowhere.
"""

import contextlib
import json
import os
import shutil
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import pytest

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CALLBACK = "http://localhost:3000/callback"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def lacking(what, install):
    """Skip by name with the line that installs it; in CI nothing may be skipped."""
    message = f"{what} is missing: {install}"
    (pytest.fail if os.environ.get("CI") else pytest.skip)(message)


@pytest.fixture(scope="module")
def playwright():
    if not Path(CHROMIUM).exists():
        lacking("Chromium", "apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("playwright", "pip install playwright")
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def server(playwright, serving, tmp_path_factory):
    with serving(tmp_path_factory.mktemp("serve")) as server:
        yield server


@pytest.fixture
def server_that_asks_for_consent(playwright, serving, tmp_path):
    with serving(tmp_path, "--set", "consent_on_localhost=true") as server:
        yield server


@pytest.fixture(scope="module")
def application():
    """The application's side of the login: it takes down what reaches its callback."""
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

    with ThreadingHTTPServer(("127.0.0.1", 0), Callback) as httpd:
        httpd.daemon_threads = False
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield SimpleNamespace(port=httpd.server_port, received=received)
        finally:
            httpd.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def launch(playwright, application):
    """Give a function that starts a browser for which some names are this machine, and no others."""
    with contextlib.ExitStack() as stack:

        def launch(*names):
            """Take `host`, and `host:port` with the port that it leads to behind a blank."""
            known = (f"localhost:3000 {application.port}", *names)
            pairs = [(name, port) for name, _, port in (one.partition(" ") for one in known)]
            rules = [f"MAP {name} 127.0.0.1{port and ':'}{port}" for name, port in pairs]
            rules = ", ".join([*rules, "MAP * ~NOTFOUND"])
            arguments = [*FLAGS, f"--host-resolver-rules={rules}"]
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
            stack.callback(browser.close)
            return browser

        yield launch


@pytest.fixture(scope="module")
def chromium(launch):
    return launch("localhost", "127.0.0.1")


class Person:
    """Someone at a fresh browser, who starts at the application."""

    def __init__(self, context, server, application):
        self.page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.server = server
        self.application = application

    def asks_to_log_in(self, *, at=None, **parameters):
        """Follow the application's link; return the page's last response."""
        request = {
            "response_type": "code", "client_id": "acme-web", "redirect_uri": CALLBACK,
            "scope": "openid profile email", "state": "the state", **parameters,
        }  # fmt: skip
        self.application.received.clear()
        return self.page.goto(f"{at or self.server.url}/authorize?{urlencode(request)}")

    def types(self, username, password):
        self.page.get_by_label("Email address").fill(username)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Continue").click()

    def is_at_the_login_page(self):
        return urlsplit(self.page.url).path == "/u/login"

    def arrives(self, method="GET"):
        """Wait until the browser is back; return what it brought."""
        self.page.get_by_role("heading", name="Back at the application").wait_for()
        [(used, parameters)] = self.application.received
        assert used == method
        assert parameters["state"] == "the state"
        return parameters

    def arrives_as(self, method="GET"):
        """Wait until the browser is back; return the `sub` that its code is worth."""
        form = {
            "grant_type": "authorization_code", "client_id": "acme-web",
            "client_secret": "acme-web-secret", "redirect_uri": CALLBACK,
            "code": self.arrives(method)["code"],
        }  # fmt: skip
        with urllib.request.urlopen(
            f"{self.server.url}/oauth/token", urlencode(form).encode(), timeout=10
        ) as response:
            token = json.load(response)["id_token"]
        return jwt.decode(token, options={"verify_signature": False})["sub"]


@pytest.fixture
def sit_down(chromium, server, application):
    """Give a function that makes a person; none of them may reach beyond this machine."""
    requested = []
    with contextlib.ExitStack() as stack:

        def sit_down(server=server, **options):
            context = stack.enter_context(chromium.new_context(**options))
            context.on("request", lambda request: requested.append(request.url))
            return Person(context, server, application)

        yield sit_down
    assert requested
    assert {urlsplit(url).hostname for url in requested} <= LOOPBACK


@pytest.fixture
def person(sit_down):
    return sit_down()

"""An app and a browser that know one mock by different names, as in containers.

To the app `mockidp` is this machine, as a service's name is in a container's network, and so are
names that end in `.test`. A browser knows what it is told, and nothing else.
"""

import contextlib
import os
import shutil
import socket
from urllib.parse import urlencode, urlsplit

import pytest
from authlib.integrations.flask_client import OAuth
from flask import Flask

CALLBACK = "http://localhost:3000/callback"
LEFT = "http://localhost:3000"
NAMES = ("mockidp", "idp.test")
CLIENT = {"clientId": "acme-web", "secret": "acme-web-secret"}


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """Let this process find the names, and trust nothing but what a test gives."""
    find = socket.getaddrinfo

    def getaddrinfo(host, *more, **named):
        return find("127.0.0.1" if host in NAMES else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


class _Mock:
    """A running `mockidp serve`."""

    def __init__(self, server, log):
        self.url = server.url
        self.port = urlsplit(server.url).port
        self.app_url = f"http://mockidp:{self.port}"
        self._log = log

    def log(self):
        return self._log.read_text()


@pytest.fixture
def mock(serving, tmp_path, monkeypatch):
    """Give a function that serves, with settings from the environment alone."""
    for name in [name for name in os.environ if name.startswith("MOCKIDP_")]:
        monkeypatch.delenv(name)
    with contextlib.ExitStack() as stack:

        def mock(**variables):
            for name, value in variables.items():
                monkeypatch.setenv(name, value)
            return _Mock(stack.enter_context(serving(tmp_path)), tmp_path / "log")

        yield mock


class _Authlib:
    """An app with Authlib's Flask client, which takes the issuer that discovery says."""

    def __init__(self, url):
        app = Flask("application")
        app.secret_key = "of the session"
        client = OAuth(app).register(
            "acme",
            client_id=CLIENT["clientId"],
            client_secret=CLIENT["secret"],
            server_metadata_url=f"{url}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
        )

        def finish():
            token = client.authorize_access_token()
            leave = client.logout_redirect(LEFT, token["id_token"])
            email = client.userinfo(token=token)["email"]
            return {"iss": token["userinfo"]["iss"], "email": email, "leave": leave.location}

        app.add_url_rule("/", view_func=lambda: client.authorize_redirect(CALLBACK))
        app.add_url_rule("/callback", view_func=finish)
        self._visitor = app.test_client()

    def begins(self):
        return self._visitor.get("/", base_url=LEFT).location

    def finishes(self, brought):
        answer = self._visitor.get("/callback", base_url=LEFT, query_string=brought)
        assert answer.status_code == 200, answer.text
        return answer.json


class _OpenidClient:
    """An app with openid-client 6, which refuses another issuer than the URL it discovers."""

    def __init__(self, node, url, ca_file):
        self._given = {
            "url": url, "names": NAMES, "callback": CALLBACK, "left": LEFT, **CLIENT,
        }  # fmt: skip
        self._run = lambda **more: node(
            "openid-client-login.mjs", self._given | more, ca_file=ca_file
        )

    def begins(self):
        begun = self._run()
        assert "value" in begun, begun
        self._given["checks"] = begun["value"]["checks"]
        return begun["value"]["url"]

    def finishes(self, brought):
        done = self._run(landed=f"{CALLBACK}?{urlencode(brought)}")
        assert "value" in done, done
        return done["value"]

    def refusal(self):
        return self._run()["refused"]


@pytest.fixture
def openid_client(node):
    """Give a function that makes an app with openid-client for the mock at a URL."""
    return lambda url, ca_file=None: _OpenidClient(node, url, ca_file)


@pytest.fixture
def authlib(monkeypatch):
    """Give a function that makes an app with Authlib for the mock at a URL."""

    def authlib(url, ca_file=None):
        if ca_file:
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca_file))
        return _Authlib(url)

    return authlib


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

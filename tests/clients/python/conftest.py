"""Python clients, and a user of the application built with one.

The application is at `http://localhost:3000`, the example tenant's callback. It is a Flask app that
the user's browser calls in the process, so that no port has to be free. The tenant is called over
real connections.
"""

import html
import io
import re
from types import SimpleNamespace
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter

APPLICATION = "http://localhost:3000"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """Use no proxy, and trust no CA unless a test adds one."""
    monkeypatch.setenv("NO_PROXY", "*")
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=["http", "https"])
def tenant(request, acme, monkeypatch):
    """Return the running tenant at one of its two origins. https is verified with the mock's CA."""
    if request.param == "https":
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", acme.ca_file)
    url = {"http": acme.url, "https": acme.tls_url}[request.param]
    return SimpleNamespace(
        url=url, issuer=f"{url}/", domain=urlsplit(url).netloc, protocol=request.param
    )


class _Application(BaseAdapter):
    """Answers a browser's requests with a Flask app."""

    def __init__(self, app):
        super().__init__()
        self._client = app.test_client()  # keeps the application's cookies

    def send(self, request, **_):
        answer = self._client.open(
            request.path_url,
            base_url=APPLICATION,
            method=request.method,
            data=request.body,
            content_type=request.headers.get("Content-Type"),
        )
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers.update(answer.headers)
        response.raw = io.BytesIO(answer.data)
        response.url, response.request, response.connection = request.url, request, self
        return response

    def close(self):
        pass


class BrowserUser:
    """A user at a browser, which follows redirects and keeps cookies."""

    def __init__(self, session):
        self.session = session

    def visit(self, path="/"):
        return self.session.get(urljoin(APPLICATION, path), timeout=10)

    def log_in(self, page, **filled_in):
        """Submit the login page, and follow the redirects."""
        return self._submit_login(page, **filled_in)

    def get_callback_parameters(self, page, **filled_in):
        """Log in, and stop before the callback. Return its parameters."""
        answer = self._submit_login(page, allow_redirects=False, **filled_in)
        while not answer.headers["Location"].startswith(APPLICATION):
            target = urljoin(answer.url, answer.headers["Location"])
            answer = self.session.get(target, timeout=10, allow_redirects=False)
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def _submit_login(
        self,
        page,
        *,
        username="alice@acme.example",
        password="Passw0rd!",
        action="default",
        allow_redirects=True,
    ):
        """Send the page's first form as a browser does."""
        assert urlsplit(page.url).path == "/u/login", page.text
        form = page.text.partition("<form")[2].partition("</form>")[0]
        hidden = re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', form)
        fields = {name: html.unescape(value) for name, value in hidden}
        fields |= {"username": username, "password": password, "action": action}
        target = urljoin(page.url, html.unescape(re.search(r'action="(.*?)"', form)[1]))
        return self.session.post(target, data=fields, timeout=10, allow_redirects=allow_redirects)


@pytest.fixture
def user_of():
    """Return a function that creates a user of a Flask app."""
    with requests.Session() as session:

        def user_of(app):
            session.mount(APPLICATION, _Application(app))
            return BrowserUser(session)

        yield user_of

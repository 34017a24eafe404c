"""Python's clients, and the person who uses the application that is built with one.

The application stands at `http://localhost:3000`, the example tenant's callback. It is a Flask
app that the person's browser reaches directly, so that no port has to be free; the tenant is
reached over real connections.
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
def environment_of_ones_own(monkeypatch):
    """Nothing between the client and the mock, and no trust but what a test gives."""
    monkeypatch.setenv("NO_PROXY", "*")
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=["http", "https"])
def tenant(request, acme, monkeypatch):
    """The running tenant at one of its two origins; https is verified with the mock's CA."""
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
        self._client = app.test_client()  # it keeps the application's cookies

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


class Person:
    """Someone at a browser: follows redirects, keeps cookies, fills in the login page."""

    def __init__(self, session):
        self.session = session

    def visits(self, path="/"):
        return self.session.get(urljoin(APPLICATION, path), timeout=10)

    def logs_in(self, page, **filled_in):
        """Submit the login page, and go where that leads."""
        return self._submits(page, **filled_in)

    def brings(self, page, **filled_in):
        """Log in, and stop short of the application; return what would be brought to it."""
        answer = self._submits(page, allow_redirects=False, **filled_in)
        while not answer.headers["Location"].startswith(APPLICATION):
            target = urljoin(answer.url, answer.headers["Location"])
            answer = self.session.get(target, timeout=10, allow_redirects=False)
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def _submits(
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
def person():
    """Give a function that sits a person down at a Flask app."""
    with requests.Session() as session:

        def person(app):
            session.mount(APPLICATION, _Application(app))
            return Person(session)

        yield person

"""Python clients, and a user of the application built with one.

The application is at `http://localhost:3000`, the example tenant's callback. It is a WSGI app that
the user's browser calls in the process, so that no port has to be free. The tenant is called over
real connections.
"""

import html
import io
import re
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter
from werkzeug.test import Client

from mockidp.cli.serving.example import example_file
from mockidp.idp import MockIdP

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


@pytest.fixture(scope="session")
def example():
    """Serve the example tenant from this process, on http and https."""
    with MockIdP(example_file("acme"), tls=True) as idp:
        yield idp


@pytest.fixture
def idp(example):
    """Return the example tenant with its test methods. It is reset after each test."""
    yield example
    example.reset()


@pytest.fixture
def trusted_ca(idp, monkeypatch):
    """Let httpx and requests trust the mock's CA."""
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, idp.ca_file)


@pytest.fixture(params=["http", "https"])
def url(request, idp, trusted_ca):
    """Return the URL of the tenant `idp` at one of its two origins."""
    return {"http": idp.url, "https": idp.tls_url}[request.param]


@pytest.fixture
def patch_tenant(idp):
    """Return a function that changes parts of the tenant's document until the end of the test."""

    def patch_tenant(**sections):
        url = f"{idp.url}/_mockidp/v1/tenant"
        requests.patch(url, json=sections, timeout=10).raise_for_status()

    return patch_tenant


class _Application(BaseAdapter):
    """Answers a browser's requests with a WSGI app."""

    def __init__(self, app):
        super().__init__()
        self._client = Client(app)  # keeps the application's cookies

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
        answer = self._follow(self._submit_login(page, allow_redirects=False, **filled_in))
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def get_callback(self, url, **filled_in):
        """Open an authorization URL, and log in if a page asks. Return the callback's URL."""
        answer = self._follow(self.session.get(url, timeout=10, allow_redirects=False))
        if not answer.is_redirect:
            answer = self._follow(self._submit_login(answer, allow_redirects=False, **filled_in))
        return answer.headers["Location"]

    def _follow(self, answer):
        """Follow redirects up to the callback."""
        while answer.is_redirect and not answer.headers["Location"].startswith(APPLICATION):
            target = urljoin(answer.url, answer.headers["Location"])
            answer = self.session.get(target, timeout=10, allow_redirects=False)
        return answer

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
def browser():
    """Return a user at a browser, for clients that need no web application."""
    with requests.Session() as session:
        yield BrowserUser(session)


@pytest.fixture
def user_of(browser):
    """Return a function that creates a user of a WSGI app."""

    def user_of(app):
        browser.session.mount(APPLICATION, _Application(app))
        return browser

    return user_of


@pytest.fixture
def run_application(idp, trusted_ca, browser):
    """Return a function that runs a scenario of an application with auth0-server-python."""
    from .server_application import Application

    return lambda scenario, **options: Application(idp.tls_url, browser, **options).run(scenario)


@pytest.fixture
def end_session(idp):
    """Return a function that ends alice's sessions. It returns the logout token of the web app.

    The tests pass the token on, because their applications are called in this process.
    """
    logout = {
        "backchannel_logout_urls": ["http://localhost:3000/backchannel-logout"],
        "backchannel_logout_initiators": {"mode": "all"},
    }
    idp.patch_client("acme-web", oidc_logout=logout)
    idp.fault("backchannel_logout", drop=True)

    def end_session(**flaw):
        with idp.fault("logout_token", **flaw) if flaw else nullcontext():
            idp.end_sessions("alice")
        return idp.logout_tokens(client="acme-web")[-1].token

    return end_session


@pytest.fixture(scope="session")
def django_is_configured(example):
    """Configure Django once in this process."""
    from .django_project import configure

    configure(example.url, {"client_id": "acme-web", "secret": "acme-web-secret"})


@pytest.fixture
def django_project(django_is_configured):
    """Return a context manager that gives the Django project as a WSGI app, with settings.

    Its attribute `exceptions` has what the clients raised.
    """
    from django.contrib.auth import get_user_model
    from django.core.wsgi import get_wsgi_application
    from django.test import override_settings

    from .django_views import exceptions

    @contextmanager
    def django_project(**settings):
        with override_settings(**settings):
            yield get_wsgi_application()

    django_project.exceptions = exceptions
    yield django_project
    get_user_model().objects.all().delete()
    exceptions.clear()

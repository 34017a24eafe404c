"""The shop on a port, a browser, and mockidp on a port or intercepted.

With the ini option `idp_url`, a running mockidp is used instead, with one tenant for each worker.
With SAMPLE_APP_BUGS, names from shop.bugs, each test runs once for each of them.
"""

import os
import threading
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from shop import create_app
from werkzeug.serving import make_server

import mockidp

DOMAIN = "shop.eu.auth0.com"
API = "https://api.shop.example/"
BUGS = os.environ.get("SAMPLE_APP_BUGS", "").split()


@pytest.fixture(scope="session")
def shop_server():
    """A server whose app each test sets."""
    server = make_server("localhost", 0, app=None, threaded=True)
    server.url = f"http://localhost:{server.port}"
    serving = threading.Thread(target=server.serve_forever, args=[0.02])
    serving.start()
    yield server
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture(scope="session")
def idp_tenant(shop_server):
    return {
        "tenant": {"friendly_name": "Shop"},
        "clients": [
            {
                "client_id": "shop",
                "client_secret": "shop-secret",
                "app_type": "regular_web",
                "token_endpoint_auth_method": "client_secret_post",
                "callbacks": [f"{shop_server.url}/callback"],
                "allowed_logout_urls": [f"{shop_server.url}/"],
                "grant_types": ["authorization_code", "refresh_token"],
                "refresh_token": {"rotation_type": "rotating", "expiration_type": "expiring"},
            },
        ],
        "resourceServers": [
            {
                "identifier": API,
                "scopes": [{"value": "read:orders"}],
                "allow_offline_access": True,
            },
        ],
        "users": [
            {"user_id": "auth0|alice", "email": "alice@shop.example", "name": "Alice"},
            {"user_id": "auth0|sam", "email": "sam@shop.example", "name": "Sam from Support"},
        ],
    }


def pytest_generate_tests(metafunc):
    if "idp_mode" in metafunc.fixturenames:
        is_remote = metafunc.config.getini("idp_url")
        modes = ["remote"] if is_remote else ["live", "intercepted"]
        metafunc.parametrize("idp_mode", modes, indirect=True)
    if BUGS:
        metafunc.parametrize("bug", BUGS, indirect=True)


@pytest.fixture
def idp_mode(request):
    return request.param


@pytest.fixture
def idp(idp_mode, idp):
    """The identity provider: on a port, remote, or intercepted at its real domain."""
    if idp_mode != "intercepted":
        yield idp
    else:
        with mockidp.intercept(DOMAIN, idp=idp) as intercepted:
            yield intercepted


@pytest.fixture
def bug(request):
    """The bug of the shop, if it has one."""
    return getattr(request, "param", None)


@pytest.fixture(autouse=True)
def shop(idp, shop_server, bug, monkeypatch):
    """The URL of the shop."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the live mode uses http
    shop_server.app = create_app(
        {
            "ISSUER": idp.issuer,
            "CLIENT_ID": "shop",
            "CLIENT_SECRET": "shop-secret",
            "AUDIENCE": API,
            "SECRET_KEY": "secret of the session cookie",
            "SUPPORT": {"auth0|sam"},
        },
        bug=bug,
    )
    return shop_server.url


class Browser(requests.Session):
    """A browser that only visits the shop and the identity provider."""

    def __init__(self, shop, idp):
        super().__init__()
        self._shop, self._idp = shop, idp

    def visit(self, target):
        """Open a path of the shop, or a link."""
        return self.get(urljoin(self._shop, target), timeout=10)

    def log_in(self, user):
        """Log in at the shop as a user, without a login page."""
        self._idp.sign_in_as(user)
        return self.visit("/login")

    def get_redirect_target(self, answer):
        """Return None for a redirect to another host, so that it is not followed."""
        target = super().get_redirect_target(answer)
        known = {urlsplit(self._shop).netloc, urlsplit(self._idp.url).netloc}
        is_known = target and urlsplit(urljoin(answer.url, target)).netloc in known
        return target if is_known else None


@pytest.fixture
def browser(shop, idp):
    with Browser(shop, idp) as browser:
        yield browser


@pytest.fixture
def call_api(shop):
    """Return a function that calls the shop's API with a token."""

    def call_api(token):
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{shop}/api/orders", headers=headers, timeout=10)

    return call_api

"""The shop behind a real port, a browser in front of it, and mockidp live or intercepted.

With the ini option `idp_url` it is mockidp elsewhere instead, a tenant for each worker.
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


@pytest.fixture(scope="session")
def shop_server():
    """A server for one app after the other."""
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
            {"user_id": "auth0|sam", "email": "sam@shop.example", "name": "Sam of the support"},
        ],
    }


def pytest_generate_tests(metafunc):
    if "idp_mode" in metafunc.fixturenames:
        is_elsewhere = metafunc.config.getini("idp_url")
        modes = ["elsewhere"] if is_elsewhere else ["live", "intercepted"]
        metafunc.parametrize("idp_mode", modes, indirect=True)


@pytest.fixture
def idp_mode(request):
    return request.param


@pytest.fixture
def idp(idp_mode, idp):
    """The identity provider: a server on a port of its own, or elsewhere, or at its real domain."""
    if idp_mode != "intercepted":
        yield idp
    else:
        with mockidp.intercept(DOMAIN, idp=idp) as intercepted:
            yield intercepted


@pytest.fixture(autouse=True)
def shop(idp, shop_server, monkeypatch):
    """The shop's URL."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the live one speaks http
    shop_server.app = create_app(
        {
            "ISSUER": idp.issuer,
            "CLIENT_ID": "shop",
            "CLIENT_SECRET": "shop-secret",
            "AUDIENCE": API,
            "SECRET_KEY": "for the session's cookie",
            "SUPPORT": {"auth0|sam"},
        },
        bug=os.environ.get("SAMPLE_APP_BUG"),
    )
    return shop_server.url


class Browser(requests.Session):
    """A browser that goes to the shop and to the identity provider, and nowhere else."""

    def __init__(self, shop, idp):
        super().__init__()
        self._shop, self._idp = shop, idp

    def visit(self, where):
        """Open a path of the shop, or a link."""
        return self.get(urljoin(self._shop, where), timeout=10)

    def log_in(self, user):
        """Log in at the shop; the identity provider lets this user in without a page."""
        self._idp.sign_in_as(user)
        return self.visit("/login")

    def get_redirect_target(self, answer):
        """Stay where a redirect leads away."""
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
    """Give a function that calls the shop's API with a token."""

    def call_api(token):
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{shop}/api/orders", headers=headers, timeout=10)

    return call_api

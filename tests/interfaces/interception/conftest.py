"""Fixtures: an intercepted domain, a server that is not intercepted, and small clients."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest
import requests

from mockidp import intercept

DOMAIN = "acme.eu.auth0.com"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"other")

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def other_url():
    """Return the URL of a server that is not intercepted."""
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def idp():
    with intercept(DOMAIN) as idp:
        yield idp


@pytest.fixture
def get_jwks():
    """Return a function that requests a host's JWKS and returns the status."""

    def get_jwks(host=DOMAIN, scheme="https"):
        return requests.get(f"{scheme}://{host}/.well-known/jwks.json", timeout=5).status_code

    return get_jwks


@pytest.fixture
def issuer_of():
    """Return a function that requests and returns a host's issuer."""

    def issuer_of(host, scheme="https"):
        url = f"{scheme}://{host}/.well-known/openid-configuration"
        return requests.get(url, timeout=5).json()["issuer"]

    return issuer_of


@pytest.fixture(autouse=True)
def requests_is_restored():
    """Check that every test leaves the library requests unpatched."""
    session, adapter = requests.Session.get_adapter, requests.adapters.HTTPAdapter.send
    yield
    assert requests.Session.get_adapter is session
    assert requests.adapters.HTTPAdapter.send is adapter


@pytest.fixture
def delivery(idp):
    """Return the delivery options of all responses, as if a fault had set them."""
    options, app = SimpleNamespace(drop=False, truncate=None, drip=0.0), idp.app

    def app_with_options(environ, start_response):
        for name, value in vars(options).items():
            setattr(environ["mockidp.delivery"], name, value)
        return app(environ, start_response)

    idp.app = app_with_options
    return options

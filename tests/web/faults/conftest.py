"""A tenant whose server supports delivery faults, and one request for each endpoint."""

from types import SimpleNamespace

import pytest
from werkzeug.test import Client as WsgiClient

from helpers.acme import ACME, API, CALLBACK
from helpers.methods import impersonation_link
from helpers.tenant_client import TenantClient, bearer
from mockidp.tenant.config.fault import parse_fault


class FaultyTenant(TenantClient):
    """A tenant with faults, behind a server that can end a connection."""

    def __init__(self, document=ACME, **options):
        super().__init__(document, **options)
        self.delivery = SimpleNamespace(drop=False, truncate=None, drip=0.0)

    def fault(self, endpoint, *, predicate=None, **words):
        """Add a fault."""
        return self.tenant.faults.add(parse_fault({"endpoint": endpoint, **words}), predicate)

    def request(self, method, path, **options):
        """Send a request. Keep the delivery that faults request from the server."""
        self.delivery = SimpleNamespace(drop=False, truncate=None, drip=0.0)
        overrides = {"mockidp.delivery": self.delivery}
        return super().request(method, path, environ_overrides=overrides, **options)

    def link(self, **fields):
        """Return the path of an impersonation link."""
        fields = {"user": "alice", "impersonator": "bob", "client": "web", "state": "s"} | fields
        url = impersonation_link(self.tenant, self.url, **fields)
        return url.removeprefix(self.url)

    def begin_login(self, **parameters):
        """Begin a login without cookies. Return the URL of its page."""
        self.browser = WsgiClient(self.app)
        return self.authorize(**parameters).location


def _login(idp):
    return idp.get(idp.begin_login())


def _logged_in(idp, **parameters):
    form = {"username": "alice@acme.example", "password": "Passw0rd!", "action": "default"}
    return idp.get(idp.submit(idp.begin_login(**parameters), **form).location)


def _consent(idp):
    return idp.get(_logged_in(idp, client_id="third-party").location)


def _resume(idp):
    return _logged_in(idp)


def _organization(idp):
    state = idp.authorize().location.partition("state=")[2]
    return idp.submit(f"/u/organization/selection?state={state}", organizationName="none")


def _userinfo(idp):
    tokens = idp.tokens()
    return idp.userinfo(tokens["access_token"])


def _impersonate(idp):
    form = {"client_id": "global", "client_secret": "global-secret"}
    token = idp.token(grant_type="client_credentials", **form).json["access_token"]
    body = {
        "protocol": "oauth2",
        "impersonator_id": "auth0|bob",
        "client_id": "web",
        "additionalParameters": {"state": "s", "callback_url": CALLBACK},
    }
    return idp.post("/users/auth0%7Calice/impersonate", json_body=body, headers=bearer(token))


ACTS = {
    "authorize": (lambda idp: idp.authorize(), 302),
    "login": (_login, 200),
    "organization": (_organization, 400),
    "consent": (_consent, 200),
    "resume": (_resume, 302),
    "token": (lambda idp: idp.machine_token(audience=API), 200),
    "revoke": (
        lambda idp: idp.post(
            "/oauth/revoke", client_id="web", client_secret="web-secret", token="none"
        ),
        200,
    ),
    "userinfo": (_userinfo, 200),
    "discovery": (lambda idp: idp.get("/.well-known/openid-configuration"), 200),
    "jwks": (lambda idp: idp.get("/.well-known/jwks.json"), 200),
    "logout": (lambda idp: idp.get("/v2/logout"), 302),
    "impersonate": (_impersonate, 200),
    "impersonation_link": (lambda idp: idp.get(idp.link()), 302),
    "unmatched": (lambda idp: idp.get("/no/such/path"), 404),
}
"""For each endpoint: a request, and the status of the answer."""


@pytest.fixture
def idp():
    return FaultyTenant()


@pytest.fixture
def make_idp():
    """Return a tenant of another document."""
    return FaultyTenant


@pytest.fixture(params=ACTS)
def place(request):
    """Return an endpoint, a request to it, and the status of the answer."""
    act, status = ACTS[request.param]
    return SimpleNamespace(endpoint=request.param, act=act, status=status)

"""A tenant whose control API is called like the command line does."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from werkzeug.test import Client as WsgiClient

from mockidp.resources.client import Client
from mockidp.resources.client_tokens import JwtConfiguration, RefreshTokenPolicy
from mockidp.resources.resource_server import ApiScope, ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.clock import Clock
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.settings import ImpersonationSettings, Settings
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

ORIGIN = "http://localhost:9400"
CALLBACK = "http://localhost:3000/callback"
START = 1_700_000_003  # 2023-11-14 22:13:23 UTC

DOCUMENT = TenantDocument(
    clients=(
        Client(client_id="jobs", client_secret="jobs-secret"),
        Client(
            client_id="web",
            client_secret="web-secret",
            callbacks=(CALLBACK,),
            refresh_token=RefreshTokenPolicy(rotation_type="rotating"),
        ),
        Client(
            client_id="old",
            client_secret="a secret of thirty-two characters",
            callbacks=(CALLBACK,),
            jwt_configuration=JwtConfiguration(alg="HS256"),
        ),
        Client(client_id="global", client_secret="global-secret", is_global=True),
    ),
    resource_servers=(
        ResourceServer(
            identifier="https://api.acme.example/",
            scopes=(ApiScope(value="read:items"), ApiScope(value="write:items")),
        ),
        ResourceServer(
            identifier="https://hs.acme.example/",
            signing_alg="HS256",
            signing_secret="another secret of many characters",
        ),
    ),
    users=(
        User(user_id="auth0|alice", email="alice@acme.example", username="ally"),
        User(user_id="auth0|bob", email="bob@acme.example"),
        User(user_id="auth0|admin", email="admin@acme.example"),
    ),
)


@dataclass
class Control:
    """The control API of one tenant."""

    tenant: Tenant
    app: Any

    def send(self, method, path, **kwargs):
        kwargs.setdefault("base_url", ORIGIN)
        return WsgiClient(self.app).open(path, method=method, **kwargs)

    def call(self, what, **body):
        return self.send("POST", f"/_mockidp/v1/{what}", json=body)

    def link(self, **body):
        answer = self.call("impersonation-links", **({"user": "alice", "state": "S"} | body))
        assert answer.status_code == 200, answer.text
        return answer.json["url"]

    def open(self, url):
        target = url.removeprefix(ORIGIN)
        raw = {"REQUEST_URI": target, "RAW_URI": target}
        return self.send("GET", target, environ_overrides=raw)

    def explain(self, thing):
        answer = self.call("explain", thing=thing)
        assert answer.status_code == 200, answer.text
        return answer.json


@pytest.fixture(scope="module")
def make_control():
    def make(document=DOCUMENT, **switches):
        clock = Clock()
        clock.freeze(START)
        settings = Settings(impersonation=ImpersonationSettings(**switches))
        tenant = Tenant(replace(document, mockidp=settings), clock=clock)
        return Control(tenant=tenant, app=create_app(tenant))

    return make


@pytest.fixture
def control(make_control):
    return make_control()


@pytest.fixture(scope="module")
def openapi(make_control):
    """Return the OpenAPI document, which is the same for all tenants."""
    answer = make_control().send("GET", "/_mockidp/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json

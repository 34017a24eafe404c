"""A tenant with a global client, and an HTTP client that sends targets unchanged."""

import base64
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.test import Client as WsgiClient

from helpers.tenants import app_of, new_tenant
from mockidp.flows.impersonation.check import Opening
from mockidp.flows.impersonation.explain import explain_link
from mockidp.resources.client import Client
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.connection import Connection
from mockidp.resources.resource_server import ApiScope, ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.settings import ImpersonationSettings, Settings
from mockidp.tenant.content.tenant_settings import TenantSettings
from mockidp.tenant.tenant import Tenant

ORIGIN = "http://localhost:9400"
CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
START = 1_700_000_003  # 22:13:23 UTC

DOCUMENT = TenantDocument(
    tenant=TenantSettings(friendly_name="Acme"),
    clients=(
        Client(client_id="web", name="Web", client_secret="web-secret", callbacks=(CALLBACK,)),
        Client(client_id="bare", name="Bare", client_secret="bare-secret"),
        Client(
            client_id="jobs",
            name="Jobs",
            client_secret="jobs-secret",
            grant_types=("client_credentials",),
        ),
        Client(
            client_id="global",
            name="Global",
            client_secret="global-secret",
            is_global=True,
            grant_types=("client_credentials",),
        ),
    ),
    resource_servers=(
        ResourceServer(
            identifier=API, scopes=(ApiScope(value="read:items"),), allow_offline_access=True
        ),
    ),
    client_grants=(
        ClientGrant(client_id="jobs", audience="https://acme/api/v2/", allow_all_scopes=True),
    ),
    databases=(
        Connection(name="Username-Password-Authentication"),
        Connection(name="Partners", enabled_clients=("bare",)),
    ),
    users=(
        User(user_id="auth0|alice", email="alice@acme.example", password="Passw0rd!"),
        User(user_id="auth0|admin", email="admin@acme.example"),
        User(user_id="auth0|Zoë K/ö", email="zoe@acme.example"),
        User(user_id="auth0|partner", email="p@partner.example", connection="Partners"),
    ),
)


@dataclass
class HttpClient:
    """An HTTP client for a tenant, over WSGI."""

    tenant: Tenant
    app: object
    token: str = ""

    def send(self, method, url, **kwargs):
        """Send a request whose target reaches the app unchanged."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        target = url[len(origin) :]
        raw = {"REQUEST_URI": target, "RAW_URI": target, "HTTP_HOST": parts.netloc}
        client = WsgiClient(self.app)
        base_url = f"{parts.scheme}://localhost"
        return client.open(
            target, base_url=base_url, method=method, environ_overrides=raw, **kwargs
        )

    def v1_token(self, origin=ORIGIN):
        body = {
            "client_id": "global",
            "client_secret": "global-secret",
            "grant_type": "client_credentials",
        }
        return self.send("POST", f"{origin}/oauth/token", json=body).json["access_token"]

    def request_link(self, *, user="auth0%7Calice", origin=ORIGIN, token=None, json=None, **more):
        """Request a link; `more` are the additionalParameters."""
        body = {
            "protocol": "oauth2",
            "impersonator_id": "auth0|admin",
            "client_id": "web",
            "additionalParameters": {"response_type": "code", "state": "S", **more},
            **(json or {}),
        }
        headers = {"Authorization": f"Bearer {token or self.token}"}
        url = f"{origin}/users/{user}/impersonate"
        return self.send("POST", url, json=body, headers=headers)

    def link(self, **kwargs):
        answer = self.request_link(**kwargs)
        assert answer.status_code == 200, answer.text
        return answer.text

    def get(self, url, **kwargs):
        return self.send("GET", url, **kwargs)

    def redeem(self, code, **more):
        body = {
            "grant_type": "authorization_code",
            "client_id": "web",
            "client_secret": "web-secret",
            "redirect_uri": CALLBACK,
            "code": code,
            **more,
        }
        return self.send("POST", f"{ORIGIN}/oauth/token", json=body)

    def userinfo(self, token):
        return self.get(f"{ORIGIN}/userinfo", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture(scope="module")
def make_client():
    """Return a function that makes a tenant with impersonation settings, and a client for it."""

    def make(*, default_audience=None, document=DOCUMENT, **impersonation):
        settings = Settings(impersonation=ImpersonationSettings(**impersonation))
        tenant_settings = replace(document.tenant, default_audience=default_audience)
        document = replace(document, tenant=tenant_settings, mockidp=settings)
        tenant = new_tenant(document, frozen_at=START)
        http = HttpClient(tenant=tenant, app=app_of(tenant))
        http.token = http.v1_token() if tenant.directory.global_client else ""
        return http

    return make


@pytest.fixture
def serve(make_client):
    return make_client


@pytest.fixture
def http(serve):
    return serve()


@pytest.fixture
def document():
    return DOCUMENT


@pytest.fixture(scope="module")
def callback_of():
    """Return a function that splits a Location into the callback and its parameters."""

    def split(answer):
        assert answer.status_code == 302, (answer.text, answer.headers.get("Mockidp-Hint"))
        parts = urlsplit(answer.headers["Location"])
        values = dict(parse_qsl(parts.query or parts.fragment, keep_blank_values=True))
        return parts._replace(query="", fragment="").geturl(), values

    return split


@pytest.fixture
def causes():
    """Return a function that lists the causes for which a URL does not open."""

    def names(http, url, headers=None):
        origin = "/".join(url.split("/")[:3])
        opening = Opening(
            method="GET",
            origin=origin,
            target=url[len(origin) :],
            has_authorization=bool(headers),
        )
        return [cause.name for cause in explain_link(http.tenant, opening).outcome.causes]

    return names


@pytest.fixture
def refuse(http, callback_of, causes):
    """Return a function that opens a changed link, checks the response, and returns causes and hint."""

    def opened(alter, *, words="Bad mac", status=401, **kwargs):
        link = http.link()
        altered = alter(link)
        answer = http.get(altered, **kwargs)
        assert answer.status_code == status
        assert answer.json == {
            "error": "access_denied",
            "error_description": f"Impersonation - {words}",
        }
        assert "no-store" in answer.headers["Cache-Control"]
        named = causes(http, altered, **kwargs)
        callback_of(http.get(link))
        return named, answer.headers["Mockidp-Hint"]

    return opened


@pytest.fixture
def parts_of():
    """Return a function that decodes the bewit of a link."""

    def parts(link):
        text = link.rpartition("=")[2]
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("latin-1")
        return dict(zip(("id", "exp", "mac", "ext"), plain.split("\\"), strict=True))

    return parts


@pytest.fixture
def rewrite(parts_of):
    """Return a function that makes a function that changes parts of a bewit."""

    def make(change):
        def alter(link):
            joined = "\\".join((parts_of(link) | change(parts_of(link))).values())
            text = base64.urlsafe_b64encode(joined.encode("latin-1")).decode().rstrip("=")
            return f"{link.rpartition('=')[0]}={text}"

        return alter

    return make

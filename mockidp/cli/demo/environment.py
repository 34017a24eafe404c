"""The servers of the demo: a tenant and an API, each on a free port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mockidp.cli.calls.caller import CallResult, RequestSender
from mockidp.cli.demo.api import Api
from mockidp.cli.serving.example import example_file
from mockidp.frozen import frozen, replace
from mockidp.server import Server, parse_address
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.content.overrides import settings_from
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

AUDIENCE = "https://api.acme.example/"


@frozen
class Environment:
    """The URLs of both servers, and the tenant, whose clock the demo advances."""

    url: str
    api_url: str
    tenant: Tenant


@contextmanager
def start_environment(settings: Mapping[str, str]) -> Iterator[Environment]:
    """Serve the example tenant with changed settings, and an API that trusts it."""
    document = load_tenant(example_file("acme"))
    changed = settings_from(document.mockidp, settings)
    tenant = Tenant(replace(document, mockidp=changed))
    with Server(create_app(tenant), listen=[parse_address("127.0.0.1:0")]) as server:
        # Links are opened at this server, whatever the issuer is.
        tenant.change(replace(document, mockidp=replace(changed, browser_url=server.url)))
        api = Api(
            issuer=tenant.issuer(server.url),
            audience=AUDIENCE,
            fetch_keys=lambda: send(f"{server.url}/.well-known/jwks.json").body,
        )
        with Server(api, listen=[parse_address("127.0.0.1:0")]) as api_server:
            yield Environment(url=server.url, api_url=api_server.url, tenant=tenant)


def send(
    url: str, *, method: str = "GET", body: Mapping[str, Any] | None = None, bearer: str = ""
) -> CallResult:
    """Send a request.

    An invalid URL, which a failed earlier step may return, gives a result that no step expects.
    """
    if not url.startswith("http://"):
        return CallResult(status=0, body=f"no URL: {url}")
    return RequestSender().send(url, method, body=body, bearer=bearer)

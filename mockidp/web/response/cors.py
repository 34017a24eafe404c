"""Which other origins may read a response.

Spec: Fetch Standard, "CORS protocol".
Auth0: `/userinfo` and the documents are open to all; `/oauth/token` and `/oauth/revoke` to the
origins that the clients list, including those of their callbacks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from werkzeug import Response

from mockidp.protocol.urls.origin import is_loopback_url
from mockidp.protocol.urls.rules import matches_origin
from mockidp.resources.client import Client
from mockidp.tenant.client_urls import resolve_urls
from mockidp.tenant.tenant import Tenant

Open = Literal["any", "listed"]
Cors = Literal["none"] | Open
ALLOWED_HEADERS = (
    "auth0-client", "authorization", "content-type", "dpop", "x-request-language",
)  # fmt: skip
_EXPOSED = "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
EXPOSED_WITH_LOCATION = f"Location, {_EXPOSED}"
_OPEN_TO_ALL = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Credentials", "false"),
    ("Access-Control-Expose-Headers", _EXPOSED),
)


def is_allowed_origin(tenant: Tenant, base_url: str, origin: str) -> bool:
    """Return whether a client of the tenant lists an origin. A lenient tenant allows loopback."""
    if tenant.settings.accept_any_client and is_loopback_url(origin):
        return True
    domain = tenant.urls.custom_domain(base_url)
    clients: Iterable[Client] = tenant.directory.clients.values()
    if domain is not None:
        clients = (resolve_urls(one, base_url, domain) for one in clients)
    return any(
        matches_origin(origin, (*client.web_origins, *client.allowed_origins, *client.callbacks))
        for client in clients
    )


def cors_headers(
    tenant: Tenant, base_url: str, cors: Open, origin: str | None
) -> tuple[tuple[str, str], ...]:
    """Return the headers that let a browser show the response to a page of another origin."""
    if cors == "any":
        return _OPEN_TO_ALL
    vary = ("Vary", "Accept-Encoding, Origin")
    if not origin or not is_allowed_origin(tenant, base_url, origin):
        return (vary,)
    return (
        vary,
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Expose-Headers", _EXPOSED),
    )


def preflight(methods: tuple[str, ...]) -> Response:
    """Answer an OPTIONS request. The headers for the origin are added as to any response."""
    return Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Allow-Headers": ", ".join(ALLOWED_HEADERS),
            "Access-Control-Max-Age": "600",
        },
    )

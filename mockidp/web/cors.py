"""Which other origins may read a response.

Spec: Fetch Standard, "CORS protocol".
Auth0: `/userinfo` and the documents are open to all; `/oauth/token` and `/oauth/revoke` to the
origins that the clients list, including those of their callbacks.
"""

from __future__ import annotations

from typing import Literal

from werkzeug import Response

from mockidp.protocol.origin import is_loopback_url
from mockidp.protocol.url_rules import matches_origin
from mockidp.tenant.tenant import Tenant

Open = Literal["any", "listed"]
Cors = Literal["none"] | Open
ALLOWED_HEADERS = (
    "auth0-client", "authorization", "content-type", "dpop", "x-request-language",
)  # fmt: skip
_EXPOSED = "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
_OPEN_TO_ALL = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Credentials", "false"),
    ("Access-Control-Expose-Headers", _EXPOSED),
)


def is_allowed_origin(tenant: Tenant, origin: str) -> bool:
    """Return whether a client of the tenant lists an origin. A lenient tenant allows loopback."""
    if tenant.settings.accept_any_client and is_loopback_url(origin):
        return True
    return any(
        matches_origin(origin, (*client.web_origins, *client.allowed_origins, *client.callbacks))
        for client in tenant.directory.clients.values()
    )


def cors_headers(tenant: Tenant, cors: Open, origin: str | None) -> tuple[tuple[str, str], ...]:
    """Return the headers that let a browser show the response to a page of another origin."""
    if cors == "any":
        return _OPEN_TO_ALL
    vary = ("Vary", "Accept-Encoding, Origin")
    if not origin or not is_allowed_origin(tenant, origin):
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

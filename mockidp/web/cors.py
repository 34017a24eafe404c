"""Which other origins may read an answer.

Spec: Fetch Standard, "CORS protocol".
Auth0: `/userinfo` and the documents are open to all; `/oauth/token` and `/oauth/revoke` to the
origins that the clients list, their callbacks' among them.
"""

from __future__ import annotations

from typing import Literal

from werkzeug import Response

from mockidp.protocol.origin import is_loopback_url
from mockidp.protocol.url_rules import matches_origin
from mockidp.tenant.tenant import Tenant

Open = Literal["any", "listed"]
Cors = Literal["none"] | Open
ALLOWED_HEADERS = ("auth0-client", "authorization", "content-type", "dpop")
_EXPOSED = "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"


def is_allowed_origin(tenant: Tenant, origin: str) -> bool:
    """Return whether any client of the tenant lists an origin; a lenient tenant takes loopback."""
    if tenant.settings.accept_any_client and is_loopback_url(origin):
        return True
    return any(
        matches_origin(origin, (*client.web_origins, *client.allowed_origins, *client.callbacks))
        for client in tenant.directory.clients.values()
    )


def add_cors_headers(response: Response, tenant: Tenant, cors: Open, origin: str | None) -> None:
    """Add what lets a browser hand the answer to a page of another origin."""
    if cors == "any":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Credentials"] = "false"
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    else:
        response.headers["Vary"] = "Accept-Encoding, Origin"
        if origin and is_allowed_origin(tenant, origin):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.headers["Access-Control-Expose-Headers"] = _EXPOSED


def preflight(methods: tuple[str, ...]) -> Response:
    """Answer an OPTIONS request; the origin's own headers are added as to any answer."""
    return Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Allow-Headers": ", ".join(ALLOWED_HEADERS),
            "Access-Control-Max-Age": "600",
        },
    )

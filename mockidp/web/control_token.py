"""The bearer token of the control API. Without one, everybody who can reach the mock controls it.

Spec: RFC 6750.
"""

from __future__ import annotations

import hmac

from mockidp.web.request.exchange import Exchange
from mockidp.web.tenants.router import CONTROL_TOKEN_KEY


def has_control_token(exchange: Exchange) -> bool:
    """Return whether a request has the control token. True if none is required."""
    token = exchange.environ.get(CONTROL_TOKEN_KEY)
    if not token:
        return True
    scheme, _, given = (exchange.authorization or "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(
        given.strip().encode(errors="replace"), token.encode()
    )

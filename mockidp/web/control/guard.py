"""What keeps a page elsewhere from steering the mock: JSON only, and no other origin.

A browser sends JSON across origins only after a preflight, which is never answered here; the
Host allow-list has kept rebound names out before. Beyond loopback a bearer token is demanded,
where one is set.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.protocol.origin import origin_of
from mockidp.protocol.parameters import parse_json
from mockidp.protocol.problem import Problem
from mockidp.web.exchange import Exchange
from mockidp.web.tenants import CONTROL_TOKEN_KEY

LARGEST_BODY = 10_000_000
"""As large as a tenant file."""


def check_caller(exchange: Exchange, *, changes: bool) -> None:
    """Check who calls.

    Raises:
        Problem: 403 for a page of another origin, 401 for a missing or wrong bearer token.
    """
    origin = exchange.request.headers.get("Origin")
    if changes and origin is not None and origin != origin_of(exchange.base_url):
        raise Problem(403, f"a page of {origin} may not steer this mock")
    token = exchange.request.environ.get(CONTROL_TOKEN_KEY)
    if token and not _has_token(exchange, token):
        raise Problem(
            401, "this mock is steered with a bearer token only: the one of MOCKIDP_CONTROL_TOKEN"
        )


def read_json(exchange: Exchange, *, may_be_empty: bool = False) -> Mapping[str, Any]:
    """Return the JSON object in a call's body.

    Raises:
        Problem: 415 for another content type, 400 for what is no JSON object.
    """
    if exchange.request.mimetype != "application/json":
        kind = exchange.request.mimetype or "none"
        raise Problem(415, f"the content type is {kind}; application/json is expected")
    exchange.request.max_content_length = LARGEST_BODY
    data = exchange.request.get_data(cache=True)
    if not data and may_be_empty:
        return {}
    try:
        return parse_json(data).raw()
    except InvalidRequest as error:
        raise Problem(400, f"{error.description}: {error.hint}") from None


def _has_token(exchange: Exchange, token: str) -> bool:
    scheme, _, given = (exchange.authorization or "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(
        given.strip().encode(errors="replace"), token.encode()
    )

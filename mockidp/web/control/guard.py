"""What keeps a page elsewhere from steering the mock: JSON only, and no other origin.

A browser sends JSON across origins only after a preflight, which is never answered here; the
Host allow-list has kept rebound names out before. No answer has CORS headers, and a page elsewhere
cannot even let one be made: a wait for the journal, or what a script's timing would tell. A person
may follow a link to what is read. If a control token is set, every call has to send it.

Spec: RFC 6454; RFC 6750; W3C Fetch Metadata 2.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from typing import Any

from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.protocol.origin import origin_of
from mockidp.protocol.parameters import parse_json
from mockidp.protocol.problem import Problem
from mockidp.web.exchange import Exchange
from mockidp.web.tenant_router import CONTROL_TOKEN_KEY

MAX_BODY = 10_000_000
"""As large as a tenant file."""
MAX_STATE = 64 * 1024 * 1024
"""As large as what a tenant exports that is full, and more."""
MAX_BODY_DEPTH = 64
"""How deep lists and mappings may be nested."""
_ELSEWHERE = ("cross-site", "same-site")
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="mockidp control"'}


def check_caller(exchange: Exchange, *, changes: bool) -> None:
    """Check who calls.

    Raises:
        Problem: 403 for a page of another origin, 401 for a missing or wrong bearer token.
    """
    check_page(exchange, changes=changes)
    if not has_control_token(exchange):
        raise Problem(
            401,
            "this mock is steered with a bearer token only: the one of MOCKIDP_CONTROL_TOKEN",
            headers=_CHALLENGE,
        )


def check_page(exchange: Exchange, *, changes: bool) -> None:
    """Check that no page of another origin calls.

    Raises:
        Problem: 403, one does.
    """
    headers = exchange.request.headers
    origin = headers.get("Origin")
    if origin is not None and origin != origin_of(exchange.base_url):
        raise Problem(403, f"a page of {origin} may not steer this mock")
    is_visit = not changes and headers.get("Sec-Fetch-Mode") == "navigate"
    if headers.get("Sec-Fetch-Site") in _ELSEWHERE and not is_visit:
        raise Problem(403, "a page of another origin may not steer this mock")


def read_json(
    exchange: Exchange,
    *,
    deepest: int = MAX_BODY_DEPTH,
    may_be_empty: bool = False,
) -> Mapping[str, Any]:
    """Return the JSON object in a call's body.

    Raises:
        Problem: 415 for another content type, 400 for what is no JSON object, or too deep.
    """
    if exchange.request.mimetype != "application/json":
        kind = exchange.request.mimetype or "none"
        raise Problem(415, f"the content type is {kind}; application/json is expected")
    data = exchange.data()
    if not data and may_be_empty:
        return {}
    try:
        body = parse_json(data).raw()
    except InvalidRequest as error:
        raise Problem(400, f"{error.description}: {error.hint}") from None
    _check_depth(body, deepest)
    return body


def _check_depth(body: Any, deepest: int) -> None:
    """Refuse what those who read it, one level in another, would run out of stack for."""
    level = [body]
    for _ in range(deepest):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise Problem(400, f"the body is nested deeper than {deepest} levels")


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def has_control_token(exchange: Exchange) -> bool:
    """Return whether a request has the control token, or none is set."""
    token = exchange.request.environ.get(CONTROL_TOKEN_KEY)
    if not token:
        return True
    scheme, _, given = (exchange.authorization or "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(
        given.strip().encode(errors="replace"), token.encode()
    )

"""Protect the control API: JSON only, no other origin, and a bearer token if one is set.

A browser sends JSON across origins only after a preflight, which is never answered here, and the
Host allow-list has already refused rebound names. No response has CORS headers. Requests of other
origins' pages are refused before they are handled, so that not even the timing reveals anything.
A person may follow a link to a page that only reads.

Spec: RFC 6454; RFC 6750; W3C Fetch Metadata 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockidp.hosts import is_loopback
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.errors.problem import Problem
from mockidp.protocol.json_reader import JsonReader
from mockidp.protocol.oauth.parameters import parse_json
from mockidp.protocol.urls.origin import origin_of
from mockidp.server import Address
from mockidp.web.control_token import has_control_token
from mockidp.web.request.exchange import Exchange
from mockidp.web.request.large_body import body_pieces

MAX_BODY = 10_000_000
"""Bytes: the same as for a tenant file."""
MAX_STATE = 64 * 1024 * 1024
"""Bytes: more than the snapshot of a tenant with the usual capacity."""
MAX_STATE_IN_PIECES = 4 * 1024**3
"""Bytes: more than the snapshot of a tenant with millions of sessions and tokens."""
MAX_BODY_DEPTH = 64
"""Levels of nested lists and mappings."""
_ELSEWHERE = ("cross-site", "same-site")
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="mockidp control"'}


def check_caller(exchange: Exchange, *, changes: bool) -> None:
    """Check that a caller may use the control API.

    Raises:
        Problem: 403 for a page of another origin, 401 for a missing or wrong bearer token.
    """
    check_page(exchange, changes=changes)
    if not has_control_token(exchange):
        raise Problem(
            401,
            "The control API of this mock requires a bearer token. Send the value of "
            "MOCKIDP_CONTROL_TOKEN in header `Authorization`.",
            headers=_CHALLENGE,
        )


def check_page(exchange: Exchange, *, changes: bool) -> None:
    """Check that the caller is not a page of another origin.

    Raises:
        Problem: 403 if it is one.
    """
    headers = exchange.request.headers
    origin = headers.get("Origin")
    if origin is not None and origin != origin_of(exchange.base_url):
        raise Problem(
            403,
            "Pages of other origins may not call the control API, and this page is from "
            f"{origin!r}.",
        )
    is_visit = not changes and headers.get("Sec-Fetch-Mode") == "navigate"
    if headers.get("Sec-Fetch-Site") in _ELSEWHERE and not is_visit:
        raise Problem(403, "Pages of other origins may not call the control API.")


def open_json(exchange: Exchange) -> JsonReader:
    """Return a reader of the JSON object in a call's body, which is not read yet.

    Raises:
        Problem: 415 for another content type.
    """
    _check_type(exchange)
    return JsonReader(body_pieces(exchange))


def read_json(
    exchange: Exchange,
    *,
    deepest: int = MAX_BODY_DEPTH,
    may_be_empty: bool = False,
) -> Mapping[str, Any]:
    """Return the JSON object in a call's body.

    Raises:
        Problem: 415 for another content type, 400 for a body that is not a JSON object or is
            nested too deep.
    """
    _check_type(exchange)
    data = exchange.data()
    if not data and may_be_empty:
        return {}
    try:
        body = parse_json(data).raw()
    except InvalidRequest as error:
        raise Problem(400, f"{error.description}. {error.hint}") from None
    _check_depth(body, deepest)
    return body


def _check_type(exchange: Exchange) -> None:
    if exchange.request.mimetype != "application/json":
        kind = exchange.request.mimetype or "none"
        raise Problem(415, f"The content type is {kind}. Send application/json.")


def _check_depth(body: Any, deepest: int) -> None:
    """Refuse a body that would overflow the stack of recursive readers."""
    level = [body]
    for _ in range(deepest):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise Problem(400, f"The body is nested deeper than {deepest} levels.")


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def exposure_warning(
    listening: Iterable[Address],
    control_token: str | None,
    *,
    remedy: str = "Set MOCKIDP_CONTROL_TOKEN",
) -> str:
    """Return a warning if other machines can control the mock without a token, or nothing.

    Args:
        listening: The addresses on which the server listens.
        control_token: The token that the control API requires.
        remedy: How to require a token.
    """
    exposed = next((one for one in listening if not is_loopback(one.host)), None)
    if exposed is None or control_token:
        return ""
    return (
        f"anyone who can reach {exposed} can control this mock. {remedy} to require a bearer token."
    )

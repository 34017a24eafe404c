"""The headers of a response: its own, and those that every response has."""

from __future__ import annotations

from operator import itemgetter

from mockidp.flows.requests.rate_limits import is_limited
from mockidp.protocol.errors.hint import HEADER, encode_hint
from mockidp.web.pipeline.outcome import Outcome
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.cors import cors_headers
from mockidp.web.response.framing import frame_headers, is_page
from mockidp.web.response.http_date import http_date

SERVER = "mockidp"
_NAME = itemgetter(0)


def headers_of(exchange: Exchange, outcome: Outcome, now: float) -> list[tuple[str, str]]:
    """Return all headers of a response at a time. Those that a fault has set are kept."""
    headers = list(outcome.response.headers)
    own = {name.lower(): value for name, value in headers}
    common = _common_headers(exchange, outcome, int(now))
    if not outcome.is_framable and is_page(own.get("content-type", "")):
        common = [*frame_headers(exchange), *common]
    if own.keys().isdisjoint(map(str.lower, map(_NAME, common))):
        return headers + common
    return headers + [one for one in common if one[0].lower() not in own]


def _common_headers(exchange: Exchange, outcome: Outcome, now: int) -> list[tuple[str, str]]:
    route = exchange.route
    common = [
        ("Server", SERVER),
        ("Date", http_date(now)),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if exchange.request_id:
        common.append(("X-Auth0-RequestId", exchange.request_id))
    if outcome.hint:
        common.append((HEADER, encode_hint(outcome.hint)))
    if exchange.rate_limit:
        common += exchange.rate_limit.headers().items()
    elif route.rate_limit and not is_limited(exchange.tenant):
        common += rate_limit_headers(route.rate_limit, left=route.rate_limit - 1, now=now)
    if route.cors != "none":
        origin = exchange.environ.get("HTTP_ORIGIN")
        common += cors_headers(exchange.tenant, exchange.base_url, route.cors, origin)
    return common


def rate_limit_headers(limit: int, *, left: int, now: int) -> list[tuple[str, str]]:
    """Return the headers that tell a client how many requests it has left in this second."""
    return [
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Remaining", str(left)),
        ("X-RateLimit-Reset", str(now + 1)),
    ]

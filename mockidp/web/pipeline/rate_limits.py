"""The step that counts a request against Auth0's rate limits.

Auth0: the limit of the tenant is counted first, then that of the endpoint. A fault that replaces
the answer comes earlier, so its requests do not count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockidp.faults.vocabulary import ENDPOINTS
from mockidp.flows.requests.facts import describe_request
from mockidp.flows.requests.rate_limits import RateLimited, check_limit, is_limited
from mockidp.protocol.rate_limits import (
    AUTHENTICATION_API,
    RATE_LIMITS,
    KeyPart,
    RateLimit,
)
from mockidp.web.request.exchange import Exchange
from mockidp.web.request.sent import request_facts

_CREDENTIALS = ("client_secret", "client_assertion")


def check_rate_limits(exchange: Exchange) -> None:
    """Count a request, and keep the limit that the response shows.

    Raises:
        RateLimited: A limit is exceeded.
    """
    with exchange.tenant.backend.transaction():
        for limit in _limits_of(exchange):
            _count(exchange, limit)


def limit_shown(exchange: Exchange) -> RateLimit | None:
    """Return the limit of an endpoint, whose numbers its responses show."""
    own = [one for one in _limits_of(exchange) if one is not AUTHENTICATION_API]
    return own[0] if own and is_limited(exchange.tenant) else None


def _limits_of(exchange: Exchange) -> list[RateLimit]:
    endpoint = exchange.route.endpoint
    if endpoint not in ENDPOINTS:
        return []
    return [one for one in RATE_LIMITS if one.counts(endpoint, exchange.method, exchange.path)]


def _count(exchange: Exchange, limit: RateLimit) -> None:
    values = [_VALUES[part](exchange) for part in limit.per]
    key = tuple(value for value in values if value is not None)
    if len(key) < len(values) or (limit.skips_authenticated and _has_credentials(exchange)):
        return
    try:
        level = check_limit(exchange.tenant, limit, key, path=exchange.path)
    except RateLimited as refused:
        exchange.rate_limit = refused.level
        raise
    if limit is not AUTHENTICATION_API:
        exchange.rate_limit = level


def _has_credentials(exchange: Exchange) -> bool:
    sent = request_facts(exchange)
    return bool(sent.authorization) or any(map(sent.get, _CREDENTIALS))


def _user(exchange: Exchange) -> str | None:
    return describe_request(exchange.tenant, request_facts(exchange)).user


def _email(exchange: Exchange) -> str | None:
    sent = request_facts(exchange)
    name = sent.get("email") or sent.get("username")
    return name.strip().lower() if name else None


_VALUES: Mapping[KeyPart, Callable[[Exchange], str | None]] = {
    "ip": lambda exchange: exchange.address,
    "user": _user,
    "email": _email,
    "page": lambda exchange: exchange.path,
    "login": lambda exchange: request_facts(exchange).get("state"),
}
"""The values of the parts of a key. Without one of them, the request does not count."""

"""The table of the setting `rate_limits`, from the limits."""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.protocol.rate_limits import AUTHENTICATION_API, RATE_LIMITS, RateLimit

_INTRODUCTION = """
These are the limits of Auth0's free plan. A burst of requests is allowed at once, and each period
adds more, one by one. [Test rate limits](../how-to/rate-limits.md) shows how to use them.

| limit | counts requests to | each | burst | adds |
|---|---|---|---|---|"""
_PARTS = {
    "ip": "IP address",
    "user": "user",
    "email": "e-mail address",
    "page": "page",
    "login": "login",
}
_PERIODS = {1: "second", 60: "minute", 3600: "hour"}


def rate_limits_section() -> Iterator[str]:
    """Yield the lines of the table."""
    yield from _INTRODUCTION.splitlines()
    for limit in RATE_LIMITS:
        each = " and ".join(_PARTS[part] for part in limit.per) or "tenant"
        added = f"{limit.sustained} per {_PERIODS[limit.period]}"
        yield f"| `{limit.name}` | {_counted(limit)} | {each} | {limit.burst} | {added} |"


def _counted(limit: RateLimit) -> str:
    if limit is AUTHENTICATION_API:
        return "all endpoints together, except those of the Management API"
    if not limit.endpoints and not limit.below:
        return "logins with a password, right or wrong, on all endpoints and pages"
    below = f"pages of a login, below `{limit.below}`"
    endpoints = ", ".join(f"`{one}`" for one in limit.endpoints) or below
    methods = f" ({' and '.join(limit.methods)})" if limit.methods else ""
    without = ", without credentials of a client" if limit.skips_authenticated else ""
    return f"{endpoints}{methods}{without}"

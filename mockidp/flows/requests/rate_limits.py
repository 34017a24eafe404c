"""Count requests against Auth0's rate limits, on the tenant's clock.

The buckets are in a store, so all threads and processes of a tenant share them. A bucket is stored
until it is full again. `exhaust_rate_limit` stores another one below the name of its limit, with
which all buckets of the limit begin.

Auth0: `docs/fidelity.md`, "Rate limits".
"""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.flows.hints.timestamps import date_and_time
from mockidp.protocol.errors.oauth_error import InvalidRequest, TooManyRequests
from mockidp.protocol.rate_limits import (
    SAME_USER_LOGIN,
    Bucket,
    KeyPart,
    Level,
    RateLimit,
    allows,
)
from mockidp.tenant.state.stores import LIMIT
from mockidp.tenant.tenant import Tenant

_WORDS: Mapping[KeyPart, str] = {
    "ip": " from {}",
    "user": " for user {}",
    "email": " for {}",
    "page": " on {}",
    "login": " in one login",
}
_PERIODS = {1: "second", 60: "minute", 3600: "hour"}


class RateLimited(TooManyRequests):
    """A rate limit refuses the request.

    Attributes:
        level: The empty bucket.
    """

    def __init__(self, level: Level, path: str = "") -> None:
        super().__init__(level.limit.message.format(path=path), hint=exceeded_hint(level))
        self.level = level

    def headers(self) -> Mapping[str, str]:
        """Return the numbers of the limit."""
        return self.level.headers()


class PageRateLimited(RateLimited):
    """The rate limit of a page refuses the request: Auth0 shows it with another code."""

    code = InvalidRequest.code


def is_limited(tenant: Tenant) -> bool:
    """Return whether requests are counted."""
    return tenant.settings.rate_limits == "auth0"


def count_request(tenant: Tenant, limit: RateLimit, key: tuple[str, ...]) -> Level:
    """Take a token from a bucket, and return the bucket.

    Of any number of concurrent requests, exactly as many as there are tokens are let through.

    Args:
        tenant: The tenant.
        limit: The limit.
        key: The values of `limit.per`.
    """
    store, name = tenant.rate_limit_buckets, "\n".join((limit.name, *key))
    while True:
        entry = store.find(name)
        now = tenant.now()
        bucket = entry.value if entry else store.get(limit.name)
        taken = bucket.taken_at(now, limit) if bucket else 0.0
        if not allows(limit, taken):
            return Level(limit=limit, key=key, taken=taken, now=now, is_exceeded=True)
        taken += 1
        is_counted = store.swap(
            name,
            entry.version if entry else None,
            Bucket(limit=limit.name, taken=taken, at=now),
            expires_at=now + taken * limit.seconds,
        )
        if is_counted:
            return Level(limit=limit, key=key, taken=taken, now=now, is_exceeded=False)


def check_limit(tenant: Tenant, limit: RateLimit, key: tuple[str, ...], *, path: str = "") -> Level:
    """Count a request.

    Args:
        tenant: The tenant.
        limit: The limit.
        key: The values of `limit.per`.
        path: The path of a page.

    Raises:
        RateLimited: The bucket is empty.
    """
    level = count_request(tenant, limit, key)
    with tenant.trace.check(
        "rate_limit", limit=limit.name, burst=limit.burst, remaining=level.remaining
    ):
        if level.is_exceeded:
            tenant.trace.note(rate_limit=limit.name)
            raise PageRateLimited(level, path) if "page" in limit.per else RateLimited(level)
    return level


def check_login_limit(tenant: Tenant, address: str, subject: str) -> None:
    """Count a login with a password.

    Args:
        tenant: The tenant.
        address: The IP address of the person; empty if it is not known.
        subject: The user's id, or the name that no user has.

    Raises:
        RateLimited: There were too many from the address for that user.
    """
    if is_limited(tenant):
        check_limit(tenant, SAME_USER_LOGIN, (address, subject))


def exhaust(tenant: Tenant, limit: RateLimit, *, remaining: int) -> None:
    """Let all buckets of a limit have no more than some tokens now."""
    store, now, taken = tenant.rate_limit_buckets, tenant.now(), float(limit.burst - remaining)
    with tenant.backend.exclusive():
        for key, _ in store.scan(LIMIT, limit.name):
            store.delete(key)
        start = Bucket(limit=limit.name, taken=taken, at=now)
        store.put(limit.name, start, expires_at=now + taken * limit.seconds)


def exceeded_hint(level: Level) -> str:
    """Return which limit refuses a request, its numbers, when it refills, and what to do."""
    limit, wait = level.limit, level.wait
    whose = "".join(
        _WORDS[part].format(value) for part, value in zip(limit.per, level.key, strict=True)
    )
    seconds = "1 second" if wait == 1 else f"{wait} seconds"
    return (
        f"Rate limit `{limit.name}` is used up{whose}: it allows a burst of {limit.burst} "
        f"requests, and {limit.sustained} more per {_PERIODS[limit.period]}. The next one is "
        f"allowed at {date_and_time(level.resets_at)} on the tenant's clock, {seconds} from now. "
        f"Wait that long or call `idp.clock.advance({wait})`, or set `mockidp.rate_limits` to off."
    )

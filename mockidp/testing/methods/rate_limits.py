"""The test method `exhaust_rate_limit`."""

from __future__ import annotations

from mockidp.errors import MockIdPError
from mockidp.flows.requests.rate_limits import exhaust, is_limited
from mockidp.frozen import frozen
from mockidp.protocol.rate_limits import RATE_LIMITS, RateLimitName
from mockidp.testing.method import NO_ANSWER, Method, MethodCaller, Target, parameters
from mockidp.testing.named import unknown

_BY_NAME = {one.name: one for one in RATE_LIMITS}


@frozen
class ExhaustRateLimit:
    """The rate limit to exhaust."""

    limit: RateLimitName
    """Its name."""
    remaining: int = 0
    """How many requests are still allowed now."""


def _exhaust(target: Target, request: ExhaustRateLimit) -> None:
    """Exhaust a rate limit, so that the next request is refused until the limit refills."""
    limit = _BY_NAME.get(request.limit)
    if limit is None:
        raise unknown("rate limit", request.limit, _BY_NAME)
    if not is_limited(target.tenant):
        raise MockIdPError(
            "Setting `rate_limits` is off, so no request is counted. Set `mockidp.rate_limits` to "
            "auth0."
        )
    if not 0 <= request.remaining <= limit.burst:
        raise MockIdPError(
            f"remaining: found {request.remaining}, expected a number from 0 to {limit.burst}, "
            f"which is the burst of rate limit {limit.name}"
        )
    exhaust(target.tenant, limit, remaining=request.remaining)


EXHAUST_RATE_LIMIT = Method(
    name="exhaust_rate_limit",
    http="POST /rate-limits",
    function=_exhaust,
    parameters=parameters(ExhaustRateLimit),
    answer=NO_ANSWER,
    status=204,
)


class RateLimitMethods(MethodCaller):
    """The test methods for rate limits."""

    def exhaust_rate_limit(self, limit: RateLimitName, *, remaining: int = 0) -> None:
        """Exhaust a rate limit, so that the next request is refused until the limit refills.

        It refills on the tenant's clock, as after real requests: `clock.advance` ends the refusals.

        Args:
            limit: The name of the limit:
                https://github.com/mockidp/mockidp/blob/main/docs/reference/settings.md#rate_limits.
            remaining: How many requests are still allowed now. A limit for each user, address or
                page allows each of them that number.

        Raises:
            MockIdPError: Setting `rate_limits` is off, or there is no such limit.
        """
        self._call(EXHAUST_RATE_LIMIT, ExhaustRateLimit(limit=limit, remaining=remaining))

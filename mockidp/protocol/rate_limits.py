"""Auth0's rate limits, each as data, and the token buckets that count requests.

Auth0: `docs/fidelity.md`, "Rate limits"; the numbers are those of its free plan. A bucket begins
full. Each request takes one of its tokens, and tokens are added at a constant rate.
"""

from __future__ import annotations

from math import ceil, floor
from typing import Literal

from mockidp.frozen import frozen

RateLimitName = Literal[
    "authentication_api", "userinfo", "token", "change_password", "passwordless_start", "signup",
    "co_authenticate", "jwks", "oauth_ro", "usernamepassword_login", "delegation", "tokeninfo",
    "page_view", "page_form", "same_user_login", "management_api", "register",
]  # fmt: skip
KeyPart = Literal["ip", "user", "email", "page", "login"]
"""What a limit distinguishes: requests of each address, to each user, and so on."""
EVERYWHERE = "*"
MINUTE, HOUR = 60, 3600
_CHECK_HEADERS = (
    "Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset "
    "headers."
)
_TOLERANCE = 1e-6
"""Part of a token that counts as nothing, because times are rounded."""
_MAX_SKEW = 1.0
"""Seconds by which the clocks of two processes may differ."""


@frozen
class RateLimit:
    """One limit.

    Attributes:
        name: Its name in hints, in the journal and for `exhaust_rate_limit`.
        endpoints: The endpoints whose requests count.
        not_at: The endpoints whose requests do not count, if all others do.
        below: The start of the paths whose requests count. Without it and `endpoints`, a flow
            counts.
        methods: The HTTP methods whose requests count; empty for all.
        per: What has a bucket of its own; empty for one bucket of the whole tenant.
        burst: The number of tokens in a full bucket.
        sustained: How many tokens are added in each period.
        period: The period in seconds.
        message: The text of the refusal. `{path}` is the path of the request.
        skips_authenticated: Whether requests with credentials of a client do not count.
        evidence: The mark in `docs/fidelity.md`.
    """

    name: RateLimitName
    endpoints: tuple[str, ...] = ()
    not_at: tuple[str, ...] = ()
    below: str = ""
    methods: tuple[str, ...] = ()
    per: tuple[KeyPart, ...] = ()
    burst: int
    sustained: int
    period: int
    message: str = _CHECK_HEADERS
    skips_authenticated: bool = False
    evidence: str = "D"

    @property
    def seconds(self) -> float:
        """The seconds until a token is added."""
        return self.period / self.sustained

    def counts(self, endpoint: str, method: str, path: str) -> bool:
        """Return whether a request counts."""
        if self.methods and method not in self.methods:
            return False
        if self.below:
            return path.startswith(self.below)
        if EVERYWHERE in self.endpoints:
            return endpoint not in self.not_at
        return endpoint in self.endpoints


_PAGES = "/u/"
_PAGE_MESSAGE = "You've exceeded the rate limit for {path}. Please try again in a short while."

AUTHENTICATION_API = RateLimit(
    name="authentication_api",
    endpoints=(EVERYWHERE,), not_at=("impersonate", "management", "unmatched"),
    burst=300, sustained=300, period=MINUTE, message="Global limit has been reached",
)  # fmt: skip
"""The limit of a tenant for all endpoints together. It is counted first."""
SAME_USER_LOGIN = RateLimit(
    name="same_user_login", per=("ip", "user"), burst=20, sustained=10, period=MINUTE
)
"""The limit for logins with a password, right and wrong ones, which `verify_password` counts."""
RATE_LIMITS = (
    AUTHENTICATION_API,
    RateLimit(
        name="management_api", endpoints=("management",), burst=10, sustained=2, period=1,
        message=AUTHENTICATION_API.message,
    ),
    RateLimit(
        name="userinfo", endpoints=("userinfo",), per=("user",),
        burst=10, sustained=5, period=MINUTE,
    ),
    RateLimit(name="token", endpoints=("token",), burst=30, sustained=30, period=1),
    RateLimit(
        name="change_password", endpoints=("change_password", "reset_password"), methods=("POST",),
        per=("ip", "email"), burst=10, sustained=1, period=MINUTE,
    ),
    RateLimit(
        name="passwordless_start", endpoints=("passwordless_start",), per=("ip",),
        burst=50, sustained=50, period=HOUR, skips_authenticated=True,
    ),
    RateLimit(
        name="signup", endpoints=("signup",), per=("ip",), burst=50, sustained=50, period=MINUTE
    ),
    RateLimit(
        name="co_authenticate", endpoints=("co_authenticate",), burst=5, sustained=5, period=1
    ),
    RateLimit(name="register", endpoints=("register",), burst=5, sustained=5, period=1),
    RateLimit(name="jwks", endpoints=("jwks",), burst=20, sustained=20, period=1),
    RateLimit(name="oauth_ro", endpoints=("oauth_ro",), burst=10, sustained=10, period=1),
    RateLimit(
        name="usernamepassword_login", endpoints=("usernamepassword_login",),
        burst=5, sustained=5, period=1,
    ),
    RateLimit(
        name="delegation", endpoints=("delegation",), per=("ip", "user"),
        burst=10, sustained=1, period=MINUTE,
    ),
    RateLimit(
        name="tokeninfo", endpoints=("tokeninfo",), per=("ip",),
        burst=800, sustained=800, period=MINUTE,
    ),
    RateLimit(
        name="page_view", below=_PAGES, methods=("GET", "HEAD"), per=("ip", "login", "page"),
        burst=20, sustained=10, period=MINUTE, message=_PAGE_MESSAGE,
    ),
    RateLimit(
        name="page_form", below=_PAGES, methods=("POST",), per=("ip", "login", "page"),
        burst=10, sustained=5, period=MINUTE, message=_PAGE_MESSAGE,
    ),
    SAME_USER_LOGIN,
)  # fmt: skip
"""All limits, in the order in which they are counted."""


@frozen
class Bucket:
    """The tokens that were taken from a bucket and not added again, at a time."""

    limit: str
    taken: float
    at: float

    def taken_at(self, now: float, limit: RateLimit) -> float:
        """Return how many tokens are missing now; none if the clock was set back."""
        elapsed = now - self.at
        if elapsed < -_MAX_SKEW:
            return 0.0
        return max(0.0, self.taken - max(0.0, elapsed) / limit.seconds)


@frozen
class Level:
    """A bucket after a request.

    Attributes:
        limit: Its limit.
        key: The values of `limit.per`.
        taken: How many tokens are missing.
        now: The time.
        is_exceeded: Whether the request found no token, so it is refused.
    """

    limit: RateLimit
    key: tuple[str, ...]
    taken: float
    now: float
    is_exceeded: bool

    @property
    def remaining(self) -> int:
        """How many requests are left."""
        return max(0, floor(self.limit.burst - self.taken + _TOLERANCE))

    @property
    def refills_at(self) -> float:
        """When the next token is added."""
        missing = self.taken - (self.limit.burst - self.remaining - 1)
        return self.now + missing * self.limit.seconds

    @property
    def resets_at(self) -> int:
        """When the next token is added, in whole seconds, rounded up."""
        return ceil(self.refills_at - _TOLERANCE)

    @property
    def wait(self) -> int:
        """The seconds until then, rounded up."""
        return max(1, ceil(self.refills_at - self.now - _TOLERANCE))

    def headers(self) -> dict[str, str]:
        """Return the headers that Auth0 sends."""
        headers = {
            "X-RateLimit-Limit": str(self.limit.burst),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.resets_at),
        }
        return headers | ({"Retry-After": str(self.wait)} if self.is_exceeded else {})


def allows(limit: RateLimit, taken: float) -> bool:
    """Return whether a bucket has a token for one more request."""
    return taken + 1 <= limit.burst + _TOLERANCE

"""A fault: the only list of the words for what goes wrong, the same in Python and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Alg = Literal["none", "HS256"]
Signature = Literal["broken", "another_key"]
Wrong = Literal["iss", "aud", "azp", "nonce", "sub", "state", "issuer"]
Refuse = Literal[
    "code_used",
    "refresh_token_revoked",
    "login_required",
    "consent_required",
    "user_blocked",
    "link_expired",
    "link_replayed",
    "link_tampered",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """The exchanges that a fault applies to. Fields that are not set match any value."""

    client: str | None = None
    """A `client_id`."""
    user: str | None = None
    """A user by id, the id's last part, or e-mail."""
    audience: str | None = None
    """An API's identifier, as the request names it."""
    grant: str | None = None
    """A `grant_type`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A fault: where, when and how often it fires, and what it does."""

    endpoint: str
    """An endpoint, `*` for all of them, `callback`, `id_token` or `access_token`."""
    name: str = ""
    """Its name in the journal and in hints; by default made from the place and the fault."""
    when: When = When()
    """Which exchanges it applies to; by default all."""
    times: int | None = None
    """How often it fires at most; by default it fires until it is canceled."""
    after: int = 0
    """How many exchanges succeed before it fires."""
    probability: float = 1.0
    """The probability that it fires, from 0 to 1, drawn with the tenant's seed."""

    delay: float = 0.0
    """Seconds that the tenant waits before it acts."""
    status: int | None = None
    """Answer with this status; the tenant does nothing."""
    body: str | None = None
    """The body of that answer."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header fields of that answer, or of the one that replaces it. After one that changes
    where the answer ends, such as `Content-Length`, the connection is closed."""
    rate_limit: bool = False
    """Answer 429 with Auth0's body and `X-RateLimit-*`; the tenant does nothing."""
    malformed_json: bool = False
    """Send a JSON body that ends in the middle, with the right `Content-Length`."""
    content_type: str | None = None
    """Send another `Content-Type`."""
    truncate: int | None = None
    """Close the connection after this many bytes of the body."""
    drop: bool = False
    """Close the connection without an answer."""
    drip: float = 0.0
    """Seconds between two bytes of the body."""

    set: Mapping[str, Any] = field(default_factory=dict)
    """Change claims, or members of a JSON answer."""
    remove: tuple[str, ...] = field(default=(), metadata={"one_or_more": True})
    """Remove claims, or members of a JSON answer."""
    header: Mapping[str, Any] = field(default_factory=dict)
    """Change members of a token's header; null removes one."""
    expired: bool = False
    """Issue a token that expired an hour ago, which is more than any client's leeway."""
    not_yet_valid: bool = False
    """Issue a token that will be valid in an hour, by its `nbf` and `iat`."""
    wrong: tuple[Wrong, ...] = field(default=(), metadata={"one_or_more": True})
    """Give claims a wrong value; `state` at the callback, `issuer` in discovery."""
    alg: Alg | None = None
    """Issue a token without a signature, or one whose HMAC key is the public key."""
    kid: str | None = None
    """Issue a token with this `kid`, and everything else right."""
    signature: Signature | None = None
    """Issue a token with an invalid signature, or one by a key of another tenant."""
    empty: bool = False
    """Answer with a JWKS without keys."""
    stale: bool = False
    """Answer with a JWKS without the current key, like a cache after a rotation."""

    error: str | None = None
    """Answer with an OAuth error; the tenant does nothing. `status` changes its status.

    At `authorize` it goes to the client's callback as Auth0's errors do, or with a `status` to the
    error page. At `callback` it comes instead of the code, after a person has logged in.
    At `token` the answer of `mfa_required` has an `mfa_token`; the grants that take it are not
    supported yet and answer 501.
    """
    description: str | None = None
    """The `error_description` of that error, instead of Auth0's text."""
    refuse: Refuse | None = None
    """Refuse the request with Auth0's text for this case; the tenant does not change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultContext:
    """An exchange as far as it is known when a fault may fire: what a predicate gets."""

    endpoint: str
    method: str = ""
    url: str = ""
    client: str | None = None
    user: str | None = None
    """The user's id."""
    audience: str | None = None
    grant: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

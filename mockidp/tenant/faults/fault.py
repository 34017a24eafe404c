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
    """Which exchanges a fault is for; what is not named is not looked at."""

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
    """What goes wrong, where, when, and how often."""

    where: str
    """An endpoint, `*` for all of them, `callback`, `id_token` or `access_token`."""
    name: str = ""
    """What the journal and hints call it; by default made of the place and the fault."""
    when: When = When()
    """Which exchanges it is for; by default all."""
    times: int | None = None
    """How often it fires at most; by default until it is cancelled."""
    after: int = 0
    """How many exchanges go well before it fires."""
    probability: float = 1.0
    """How likely it fires each time, from 0 to 1, drawn from the tenant's seed."""

    delay: float = 0.0
    """Seconds that the tenant waits before it acts."""
    status: int | None = None
    """An answer with this status instead, and nothing is done."""
    body: str | None = None
    """The body of that answer."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header fields of that answer, or of what stands there instead of it. After one that changes
    where the answer ends, such as `Content-Length`, the connection is closed."""
    rate_limit: bool = False
    """Status 429 with Auth0's body and `X-RateLimit-*`, and nothing is done."""
    malformed_json: bool = False
    """A JSON body that breaks off in the middle, though the answer is whole by its length."""
    content_type: str | None = None
    """Another `Content-Type`."""
    truncate: int | None = None
    """The connection ends after so many bytes of the body."""
    drop: bool = False
    """The connection ends without an answer."""
    drip: float = 0.0
    """Seconds between two bytes of the body."""

    set: Mapping[str, Any] = field(default_factory=dict)
    """Claims, or members of a JSON answer, that have another value."""
    remove: tuple[str, ...] = field(default=(), metadata={"one_or_more": True})
    """Claims, or members of a JSON answer, that are missing."""
    header: Mapping[str, Any] = field(default_factory=dict)
    """Members of a token's header that have another value; null removes one."""
    expired: bool = False
    """A token that ended an hour ago, more than any client's leeway."""
    not_yet_valid: bool = False
    """A token that will be good in an hour, by its `nbf` and its `iat`."""
    wrong: tuple[Wrong, ...] = field(default=(), metadata={"one_or_more": True})
    """Claims that name another than they should; `state` at the callback, `issuer` in discovery."""
    alg: Alg | None = None
    """A token without a signature, or one whose HMAC key is the public key."""
    kid: str | None = None
    """A token whose `kid` is this; all else of it is right."""
    signature: Signature | None = None
    """A token with a signature that does not fit, or of a key of another tenant."""
    empty: bool = False
    """A JWKS without keys."""
    stale: bool = False
    """A JWKS without the key that signs now, as a cache would have it after a rotation."""

    error: str | None = None
    """An OAuth error instead, and nothing is done; `status` gives it another status.

    At `authorize` it goes to the client's callback as Auth0's errors do, or with a `status` to the
    error page. At `callback` it comes instead of the code, after a person has logged in.
    At `token` the answer of `mfa_required` has an `mfa_token`; the grants that take it are not
    supported yet and answer 501.
    """
    description: str | None = None
    """The `error_description` of that error, instead of Auth0's usual words."""
    refuse: Refuse | None = None
    """A refusal in Auth0's own words, as if this were so; nothing is changed in the tenant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """An exchange as far as it is known when a fault may fire: what a predicate gets."""

    where: str
    method: str = ""
    url: str = ""
    client: str | None = None
    user: str | None = None
    """The user's id."""
    audience: str | None = None
    grant: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

"""A fault: the only list of its words, the same in Python, JSON and the tenant file.

A new word is a field here, its effect in `change_token`, `change_body`, `change_callback` or the
delivery of `web.pipeline.faults`, and its type in `testing.words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from mockidp.faults.context import When
from mockidp.faults.vocabulary import (
    ANY_ENDPOINT,
    BACKCHANNEL_LOGOUT,
    CALLBACK,
    JSON_ENDPOINTS,
    REFUSING_ENDPOINTS,
    TOKENS,
    word,
)
from mockidp.frozen import frozen

Alg = Literal["none", "HS256"]
Signature = Literal["broken", "another_key"]
Wrong = Literal["iss", "aud", "azp", "nonce", "sub", "state", "issuer"]
Refuse = Literal[
    "code_used",
    "refresh_token_revoked",
    "login_required",
    "consent_required",
    "otp_expired",
    "user_blocked",
    "provider_failed",
    "link_expired",
    "link_replayed",
    "link_tampered",
]
_CONTENT = (*JSON_ENDPOINTS, CALLBACK, *TOKENS)


@frozen
class Fault:
    """A fault: where, when and how often it fires, and what it does."""

    endpoint: str
    """An endpoint, `*` for all of them, `callback`, `id_token`, `access_token`, `logout_token` or
    `backchannel_logout`."""
    name: str = ""
    """Its name in the journal and in hints; by default made from the endpoint and the words."""
    when: When = field(default_factory=When)
    """Which exchanges it applies to; by default all."""
    times: int | None = None
    """How many times it fires; by default until it is canceled."""
    after: int = 0
    """How many exchanges succeed before it fires."""
    probability: float = 1.0
    """The probability that it fires, from 0 to 1, drawn with the tenant's seed."""

    delay: float = field(
        default=0.0,
        metadata=word(
            "delay",
            (*ANY_ENDPOINT, BACKCHANNEL_LOGOUT),
            "The client has no timeout, or a longer one than its own caller.",
        ),
    )
    """Seconds that the tenant waits before it acts."""
    status: int | None = field(
        default=None,
        metadata=word(
            "instead",
            ANY_ENDPOINT,
            "The client treats a 5xx answer as a success, does not retry, or retries forever.",
        ),
    )
    """Answer with this status; the tenant does nothing."""
    body: str | None = field(
        default=None,
        metadata=word(
            "detail",
            ANY_ENDPOINT,
            "The client expects JSON although a proxy answers with a page, or shows the whole "
            "body to the user.",
            only_with=("status",),
        ),
    )
    """The body of that answer."""
    headers: Mapping[str, str] = field(
        default_factory=dict,
        metadata=word(
            "detail",
            ANY_ENDPOINT,
            "The client ignores `Retry-After`, or parses any content type as JSON.",
            only_with=("status", "rate_limit", "error", "refuse"),
        ),
    )
    """Header fields of that answer, or of the one that replaces it. After one that changes
    where the answer ends, such as `Content-Length`, the connection is closed."""
    rate_limit: bool = field(
        default=False,
        metadata=word(
            "instead",
            ANY_ENDPOINT,
            "The client retries at once instead of waiting, or logs the user out.",
        ),
    )
    """Answer 429 with Auth0's body and `X-RateLimit-*`; the tenant does nothing."""
    malformed_json: bool = field(
        default=False,
        metadata=word(
            "content",
            ANY_ENDPOINT,
            "The client raises its parser's error, as if the bug were in its own code.",
        ),
    )
    """Send a JSON body that is cut off, with a matching `Content-Length`."""
    content_type: str | None = field(
        default=None,
        metadata=word(
            "delivery",
            ANY_ENDPOINT,
            "The client parses any content type, or refuses an answer because of a parameter "
            "such as `charset`.",
            excludes=("drop",),
        ),
    )
    """Send another `Content-Type`."""
    truncate: int | None = field(
        default=None,
        metadata=word(
            "delivery",
            ANY_ENDPOINT,
            "The client treats a partial answer as complete.",
            excludes=("drop",),
        ),
    )
    """Close the connection after this many bytes of the body."""
    drop: bool = field(
        default=False,
        metadata=word(
            "instead",
            (*ANY_ENDPOINT, BACKCHANNEL_LOGOUT),
            "The client does not know whether its request was processed, and sends a code or a "
            "rotating refresh token again.",
        ),
    )
    """Close the connection without an answer. At `backchannel_logout`, the logout token is lost."""
    drip: float = field(
        default=0.0,
        metadata=word(
            "delivery",
            ANY_ENDPOINT,
            "The client's timeout applies to the time between two bytes, not to the whole answer.",
            excludes=("drop",),
        ),
    )
    """Seconds between two bytes of the body."""

    set: Mapping[str, Any] = field(
        default_factory=dict,
        metadata=word(
            "content",
            _CONTENT,
            "The client does not check a claim or a type, or trusts a value that it should "
            "compare.",
        ),
    )
    """Change claims, or members of a JSON answer."""
    remove: tuple[str, ...] = field(
        default=(),
        metadata=word(
            "content",
            _CONTENT,
            "The client expects a claim to be present, or treats a missing one as a match.",
            one_or_more=True,
        ),
    )
    """Remove claims, or members of a JSON answer."""
    header: Mapping[str, Any] = field(
        default_factory=dict,
        metadata=word(
            "token", TOKENS, "The client trusts a header that the sender of a token chooses."
        ),
    )
    """Change members of a token's header; null removes one."""
    expired: bool = field(
        default=False,
        metadata=word(
            "token",
            TOKENS,
            "The client does not check `exp`, or decodes a token without verifying it.",
        ),
    )
    """Issue a token that expired an hour ago, which exceeds any client's leeway."""
    not_yet_valid: bool = field(
        default=False,
        metadata=word(
            "token", TOKENS, "The client checks neither `nbf` nor `iat`.", excludes=("expired",)
        ),
    )
    """Issue a token whose `nbf` and `iat` are an hour in the future."""
    wrong: tuple[Wrong, ...] = field(
        default=(),
        metadata=word(
            "content",
            (*TOKENS, CALLBACK, "discovery"),
            "The client does not compare the answer with its request: a token of another issuer "
            "or client logs a user in, a login is forged (`state`), or a token is replayed "
            "(`nonce`).",
            one_or_more=True,
        ),
    )
    """Give claims a wrong value; `state` at the callback, `issuer` in discovery."""
    alg: Alg | None = field(
        default=None,
        metadata=word(
            "token",
            TOKENS,
            "The client lets the token choose how it is verified, so anybody can forge one.",
        ),
    )
    """Issue a token without a signature, or one whose HMAC key is the public key."""
    kid: str | None = field(
        default=None,
        metadata=word(
            "token",
            TOKENS,
            "The client tries any key if it does not find the one with this id, or fetches the "
            "JWKS again for every such token.",
        ),
    )
    """Issue a token with this `kid` that is otherwise valid."""
    signature: Signature | None = field(
        default=None,
        metadata=word(
            "token",
            TOKENS,
            "The client decodes a token without verifying it.",
            excludes=("alg",),
        ),
    )
    """Issue a token with an invalid signature, or one by another tenant's key."""
    empty: bool = field(
        default=False,
        metadata=word(
            "content",
            ("jwks",),
            "The client discards the keys it has, or skips the verification without a key.",
        ),
    )
    """Answer with an empty JWKS."""
    stale: bool = field(
        default=False,
        metadata=word(
            "content",
            ("jwks",),
            "The client gives up instead of fetching the JWKS again a little later.",
            excludes=("empty",),
        ),
    )
    """Answer with a JWKS without the current key, like a cache after a rotation."""

    error: str | None = field(
        default=None,
        metadata=word(
            "instead",
            (*REFUSING_ENDPOINTS, CALLBACK),
            "The client shows no error or a wrong one, or redirects its user in a loop.",
            excludes=("body",),
        ),
    )
    """Answer with an OAuth error; the tenant does nothing. `status` changes its status.

    At `authorize`, `connection` and `passwordless_verify_redirect` it is sent to the client's
    callback like Auth0's errors, or with a `status` to the error page. An error that only some
    endpoints have uses their format. At `callback` it replaces the code after the user has logged
    in. At `token` the answer of `mfa_required` has an `mfa_token` that is not valid.
    """
    description: str | None = field(
        default=None,
        metadata=word(
            "detail",
            (*REFUSING_ENDPOINTS, CALLBACK),
            "The client compares the text instead of the code, or puts it into a page without "
            "escaping it.",
            only_with=("error",),
        ),
    )
    """The `error_description` of that error, instead of Auth0's text."""
    refuse: Refuse | None = field(
        default=None,
        metadata=word(
            "instead",
            ("authorize", "token", "connection", CALLBACK, "impersonation_link"),
            "The client does not handle a refusal that users of Auth0 see every day.",
        ),
    )
    """Refuse the request with Auth0's text for this case; the tenant does not change."""

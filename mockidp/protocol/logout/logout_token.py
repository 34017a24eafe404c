"""Logout tokens, which notify an app of the end of a session.

Spec: OpenID Connect Back-Channel Logout 1.0 2.4.
Auth0: `exp` is two minutes after `iat`, `typ` is `JWT`, and there is a `trace_id`
(docs/fidelity.md).
"""

from __future__ import annotations

from typing import Any

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LIFETIME = 120
"""Seconds until a logout token expires."""


def logout_token_claims(
    *,
    issuer: str,
    client_id: str,
    user_id: str,
    sid: str,
    now: int,
    jti: str,
    trace_id: str,
) -> dict[str, Any]:
    """Return the claims of a logout token, in Auth0's order. `now` is in seconds since 1970."""
    return {
        "iss": issuer,
        "sub": user_id,
        "aud": client_id,
        "iat": now,
        "exp": now + LIFETIME,
        "jti": jti,
        "events": {EVENT: {}},
        "trace_id": trace_id,
        "sid": sid,
    }

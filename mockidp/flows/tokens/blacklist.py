"""The blacklist of tokens, which the endpoints that verify access tokens read.

Auth0: the Management API adds a token by its `jti`. Where Auth0 refuses it is not documented.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.protocol.tokens.artifacts import BlacklistedToken
from mockidp.tenant.tenant import Tenant


def blacklist(tenant: Tenant, *, jti: str, aud: str | None) -> None:
    """Refuse a token from now on. Without `aud`, the audience does not matter."""
    tenant.blacklisted_tokens.put(_key(jti, aud), BlacklistedToken(jti=jti, aud=aud))


def why_blacklisted(tenant: Tenant, claims: Mapping[str, Any]) -> str:
    """Return why the claims of a token are refused; empty if it is not blacklisted."""
    jti, sent = claims.get("jti"), claims.get("aud")
    if not isinstance(jti, str):
        return ""
    audiences = (None, claims.get("client_id"), *(sent if isinstance(sent, list) else [sent]))
    if any(tenant.blacklisted_tokens.get(_key(jti, one)) is not None for one in audiences):
        return (
            "The access token was blacklisted with POST /api/v2/blacklists/tokens, by its `jti` "
            f"{jti}. Request a new one."
        )
    return ""


def _key(jti: str, aud: Any) -> str:
    return f"{jti}\n{'' if aud is None else aud}"

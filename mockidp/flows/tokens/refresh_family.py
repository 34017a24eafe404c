"""Refresh tokens of a family: how long it lives, and the token for its current counter.

Spec: RFC 6749 6.
Auth0: absolute and idle lifetimes, by the client's `refresh_token` policy.
"""

from __future__ import annotations

from mockidp.protocol.artifacts import RefreshToken, RefreshTokenFamily
from mockidp.protocol.scope import make_scope
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant


def refresh_expiry(client: Client, family: RefreshTokenFamily, now: float) -> float:
    """Return when a family used now ends: after idling, or at its absolute end."""
    policy = client.refresh_token
    if policy.expiration_type == "non-expiring" or policy.infinite_idle_token_lifetime:
        return family.absolute_expires_at
    return min(family.absolute_expires_at, now + policy.idle_token_lifetime)


def put_refresh_token(tenant: Tenant, family: RefreshTokenFamily) -> str:
    """Return a refresh token for the family's present place."""
    token = tenant.ids.refresh_token()
    tenant.refresh_tokens.put(
        token,
        RefreshToken(family_id=family.id, counter=family.latest_counter),
        expires_at=family.absolute_expires_at,
    )
    claims = {
        "sub": family.user_id,
        "client_id": family.client_id,
        "scope": make_scope(family.scope),
        "audience": family.audience,
        "counter": family.latest_counter,
    }
    tenant.trace.issued("refresh_token", {}, claims)
    return token

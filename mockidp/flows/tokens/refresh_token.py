"""Issue refresh tokens. A family is the chain of tokens that replace each other.

Spec: RFC 6749 6.
Auth0: absolute and idle lifetimes, by the client's `refresh_token` policy.
"""

from __future__ import annotations

from mockidp.flows.tokens.granted import Granted
from mockidp.frozen import replace
from mockidp.protocol.mfa.records import MFA
from mockidp.protocol.oauth.scope import make_scope
from mockidp.protocol.tokens.artifacts import RefreshToken, RefreshTokenFamily
from mockidp.resources.client import Client
from mockidp.tenant.journal.flow_index import REFRESH_FAMILY
from mockidp.tenant.state.stores import SID
from mockidp.tenant.tenant import Tenant

_FOREVER = 10 * 365 * 86400


def start_refresh_family(
    tenant: Tenant, base_url: str, granted: Granted, *, is_legacy: bool = False
) -> str:
    """Return the first refresh token of a new family, whose absolute lifetime begins now.

    Its tokens have the issuer of the domain of `base_url`. `is_legacy` makes it a token that only
    /delegation accepts.
    """
    policy, now = granted.client.refresh_token, tenant.now()
    never = policy.expiration_type == "non-expiring"
    family = RefreshTokenFamily(
        id=tenant.ids.opaque_id(),
        client_id=granted.client.client_id,
        user_id=granted.user.user_id,
        scope=granted.scope,
        audience=granted.api.identifier if granted.api else None,
        gty=granted.gty,
        sid=granted.sid,
        organization_id=granted.organization.id if granted.organization else None,
        amr=granted.amr,
        base_url=base_url,
        claims=granted.claims,
        extra_claims=granted.extra_claims,
        authorization_details=granted.authorization_details,
        code=granted.code,
        impersonated_by=granted.impersonated_by,
        latest_counter=0,
        is_transferred=any(
            entry.value.is_transferred for _, entry in tenant.sessions.scan(SID, granted.sid or "")
        ),
        is_legacy=is_legacy,
        rotated_at=now,
        created_at=now,
        absolute_expires_at=now
        + (_FOREVER if never or policy.infinite_token_lifetime else policy.token_lifetime),
    )
    expires_at = refresh_expiry(granted.client, family, now)
    tenant.refresh_families.put(family.id, family, expires_at=expires_at)
    tenant.trace.made(REFRESH_FAMILY, family.id)
    return put_refresh_token(tenant, family)


def refresh_expiry(client: Client, family: RefreshTokenFamily, now: float) -> float:
    """Return when a family that is used now expires: idle, or at the end of its lifetime."""
    policy = client.refresh_token
    if policy.expiration_type == "non-expiring" or policy.infinite_idle_token_lifetime:
        return family.absolute_expires_at
    return min(family.absolute_expires_at, now + policy.idle_token_lifetime)


def pass_second_factor(tenant: Tenant, client: Client, family_id: str) -> RefreshTokenFamily | None:
    """Return a family whose user has passed a second factor; None if it has ended.

    If the client's tokens rotate, the token that was sent is retired.
    """
    store, now = tenant.refresh_families, tenant.now()
    rotates = client.refresh_token.rotation_type == "rotating"
    while entry := store.find(family_id):
        family = replace(
            entry.value,
            amr=(MFA,),
            latest_counter=entry.value.latest_counter + rotates,
            rotated_at=now if rotates else entry.value.rotated_at,
        )
        expires_at = refresh_expiry(client, family, now)
        if store.swap(family_id, entry.version, family, expires_at=expires_at):
            return family
    return None


def put_refresh_token(tenant: Tenant, family: RefreshTokenFamily) -> str:
    """Return a new refresh token with the family's latest counter."""
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

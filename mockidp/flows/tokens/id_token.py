"""Issue ID tokens.

Spec: OpenID Connect Core 2, 3.2.2.9 and 3.3.2.11.
"""

from __future__ import annotations

import hashlib
from typing import Any

from mockidp.flows.sessions.session import add_client_login
from mockidp.flows.tokens.custom_claims import add_custom_claims
from mockidp.flows.tokens.granted import Granted, claim_context
from mockidp.flows.tokens.organization_claims import organization_claims
from mockidp.flows.tokens.signing import sign_token
from mockidp.flows.tokens.user_claims import user_claims
from mockidp.protocol.legacy.pipeline import attribute_claims, is_legacy
from mockidp.protocol.tokens.artifacts import ClientLogin
from mockidp.protocol.tokens.base64url import base64url
from mockidp.protocol.tokens.claims import id_token_claims, impersonation_claims
from mockidp.protocol.tokens.jwt import make_token
from mockidp.tenant.tenant import Tenant


def issue_id_token(
    tenant: Tenant,
    base_url: str,
    granted: Granted,
    *,
    access_token: str | None = None,
    code: str | None = None,
    alone: bool = False,
    azp: str | None = None,
) -> str:
    """Return an ID token.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        granted: The grant.
        access_token: The access token that /authorize returns with it, for `at_hash`.
        code: The code that /authorize returns with it, for `c_hash`.
        alone: Whether no access token is issued, so that /userinfo cannot be called
            (OpenID Connect Core 5.4).
        azp: The client that requested it for another client.
    """
    client, issuer = granted.client, tenant.issuer(base_url)
    body = id_token_body(
        tenant,
        base_url,
        granted,
        alone=alone,
        azp=azp,
        at_hash=None if access_token is None else _half_hash(access_token),
        c_hash=None if code is None else _half_hash(code),
    )
    claims = add_custom_claims(tenant, body, claim_context(tenant, base_url, "id_token", granted))
    if granted.sid and client.backchannel_logout.backchannel_logout_urls:
        login = ClientLogin(client_id=client.client_id, issuer=issuer)
        add_client_login(tenant, granted.sid, login)
    token = make_token(
        claims,
        key=tenant.keys.current,
        secret=client.signing_secret,
        alg=client.jwt_configuration.alg,
    )
    return sign_token(
        tenant,
        token,
        kind="id_token",
        client=client.client_id,
        user=granted.user.user_id,
        audience=granted.api.identifier if granted.api else None,
    )


def id_token_body(
    tenant: Tenant,
    base_url: str,
    granted: Granted,
    *,
    alone: bool = False,
    azp: str | None = None,
    at_hash: str | None = None,
    c_hash: str | None = None,
) -> dict[str, Any]:
    """Return the claims of an ID token without custom claims."""
    settings, client = tenant.settings, granted.client
    is_complete = settings.profile == "auth0" or alone
    profile = user_claims(
        tenant,
        granted.user,
        granted.scope if is_complete else (),
        requested=granted.claims.id_token,
    )
    if settings.impersonation.claims_in_id_token:
        profile |= impersonation_claims(granted.impersonated_by)
    if is_legacy(client, granted.api):
        profile |= attribute_claims(granted.user, granted.scope, granted.impersonated_by)
    return id_token_claims(
        issuer=tenant.issuer(base_url),
        client=client,
        user=granted.user,
        profile=profile,
        now=int(tenant.clock.issue_time()),
        azp=azp,
        acr=granted.acr,
        amr=granted.amr,
        sid=granted.sid,
        nonce=granted.nonce,
        auth_time=granted.auth_time,
        at_hash=at_hash,
        c_hash=c_hash,
        organization=organization_claims(tenant, granted.organization),
        actor=granted.actor,
    )


def _half_hash(token: str) -> str:
    """Return the left half of the SHA-256 (OpenID Connect Core 3.2.2.9 and 3.3.2.11)."""
    return base64url(hashlib.sha256(token.encode()).digest()[:16])

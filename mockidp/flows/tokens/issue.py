"""Making tokens: from what was granted to what is handed out.

Spec: RFC 6749 5.1; OpenID Connect Core 2; RFC 9068.
Auth0: an access token without an API is opaque.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mockidp.flows.tokens.custom_claims import (
    ClaimContext,
    add_custom_claims,
    needs_request_at_userinfo,
)
from mockidp.flows.tokens.refresh_family import put_refresh_token, refresh_expiry
from mockidp.protocol.artifacts import (
    ImpersonatedBy,
    OpaqueToken,
    RefreshTokenFamily,
)
from mockidp.protocol.base64url import base64url
from mockidp.protocol.claims import (
    access_token_claims,
    id_token_claims,
    impersonation_claims,
    profile_claims,
)
from mockidp.protocol.custom_claim import ClaimPlace
from mockidp.protocol.jwt import UnsignedToken, make_token
from mockidp.protocol.legacy_pipeline import attribute_claims, is_legacy
from mockidp.protocol.scope import OFFLINE_ACCESS, OPENID, make_scope
from mockidp.protocol.token import token_response
from mockidp.resources.client import Client
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

OPAQUE_TOKEN_LIFETIME = 86400
OPAQUE_TOKEN_LIFETIME_FOR_WEB = 7200
_FOREVER = 10 * 365 * 86400


@dataclass(frozen=True, kw_only=True, slots=True)
class Granted:
    """What a user's login, or a client's own request, entitles a client to."""

    client: Client
    user: User
    scope: tuple[str, ...]
    api: ResourceServer | None
    gty: tuple[str, ...] = ()
    nonce: str | None = None
    sid: str | None = None
    auth_time: float | None = None
    impersonated_by: ImpersonatedBy | None = None
    front_channel: bool = False
    """Whether the tokens travel through the browser, where they live shorter."""
    request: Mapping[str, str] = field(default_factory=dict)
    """The readable parameters of the request, for custom claims."""


def issue_tokens(
    tenant: Tenant, base_url: str, granted: Granted, *, requested: tuple[str, ...]
) -> dict[str, Any]:
    """Return the token response's body, with a refresh token if one was granted."""
    access_token, expires_in = issue_access_token(tenant, base_url, granted)
    with_openid = OPENID in granted.scope
    return token_response(
        access_token=access_token,
        expires_in=expires_in,
        refresh_token=(
            start_refresh_family(tenant, granted) if OFFLINE_ACCESS in granted.scope else None
        ),
        id_token=issue_id_token(tenant, base_url, granted) if with_openid else None,
        scope=make_scope(granted.scope) if with_openid or granted.scope != requested else None,
    )


def issue_access_token(tenant: Tenant, base_url: str, granted: Granted) -> tuple[str, int]:
    """Return an access token, opaque or a JWT, and its lifetime in seconds."""
    if granted.api is None:
        return _issue_opaque_token(tenant, granted)
    api = granted.api
    lifetime = api.token_lifetime_for_web if granted.front_channel else api.token_lifetime
    permissions = tenant.directory.permissions_of(granted.user, api) if api.adds_permissions else ()
    token = sign_access_token(
        tenant,
        base_url,
        client=granted.client,
        subject=granted.user.user_id,
        api=api,
        scope=granted.scope,
        gty=granted.gty,
        permissions=permissions,
        lifetime=lifetime,
        request=granted.request,
    )
    if granted.impersonated_by is not None or needs_request_at_userinfo(tenant):
        # No claim of an API's token says so; /userinfo has to know all the same.
        _remember(tenant, token, granted, lifetime)
    return token, lifetime


def sign_access_token(
    tenant: Tenant,
    base_url: str,
    *,
    client: Client,
    subject: str,
    api: ResourceServer,
    scope: tuple[str, ...],
    gty: tuple[str, ...],
    permissions: tuple[str, ...],
    lifetime: int,
    request: Mapping[str, str],
) -> str:
    """Return an access token for an API, in the API's dialect and algorithm."""
    claims = access_token_claims(
        issuer=tenant.issuer(base_url),
        client=client,
        subject=subject,
        api=api,
        scope=scope,
        gty=gty,
        permissions=permissions,
        now=int(tenant.clock.issue_time()),
        lifetime=lifetime,
        jti=tenant.ids.key_id() if api.follows_rfc9068 else "",
    )
    user = tenant.directory.user(subject)
    context = ClaimContext(
        place="access_token",
        client=client,
        user=user,
        audience=api.identifier,
        scope=scope,
        request=request,
    )
    claims = add_custom_claims(tenant, claims, context)
    token = make_token(
        claims,
        key=tenant.keys.current,
        secret=api.signing_secret,
        alg=api.signing_alg,
        typ="at+jwt" if api.follows_rfc9068 else "JWT",
    )
    return _sign(
        tenant,
        token,
        kind="access_token",
        client=client.client_id,
        user=user.user_id if user else None,
        audience=api.identifier,
    )


def _issue_opaque_token(tenant: Tenant, granted: Granted) -> tuple[str, int]:
    lifetime = OPAQUE_TOKEN_LIFETIME_FOR_WEB if granted.front_channel else OPAQUE_TOKEN_LIFETIME
    token = tenant.ids.opaque_token()
    tenant.injection.in_opaque_token(client=granted.client.client_id, user=granted.user.user_id)
    add_custom_claims(tenant, {}, replace(_context("access_token", granted), is_opaque=True))
    _remember(tenant, token, granted, lifetime)
    claims = {
        "sub": granted.user.user_id,
        "client_id": granted.client.client_id,
        "scope": make_scope(granted.scope),
        "expires_in": lifetime,
    }
    tenant.trace.issued("access_token", {}, claims)
    return token, lifetime


def _remember(tenant: Tenant, token: str, granted: Granted, lifetime: int) -> None:
    tenant.opaque_tokens.put(
        token,
        OpaqueToken(
            kind="userinfo",
            client_id=granted.client.client_id,
            user_id=granted.user.user_id,
            scope=granted.scope,
            impersonated_by=granted.impersonated_by,
            request=granted.request if needs_request_at_userinfo(tenant) else {},
        ),
        expires_at=tenant.now() + lifetime,
    )


def issue_id_token(
    tenant: Tenant,
    base_url: str,
    granted: Granted,
    *,
    access_token: str | None = None,
    code: str | None = None,
    alone: bool = False,
) -> str:
    """Return an ID token.

    Args:
        tenant: The tenant.
        base_url: Where the request came in.
        granted: What it is made from.
        access_token: The access token that /authorize returns with it, for `at_hash`.
        code: The code that /authorize returns with it, for `c_hash`.
        alone: Whether no access token is issued, so that /userinfo cannot be called
            (OpenID Connect Core 5.4).
    """
    settings, client = tenant.settings, granted.client
    profile: dict[str, Any] = {}
    if settings.profile == "auth0" or alone:
        profile = profile_claims(granted.user, granted.scope)
    if settings.impersonation.claims_in_id_token:
        profile |= impersonation_claims(granted.impersonated_by)
    if is_legacy(client, granted.api):
        profile |= attribute_claims(granted.user, granted.scope, granted.impersonated_by)
    claims = id_token_claims(
        issuer=tenant.issuer(base_url),
        client=client,
        user=granted.user,
        profile=profile,
        now=int(tenant.clock.issue_time()),
        sid=granted.sid,
        nonce=granted.nonce,
        auth_time=granted.auth_time,
        at_hash=None if access_token is None else _half_hash(access_token),
        c_hash=None if code is None else _half_hash(code),
    )
    claims = add_custom_claims(tenant, claims, _context("id_token", granted))
    token = make_token(
        claims,
        key=tenant.keys.current,
        secret=client.signing_secret,
        alg=client.jwt_configuration.alg,
    )
    return _sign(
        tenant,
        token,
        kind="id_token",
        client=client.client_id,
        user=granted.user.user_id,
        audience=granted.api.identifier if granted.api else None,
    )


def _sign(
    tenant: Tenant,
    token: UnsignedToken,
    *,
    kind: str,
    client: str,
    user: str | None,
    audience: str | None,
) -> str:
    """Sign a token that is handed out, as the tenant's faults change it."""
    token = tenant.injection.in_token(
        token, kind=kind, now=tenant.now(), client=client, user=user, audience=audience
    )
    tenant.trace.issued(kind, token.header, token.claims)
    return token.sign()


def _context(place: ClaimPlace, granted: Granted) -> ClaimContext:
    return ClaimContext(
        place=place,
        client=granted.client,
        user=granted.user,
        audience=granted.api.identifier if granted.api else None,
        scope=granted.scope,
        request=granted.request,
    )


def _half_hash(token: str) -> str:
    """Return the left half of the SHA-256 (OpenID Connect Core 3.2.2.9 and 3.3.2.11)."""
    return base64url(hashlib.sha256(token.encode()).digest()[:16])


def start_refresh_family(tenant: Tenant, granted: Granted) -> str:
    """Return the first refresh token of a new family, whose absolute lifetime begins now."""
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
        impersonated_by=granted.impersonated_by,
        latest_counter=0,
        rotated_at=now,
        absolute_expires_at=now
        + (_FOREVER if never or policy.infinite_token_lifetime else policy.token_lifetime),
    )
    expires_at = refresh_expiry(granted.client, family, now)
    tenant.refresh_families.put(family.id, family, expires_at=expires_at)
    return put_refresh_token(tenant, family)

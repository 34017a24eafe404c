"""Issue access tokens.

Spec: RFC 6749 5.1; RFC 9068.
Auth0: a token without an API is opaque, and for /userinfo only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.tokens.custom_claims import (
    ClaimContext,
    add_custom_claims,
    needs_request_at_userinfo,
)
from mockidp.flows.tokens.granted import Granted, claim_context
from mockidp.flows.tokens.organization_claims import organization_claims
from mockidp.flows.tokens.proof import confirmation
from mockidp.flows.tokens.signing import sign_token
from mockidp.frozen import replace
from mockidp.protocol.clients.certificate import ClientCertificate
from mockidp.protocol.discovery.document import USERINFO
from mockidp.protocol.oauth.authorization_details import Details
from mockidp.protocol.oauth.scope import make_scope
from mockidp.protocol.tokens.artifacts import OpaqueToken
from mockidp.protocol.tokens.claims import access_token_claims
from mockidp.protocol.tokens.jwt import make_token
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.resources.resource_server import ResourceServer
from mockidp.tenant.tenant import Tenant

OPAQUE_TOKEN_LIFETIME = 86400
OPAQUE_TOKEN_LIFETIME_FOR_WEB = 7200


def issue_access_token(tenant: Tenant, base_url: str, granted: Granted) -> tuple[str, int]:
    """Return an access token, opaque or a JWT, and its lifetime in seconds."""
    if granted.api is None:
        return _issue_opaque_token(tenant, base_url, granted)
    api = granted.api
    lifetime = api.token_lifetime_for_web if granted.front_channel else api.token_lifetime
    organization = granted.organization
    permissions = (
        tenant.directory.permissions_of(granted.user, api, organization)
        if api.adds_permissions
        else ()
    )
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
        organization=organization,
        actor=granted.actor,
        authorization_details=granted.authorization_details,
        certificate=granted.certificate,
    )
    if _is_remembered(tenant, granted):
        _remember(tenant, base_url, token, granted, lifetime=lifetime)
    return token, lifetime


def _is_remembered(tenant: Tenant, granted: Granted) -> bool:
    """Return whether /userinfo needs facts that a JWT does not contain."""
    by, claims, code = granted.impersonated_by, granted.claims.userinfo, granted.code
    return bool(by or claims or code) or needs_request_at_userinfo(tenant)


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
    organization: Organization | None = None,
    actor: Mapping[str, Any] | None = None,
    authorization_details: Details = (),
    certificate: ClientCertificate | None = None,
) -> str:
    """Return an access token for an API, in the API's dialect and algorithm."""
    claims = access_token_claims(
        issuer=tenant.issuer(base_url),
        userinfo=tenant.urls.own_issuer(base_url) + USERINFO.removeprefix("/"),
        client=client,
        subject=subject,
        api=api,
        scope=scope,
        gty=gty,
        permissions=permissions,
        now=int(tenant.clock.issue_time()),
        lifetime=lifetime,
        jti=tenant.ids.key_id() if api.follows_rfc9068 else "",
        organization=organization_claims(tenant, organization),
        actor=actor,
        authorization_details=authorization_details,
        confirmation=confirmation(api, certificate),
    )
    user = tenant.directory.user(subject)
    context = ClaimContext(
        place="access_token",
        client=client,
        user=user,
        audience=api.identifier,
        scope=scope,
        organization=organization,
        custom_domain=tenant.urls.custom_domain(base_url),
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
    return sign_token(
        tenant,
        token,
        kind="access_token",
        client=client.client_id,
        user=user.user_id if user else None,
        audience=api.identifier,
    )


def _issue_opaque_token(tenant: Tenant, base_url: str, granted: Granted) -> tuple[str, int]:
    lifetime = OPAQUE_TOKEN_LIFETIME_FOR_WEB if granted.front_channel else OPAQUE_TOKEN_LIFETIME
    token = tenant.ids.opaque_token()
    tenant.injection.in_opaque_token(client=granted.client.client_id, user=granted.user.user_id)
    context = claim_context(tenant, base_url, "access_token", granted)
    add_custom_claims(tenant, {}, replace(context, is_opaque=True))
    _remember(tenant, base_url, token, granted, lifetime=lifetime)
    claims = {
        "sub": granted.user.user_id,
        "client_id": granted.client.client_id,
        "scope": make_scope(granted.scope),
        "expires_in": lifetime,
    }
    tenant.trace.issued("access_token", {}, claims)
    return token, lifetime


def _remember(
    tenant: Tenant, base_url: str, token: str, granted: Granted, *, lifetime: int
) -> None:
    tenant.opaque_tokens.put(
        token,
        OpaqueToken(
            kind="userinfo",
            client_id=granted.client.client_id,
            user_id=granted.user.user_id,
            scope=granted.scope,
            organization_id=granted.organization.id if granted.organization else None,
            impersonated_by=granted.impersonated_by,
            issuer=tenant.issuer(base_url),
            claims=granted.claims.userinfo,
            code=granted.code,
            thumbprint=granted.certificate.thumbprint if granted.certificate else "",
            request=granted.request if needs_request_at_userinfo(tenant) else {},
        ),
        expires_at=tenant.now() + lifetime,
    )

"""`/userinfo`: the claims about the user of an access token.

Spec: OpenID Connect Core 5.3.
Auth0: accepts opaque tokens, and JWTs with /userinfo among their audiences. Every refusal is a 401
with the same challenge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from mockidp.flows.clients.mutual_tls import NOTHING, PresentedCertificate, mistake_in_binding
from mockidp.flows.hints.evicted import or_evicted
from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.hints.tokens import describe_id_token, explain_access_token
from mockidp.flows.requests.other_domain import why_of_another_domain
from mockidp.flows.requests.own_url import is_own_url
from mockidp.flows.tokens.blacklist import why_blacklisted
from mockidp.flows.tokens.custom_claims import ClaimContext, add_custom_claims
from mockidp.flows.tokens.user_claims import user_claims
from mockidp.frozen import frozen
from mockidp.protocol.clients.certificate import bound_thumbprint
from mockidp.protocol.discovery.document import USERINFO
from mockidp.protocol.errors.refusal import Unauthorized
from mockidp.protocol.legacy.pipeline import attribute_claims, is_legacy
from mockidp.protocol.oauth.scope import OPENID, parse_scope
from mockidp.protocol.tokens.artifacts import ImpersonatedBy, OpaqueToken
from mockidp.protocol.tokens.claims import userinfo_claims
from mockidp.protocol.tokens.jwt import InvalidJwt, expiry, verify
from mockidp.resources.user import User
from mockidp.storage.store import Entry
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

CHALLENGE = (
    'Bearer realm="Users", error="invalid_token", error_description="The access token signature '
    "could not be validated. Please check that the access token is signed with RS256, since HS256 "
    'tokens with several audiences are not supported."'
)


@frozen
class TokenSubject:
    """What an access token for /userinfo says."""

    user_id: str
    client_id: str
    scope: tuple[str, ...]
    impersonated_by: ImpersonatedBy | None = None
    is_opaque: bool = False
    audience: str | None = None
    """The API that the token is for, in addition to /userinfo."""
    organization_id: str | None = None
    request: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    """The names of the claims that the client requested one by one."""
    thumbprint: str = ""
    """The certificate to which the token is bound; empty for none."""


def userinfo(
    tenant: Tenant,
    base_url: str,
    token: str | None,
    *,
    why_absent: str = "",
    presented: PresentedCertificate = NOTHING,
) -> dict[str, Any]:
    """Return the claims about the token's user that its scope allows.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        token: The access token, if there is one.
        why_absent: Why the request has no token, for the hint.
        presented: The client certificate of the request.

    Raises:
        Unauthorized: There is no token, or it is not accepted here.
    """
    subject, user = find_user(tenant, base_url, token, why_absent=why_absent)
    with tenant.trace.check("certificate", bound_to=subject.thumbprint or None):
        if mistake := mistake_in_binding(subject.thumbprint, presented):
            raise refuse(mistake)
    claims = userinfo_claims(
        user,
        user_claims(tenant, user, subject.scope, requested=subject.claims),
        impersonated_by=subject.impersonated_by,
    )
    client = tenant.directory.client(subject.client_id)
    if client is not None and subject.is_opaque and is_legacy(client, None):
        claims |= attribute_claims(user, subject.scope, subject.impersonated_by)
        claims["sub"] = user.user_id
    context = ClaimContext(
        place="userinfo",
        client=client,
        user=user,
        audience=subject.audience,
        scope=subject.scope,
        organization=tenant.directory.organization(subject.organization_id),
        custom_domain=tenant.urls.custom_domain(base_url),
        request=subject.request,
    )
    return add_custom_claims(tenant, claims, context)


def find_user(
    tenant: Tenant, base_url: str, token: str | None, *, why_absent: str = ""
) -> tuple[TokenSubject, User]:
    """Return what an access token for /userinfo says, and its user.

    Raises:
        Unauthorized: As `userinfo`.
    """
    with tenant.trace.check("access_token", sent=cut(token)):
        if not token:
            why = why_absent or "Send `Authorization: Bearer <token>`."
            raise Unauthorized(hint=f"No access token was sent. {why}")
        subject = _read_token(tenant, base_url, token)
    tenant.trace.note(client=subject.client_id, user=subject.user_id)
    with tenant.trace.check("scope", of_token=subject.scope, needed=OPENID):
        if OPENID not in subject.scope:
            raise refuse(
                "The token's scope does not contain openid. Request scope=openid at login."
            )
    user = tenant.directory.user(subject.user_id)
    with tenant.trace.check("user", user=subject.user_id):
        if user is None:
            raise refuse(f"User {subject.user_id} of the access token does not exist.")
    return subject, user


def refuse(hint: str) -> Unauthorized:
    """Return the refusal of /userinfo."""
    return Unauthorized(hint=hint, challenge=CHALLENGE)


def _read_token(tenant: Tenant, base_url: str, token: str) -> TokenSubject:
    read = _read_jwt if "." in token else _read_opaque
    return read(tenant, base_url, token)


def _read_opaque(tenant: Tenant, base_url: str, token: str) -> TokenSubject:
    entry = tenant.opaque_tokens.history(token)
    if entry is None:
        raise refuse(
            explain_access_token(tenant, token)
            or "This tenant never issued such an opaque token, or issued it before a restart."
            + or_evicted(tenant, tenant.opaque_tokens)
        )
    _check_not_revoked(entry)
    if tenant.now() >= entry.expires_at:
        raise refuse(f"The access token expired at {clock_time(entry.expires_at)}.")
    known = entry.value
    _check_domain(tenant, base_url, known.issuer or tenant.issuer(base_url))
    if known.user_id is None:
        raise refuse("This is a Management API v1 token of the global client, which has no user.")
    return TokenSubject(
        user_id=known.user_id,
        client_id=known.client_id,
        scope=known.scope,
        impersonated_by=known.impersonated_by,
        is_opaque=True,
        organization_id=known.organization_id,
        request=known.request,
        claims=known.claims,
        thumbprint=known.thumbprint,
    )


def _check_domain(tenant: Tenant, base_url: str, issuer: object) -> None:
    if why := why_of_another_domain(tenant, base_url, issuer):
        raise refuse(why)


def _check_not_revoked(entry: Entry[OpaqueToken]) -> None:
    if entry.taken_at is not None:
        raise refuse(
            f"The access token was revoked at {clock_time(entry.taken_at)}, because its code was "
            "redeemed for a second time (RFC 6749 4.1.2)."
        )


def _read_jwt(tenant: Tenant, base_url: str, token: str) -> TokenSubject:
    try:
        claims = verify(token, tenant.keys)
        expires_at = expiry(claims)
    except InvalidJwt as error:
        why = explain_access_token(tenant, token) or f"The access token is invalid. {error}"
        raise refuse(why) from None
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    others = [one for one in audiences if not is_own_url(tenant, base_url, one, USERINFO)]
    if len(others) == len(audiences):
        id_token = describe_id_token(tenant, token)
        raise refuse(
            f"An access token is expected, but {id_token} was sent."
            if id_token
            else f"The token's audience is {audience!r} and does not include "
            f"{base_url}{USERINFO}. Request scope openid together with the API's audience."
        )
    if expires_at is None:
        raise refuse("The access token has no `exp`, so it is never accepted.")
    if tenant.now() >= expires_at:
        raise refuse(f"The access token expired at {clock_time(expires_at)}.")
    _check_domain(tenant, base_url, claims.get("iss"))
    if why := why_blacklisted(tenant, claims):
        raise refuse(why)
    scope = claims.get("scope")
    if not isinstance(scope, str | None):
        kind = type(scope).__name__
        raise refuse(
            f"The token's scope is a JSON {kind}, but a string is expected (RFC 9068 2.2.3)."
        )
    entry = tenant.opaque_tokens.history(token)
    stored = entry.value if entry else None
    if entry is not None:
        _check_not_revoked(entry)
    return TokenSubject(
        user_id=str(claims.get("sub")),
        client_id=str(claims.get("azp") or claims.get("client_id") or ""),
        scope=parse_scope(scope),
        impersonated_by=stored.impersonated_by if stored else None,
        audience=others[0] if others else None,
        organization_id=str(claims.get("org_id") or ""),
        request=stored.request if stored else {},
        claims=stored.claims if stored else (),
        thumbprint=bound_thumbprint(claims),
    )

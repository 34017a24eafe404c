"""Verify an access token that the service of an API exchanges on behalf of its user.

Spec: RFC 8693 2.1; RFC 9068 4.
Auth0: 401 for an invalid or expired token (docs/fidelity.md, "/oauth/token").
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.hints.tokens import explain_access_token
from mockidp.flows.requests.other_domain import why_of_another_domain
from mockidp.flows.tokens.blacklist import why_blacklisted
from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.tokens.jwt import InvalidJwt, decode, expiry, verify, verify_symmetric
from mockidp.protocol.tokens.token_exchange import INVALID_SUBJECT_TOKEN
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


@frozen
class SubjectAccessToken:
    """What a verified access token says."""

    user: User
    client_id: str
    """The client to which it was issued."""
    actor: Mapping[str, Any] | None
    """Its claim `act`."""
    organization_id: str | None


def read_subject_token(
    tenant: Tenant, base_url: str, api: ResourceServer, token: str
) -> SubjectAccessToken:
    """Return what a user's access token for an API says.

    Raises:
        InvalidRequest: 401, because it is no valid access token of a user for this API.
    """
    with tenant.trace.check("subject_token", needed=api.identifier):
        try:
            claims = _verify(tenant, api, token)
            _check_claims(tenant, base_url, api, claims)
            user = _find_user(tenant, str(claims.get("sub")))
        except InvalidJwt as error:
            raise InvalidRequest(
                INVALID_SUBJECT_TOKEN,
                hint=f"The subject token was refused. {error}",
                status=HTTPStatus.UNAUTHORIZED,
            ) from None
    actor = claims.get("act")
    organization_id = claims.get("org_id")
    return SubjectAccessToken(
        user=user,
        client_id=str(claims.get("azp") or claims.get("client_id")),
        actor=actor if isinstance(actor, dict) else None,
        organization_id=str(organization_id) if organization_id else None,
    )


def _verify(tenant: Tenant, api: ResourceServer, token: str) -> Mapping[str, Any]:
    if tenant.opaque_tokens.history(token) is not None and "." not in token:
        raise InvalidJwt(
            "It is an opaque access token, which is for /userinfo only. Request an access token "
            f"for the audience {api.identifier}."
        )
    try:
        if api.signing_alg != "HS256":
            return verify(token, tenant.keys)
        _, claims = decode(token)
    except InvalidJwt as error:
        raise InvalidJwt(explain_access_token(tenant, token) or str(error)) from None
    if not verify_symmetric(token, api.signing_secret or ""):
        raise InvalidJwt(f"The secret of API {api.identifier} did not sign it.")
    return claims


def _check_claims(
    tenant: Tenant, base_url: str, api: ResourceServer, claims: Mapping[str, Any]
) -> None:
    audience = claims.get("aud")
    if api.identifier not in (audience if isinstance(audience, list) else [audience]):
        raise InvalidJwt(
            f"It is for {str(audience)[:200]}, but the client is the service of API "
            f"{api.identifier}, and exchanges only access tokens for this API."
        )
    expires_at = expiry(claims)
    if expires_at is None:
        raise InvalidJwt("It has no `exp`.")
    if tenant.now() >= expires_at:
        raise InvalidJwt(f"It expired at {clock_time(expires_at)}.")
    if why := why_of_another_domain(tenant, base_url, claims.get("iss")):
        raise InvalidJwt(why)
    if why := why_blacklisted(tenant, claims):
        raise InvalidJwt(why)


def _find_user(tenant: Tenant, subject: str) -> User:
    user = tenant.directory.user(subject)
    if user is None:
        of_client = subject.endswith("@clients")
        raise InvalidJwt(
            "It is an access token of the client itself, and not of a user."
            if of_client
            else f"Its user {subject[:100]} does not exist."
        )
    return user

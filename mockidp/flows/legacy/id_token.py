"""Verify an ID token that an app sends back: its signature, its audience, its time and its user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.requests.other_domain import why_of_another_domain
from mockidp.flows.requests.own_url import is_own_url
from mockidp.flows.sessions.id_token_hint import verify_id_token
from mockidp.frozen import frozen
from mockidp.protocol.errors.repair import describe_placeholder
from mockidp.protocol.tokens.jwt import InvalidJwt, decode, expiry
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


@frozen
class OwnIdToken:
    """An ID token of this tenant: its client, and its user."""

    client: Client
    user: User


class IdTokenRefused(Exception):  # noqa: N818 - each endpoint answers in its own way
    """An ID token is not accepted.

    Attributes:
        text: The reason, as Auth0's library for JWTs has it.
        hint: The cause and the remedy.
    """

    def __init__(self, text: str, hint: str) -> None:
        super().__init__(hint)
        self.text = text
        self.hint = hint


def read_id_token(tenant: Tenant, base_url: str, token: str) -> OwnIdToken:
    """Return client and user of an ID token.

    Raises:
        IdTokenRefused: It is not an ID token of this tenant, or not valid any more.
    """
    client, claims = _read_signed(tenant, token)
    if not is_own_url(tenant, base_url, claims.get("iss"), "/"):
        raise IdTokenRefused(
            "jwt issuer invalid",
            f"The ID token's `iss` is {str(claims.get('iss'))[:200]!r}, but this tenant's issuer "
            f"is {tenant.issuer(base_url)}.",
        )
    if why := why_of_another_domain(tenant, base_url, claims.get("iss")):
        raise IdTokenRefused("jwt issuer invalid", why)
    _check_time(tenant, claims)
    user = tenant.directory.user(str(claims.get("sub")))
    if user is None:
        raise IdTokenRefused("user not found", f"User {claims.get('sub')} does not exist.")
    return OwnIdToken(client=client, user=user)


def _read_signed(tenant: Tenant, token: str) -> tuple[Client, Mapping[str, Any]]:
    try:
        _, claims = decode(token)
    except InvalidJwt as error:
        why = describe_placeholder(token) or f"is not a JWT. {error}"
        raise IdTokenRefused("jwt malformed", f"The ID token {why}") from None
    audience = claims.get("aud")
    client = tenant.directory.client(audience) if isinstance(audience, str) else None
    if client is None:
        raise IdTokenRefused(
            "jwt audience invalid",
            f"The token's `aud` is {str(audience)[:200]!r}, which is not a client of this tenant. "
            "Send the ID token, not the access token.",
        )
    try:
        return client, verify_id_token(tenant, token)
    except InvalidJwt as error:
        raise IdTokenRefused("invalid signature", f"The ID token is invalid. {error}") from None


def _check_time(tenant: Tenant, claims: Mapping[str, Any]) -> None:
    try:
        expires_at = expiry(claims)
    except InvalidJwt as error:
        raise IdTokenRefused("invalid exp value", f"The ID token is invalid. {error}") from None
    if expires_at is None or tenant.now() >= expires_at:
        when = "has no `exp`" if expires_at is None else f"expired at {clock_time(expires_at)}"
        raise IdTokenRefused("jwt expired", f"The ID token {when}. Log in again for a new one.")

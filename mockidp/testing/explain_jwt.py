"""Explain why a JWT is not valid: its signature, its times, and the domain that issued it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.hints.timestamps import date_and_time
from mockidp.protocol.tokens.jwt import InvalidJwt, expiry, verify, verify_symmetric
from mockidp.tenant.tenant import Tenant


def jwt_mistakes(
    tenant: Tenant, token: str, header: Mapping[str, Any], claims: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return why a JWT is refused; empty if this tenant signed it and it has not expired."""
    return _signature_mistake(tenant, token, header, claims) + _time_mistakes(tenant, claims)


def describe_domain(tenant: Tenant, issuer: object) -> tuple[str, ...]:
    """Say which of the tenant's domains issued a token, if it has several."""
    if not tenant.directory.custom_domains or not isinstance(issuer, str):
        return ()
    domain = tenant.urls.describe_domain(issuer)
    reason = (
        f"Its issuer {issuer} is {domain}. An app or API that is configured with another domain of "
        "the tenant refuses it."
    )
    return (reason,)


def _signature_mistake(
    tenant: Tenant, token: str, header: Mapping[str, Any], claims: Mapping[str, Any]
) -> tuple[str, ...]:
    if header.get("alg") == "HS256":
        secrets = [client.signing_secret for client in tenant.directory.clients.values()]
        secrets += [api.signing_secret for api in tenant.directory.apis.values()]
        if any(verify_symmetric(token, secret) for secret in secrets if secret):
            return ()
        audience = claims.get("aud")
        return (f"No secret of this tenant signed the token (HS256, `aud` {audience!r}).",)
    try:
        verify(token, tenant.keys)
    except InvalidJwt as error:
        return (str(error),)
    return ()


def _time_mistakes(tenant: Tenant, claims: Mapping[str, Any]) -> tuple[str, ...]:
    try:
        expires_at = expiry(claims)
    except InvalidJwt as error:
        return (str(error),)
    if expires_at is not None and tenant.now() >= expires_at:
        now = date_and_time(tenant.now())
        return (f"The token expired at {date_and_time(expires_at)}. It is now {now}.",)
    return ()

"""Verify an identity assertion (ID-JAG), by which an identity provider lets an app act for a user.

Spec: draft-ietf-oauth-identity-assertion-authz-grant; RFC 7523 3.
Auth0: Cross App Access (docs/fidelity.md, "/oauth/token").
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.flows.exchange.identity_provider import find_user_of_provider, why_no_user
from mockidp.flows.requests.own_url import audience_mistake
from mockidp.protocol.clients.keys import verify_with_pem
from mockidp.protocol.errors.oauth_error import InvalidGrant
from mockidp.protocol.login.identity_provider import IdentityProvider
from mockidp.protocol.tokens.jwt import InvalidJwt, decode, is_numeric_date
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

_TYP = "oauth-id-jag+jwt"
_INVALID = "Assertion is invalid or has expired"


def verify_identity_assertion(
    tenant: Tenant, base_url: str, client: Client, assertion: str
) -> tuple[Mapping[str, Any], Connection, User]:
    """Return the claims of an assertion, its connection and its user.

    Raises:
        InvalidGrant: 401 for a signature of another key, otherwise 400.
    """
    with tenant.trace.check("assertion", client=client.client_id):
        try:
            header, unverified = decode(assertion)
            provider, connection = _find_provider(tenant, unverified.get("iss"))
        except InvalidJwt as error:
            raise _refuse(error) from None
        try:
            claims = verify_with_pem(provider.key, assertion)
        except InvalidJwt as error:
            raise _refuse(error, HTTPStatus.UNAUTHORIZED) from None
        try:
            _check_claims(tenant, base_url, client, header, claims)
        except InvalidJwt as error:
            raise _refuse(error) from None
    user = find_user_of_provider(tenant, connection, _subject(connection, claims))
    with tenant.trace.check("user", connection=connection.name, found=user is not None):
        if user is None:
            raise InvalidGrant(
                "User not found",
                hint=f"{why_no_user(connection)} Auth0 creates no users for assertions: they have "
                "to log in once.",
                status=HTTPStatus.BAD_REQUEST,
            )
    return claims, connection, user


def _find_provider(tenant: Tenant, issuer: object) -> tuple[IdentityProvider, Connection]:
    """Return the identity provider of an issuer, and its connection for Cross App Access."""
    for provider in tenant.settings.identity_providers:
        connection = tenant.directory.connection(provider.connection)
        is_enabled = connection and connection.cross_app_access_resource_app.status == "enabled"
        if connection and is_enabled and provider.issuer == issuer:
            return provider, connection
    raise InvalidJwt(
        f"Its `iss` is {issuer!r:.200}. No entry of `mockidp.identity_providers` has this issuer "
        "and a connection with `cross_app_access_resource_app: {status: enabled}`."
    )


def _check_claims(
    tenant: Tenant,
    base_url: str,
    client: Client,
    header: Mapping[str, Any],
    claims: Mapping[str, Any],
) -> None:
    if header.get("typ") != _TYP:
        raise InvalidJwt(f"Its `typ` is {header.get('typ')!r:.100} instead of {_TYP}.")
    if mistake := audience_mistake(tenant, base_url, claims.get("aud")):
        raise InvalidJwt(mistake)
    if claims.get("client_id") != client.client_id:
        raise InvalidJwt(
            f"Its `client_id` is {claims.get('client_id')!r:.100}, but client {client.client_id} "
            "sent it."
        )
    expires_at = claims.get("exp")
    if not is_numeric_date(expires_at) or expires_at <= tenant.now():
        raise InvalidJwt("It has expired by the tenant's clock, or has no `exp`.")
    if not isinstance(claims.get("sub"), str):
        raise InvalidJwt("It has no `sub`.")


def _subject(connection: Connection, claims: Mapping[str, Any]) -> str:
    """Return the user's id at the identity provider: in SAML the NameID, which `sub_id` has."""
    subject = claims.get("sub_id")
    name = subject.get("nameid") if isinstance(subject, dict) else None
    is_saml = connection.strategy == "samlp" and isinstance(name, str)
    return str(name if is_saml else claims["sub"])


def _refuse(error: InvalidJwt, status: int = HTTPStatus.BAD_REQUEST) -> InvalidGrant:
    return InvalidGrant(_INVALID, hint=f"The assertion was refused. {error}", status=status)

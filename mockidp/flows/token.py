"""Answer a token request: call the grant.

Spec: RFC 6749 3.2 and 5.2.
Auth0: `docs/fidelity.md`, "/oauth/token".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockidp.flows.authorization import strict
from mockidp.flows.grants import (
    authorization_code,
    client_credentials,
    device_code,
    federated_connection,
    identity_assertion,
    mfa,
    password,
    passwordless_otp,
    refresh_token,
    token_exchange,
)
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.hints.known import list_known
from mockidp.flows.requests.parameters import check_token_parameters
from mockidp.protocol.clients.certificate import ClientCertificate
from mockidp.protocol.errors.oauth_error import UnauthorizedClient, UnsupportedGrantType
from mockidp.protocol.errors.repair import find_damage
from mockidp.protocol.login import native_social
from mockidp.protocol.login.attack_protection import client_address
from mockidp.protocol.oauth import grant_types
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant

Grant = Callable[[GrantRequest], dict[str, Any]]


def _exchange_passkey(request: GrantRequest) -> dict[str, Any]:
    from mockidp.flows.grants import webauthn  # noqa: PLC0415 - imports much that few tenants need

    return webauthn.exchange(request)


GRANTS: dict[str, Grant] = {
    grant_types.AUTHORIZATION_CODE: authorization_code.exchange,
    grant_types.REFRESH_TOKEN: refresh_token.exchange,
    grant_types.CLIENT_CREDENTIALS: client_credentials.exchange,
    grant_types.PASSWORD: password.exchange,
    grant_types.PASSWORD_REALM: password.exchange,
    grant_types.PASSWORDLESS_OTP: passwordless_otp.exchange,
    grant_types.DEVICE_CODE: device_code.exchange,
    grant_types.TOKEN_EXCHANGE: token_exchange.exchange,
    grant_types.TOKEN_VAULT: federated_connection.exchange,
    grant_types.JWT_BEARER: identity_assertion.exchange,
    grant_types.WEBAUTHN: _exchange_passkey,
    grant_types.MFA_OTP: mfa.exchange_otp,
    grant_types.MFA_OOB: mfa.exchange_oob,
    grant_types.MFA_RECOVERY_CODE: mfa.exchange_recovery_code,
}
UNSUPPORTED_GRANTS: Mapping[str, str] = {
    "urn:openid:params:grant-type:ciba": "Client-initiated backchannel authentication (CIBA)",
}
"""Grant types of Auth0 that mockidp does not support, each with its feature."""
_ERROR_URI = "https://auth0.com/docs/clients/client-grant-types"


def token(
    tenant: Tenant,
    base_url: str,
    client: Client,
    parameters: Parameters,
    *,
    certificate: ClientCertificate | None = None,
    address: str = "",
    forwarded_for: str | None = None,
) -> dict[str, Any]:
    """Return the body of the response to a token request of an authenticated client.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        client: The authenticated client.
        parameters: The parameters.
        certificate: The client certificate that came with it.
        address: The IP address that sent the request.
        forwarded_for: The header `auth0-forwarded-for`: the address of the client's user.

    Raises:
        OAuthError: The request is refused.
    """
    sent = parameters.get("grant_type")
    tenant.trace.note(grant=sent)
    with tenant.trace.check("grant_type", sent=sent, allowed=client.grant_types):
        exchange = _choose_grant(tenant, client, parameters)
    check_token_parameters(tenant, parameters, sent or "")
    return exchange(
        GrantRequest(
            tenant=tenant,
            base_url=base_url,
            client=client,
            parameters=parameters,
            certificate=certificate,
            address=_trusted_address(client, forwarded_for) or address,
        )
    )


def _trusted_address(client: Client, forwarded_for: str | None) -> str:
    """Return the user's address if the client sent it and may do so; otherwise empty."""
    is_trusted = client.is_token_endpoint_ip_header_trusted and not client.is_public
    return client_address(forwarded_for) if forwarded_for and is_trusted else ""


def _choose_grant(tenant: Tenant, client: Client, parameters: Parameters) -> Grant:
    grant_type = parameters.require("grant_type")
    exchange = GRANTS.get(grant_type)
    if exchange is None:
        raise _unsupported(grant_type)
    if client.is_strict or not _is_native_social(grant_type, parameters):
        check_grant_type(tenant, client, grant_type)
    return exchange


def _is_native_social(grant_type: str, parameters: Parameters) -> bool:
    """Return whether `native_social_login` of the client decides, in place of `grant_types`."""
    kind = parameters.get("subject_token_type")
    return grant_type == grant_types.TOKEN_EXCHANGE and kind in native_social.BY_KIND


def check_grant_type(tenant: Tenant, client: Client, grant_type: str) -> None:
    """Check that a client may use a grant type.

    Raises:
        UnauthorizedClient: It may not.
    """
    hint = _why_not_allowed(tenant, client, grant_type)
    if hint:
        raise UnauthorizedClient(
            f"Grant type '{grant_type}' not allowed for the client.",
            error_uri=_ERROR_URI,
            hint=hint,
        )


def _why_not_allowed(tenant: Tenant, client: Client, grant_type: str) -> str:
    """Explain why a client may not use a grant type; empty if it may."""
    if client.is_strict and grant_type not in strict.GRANT_TYPES:
        return (
            f"Client {client.client_id} is a third-party client with `third_party_security_mode: "
            f"strict`, which may use only {', '.join(strict.GRANT_TYPES)}."
        )
    if grant_type == grant_types.JWT_BEARER:
        return (
            ""
            if client.identity_assertion_authorization_grant.active
            else f"Client {client.client_id} may not exchange identity assertions. Set its "
            "`identity_assertion_authorization_grant` to {active: true} in the tenant file."
        )
    if grant_type not in client.grant_types:
        return (
            f"The `grant_types` of client {client.client_id} are "
            f"{', '.join(client.grant_types) or 'none'}. Add {grant_type} in the tenant file."
        )
    in_file = client.client_id in tenant.directory.clients
    if grant_type == grant_types.TOKEN_VAULT and in_file:
        return _why_no_vault(client)
    if grant_type == grant_types.CLIENT_CREDENTIALS and client.is_public and in_file:
        return (
            f"Client {client.client_id} has `token_endpoint_auth_method: none`, so anybody who "
            "knows its id could act for it. Give it a secret (RFC 6749 4.4)."
        )
    return ""


def _why_no_vault(client: Client) -> str:
    """Explain why Auth0 does not allow Token Vault to a kind of client; empty if it does."""
    for field, is_wrong in (
        ("is_first_party: false", not client.is_first_party),
        ("token_endpoint_auth_method: none", client.is_public),
        ("oidc_conformant: false", client.oidc_conformant is False),
    ):
        if is_wrong:
            return (
                f"Client {client.client_id} has `{field}`. Token Vault is for first-party, "
                "confidential and OIDC-conformant clients."
            )
    return ""


def _unsupported(grant_type: str) -> UnsupportedGrantType:
    if feature := UNSUPPORTED_GRANTS.get(grant_type):
        hint = (
            f"Grant type {grant_type} belongs to a feature of Auth0 that mockidp does not have: "
            f"{feature}. Supported grant types: {', '.join(GRANTS)}."
        )
    else:
        damage = find_damage(grant_type, GRANTS.__contains__)
        why = f", which {damage}" if damage else ""
        listed = list_known("grant types", grant_type, GRANTS)
        hint = f"Parameter `grant_type` is {grant_type!r}{why}. {listed}"
    return UnsupportedGrantType(f"Unsupported grant type: {grant_type}", hint=hint)

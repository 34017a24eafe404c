"""`/passkey/register` and `/passkey/challenge`: start a sign-up or a login with a passkey.

Auth0: https://auth0.com/docs/api/authentication/passkey. Refusals are `invalid_request` with 400;
texts are unknown (docs/fidelity.md, "Passkeys").
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.clients.authentication import authenticate_client_by_standard
from mockidp.flows.organizations.named import REQUIRED
from mockidp.flows.organizations.requested import requested_organization, requires_organization
from mockidp.flows.passkeys.held import new_user_handle
from mockidp.flows.passkeys.profile import new_user_of, read_profile
from mockidp.flows.passkeys.realm import passkey_connection
from mockidp.flows.passkeys.relying_party import (
    accepted_origins,
    check_custom_domain,
    check_installed,
    relying_party_id,
)
from mockidp.flows.requests.parameters import check_parameters
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.login.passkeys import CHALLENGE_LIFETIME, PasskeyChallenge, Purpose
from mockidp.protocol.oauth.grant_types import WEBAUTHN
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.passkeys import PASSKEY_CHALLENGE, PASSKEY_REGISTER
from mockidp.protocol.tokens.base64url import base64url
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.tenant.tenant import Tenant


def start_sign_up(
    tenant: Tenant, base_url: str, parameters: Parameters, authorization: str | None
) -> dict[str, Any]:
    """Return the body of the response of /passkey/register.

    Raises:
        OAuthError: The request is refused.
    """
    client = _client(tenant, base_url, parameters, authorization)
    check_parameters(tenant, PASSKEY_REGISTER, parameters)
    connection = passkey_connection(tenant, client, parameters.get("realm"))
    organization_id = _organization(tenant, client, parameters)
    profile = read_profile(tenant, connection, parameters)
    user = new_user_of(tenant, connection, profile)
    challenge = new_challenge(
        tenant, base_url, client, connection,
        purpose="signup", user_handle=new_user_handle(tenant), profile=profile,
        organization_id=organization_id,
    )  # fmt: skip
    name = user.email or user.username or ""
    return _answer(tenant, challenge, challenge.creation_options(name, user.name or name))


def start_login(
    tenant: Tenant, base_url: str, parameters: Parameters, authorization: str | None
) -> dict[str, Any]:
    """Return the body of the response of /passkey/challenge.

    Raises:
        OAuthError: The request is refused.
    """
    client = _client(tenant, base_url, parameters, authorization)
    check_parameters(tenant, PASSKEY_CHALLENGE, parameters)
    connection = passkey_connection(tenant, client, parameters.get("realm"))
    challenge = new_challenge(
        tenant, base_url, client, connection,
        purpose="login", organization_id=_organization(tenant, client, parameters),
    )  # fmt: skip
    return _answer(tenant, challenge, challenge.request_options())


def new_challenge(
    tenant: Tenant,
    base_url: str,
    client: Client,
    connection: Connection,
    *,
    purpose: Purpose,
    **more: Any,
) -> PasskeyChallenge:
    """Return a new challenge for a client, which is not stored yet."""
    rp_id = relying_party_id(tenant, base_url)
    return PasskeyChallenge(
        purpose=purpose,
        challenge=base64url(tenant.ids.opaque_token().encode()),
        rp_id=rp_id,
        origins=accepted_origins(tenant, base_url, rp_id, client),
        any_loopback=tenant.settings.accept_any_client,
        client_id=client.client_id,
        connection=connection.name,
        **more,
    )


def store_challenge(tenant: Tenant, challenge: PasskeyChallenge) -> str:
    """Store a challenge. Return its `auth_session`."""
    session = tenant.ids.mfa_token()
    expires_at = tenant.now() + CHALLENGE_LIFETIME
    tenant.passkey_challenges.put(session, challenge, expires_at=expires_at)
    return session


def _answer(tenant: Tenant, challenge: PasskeyChallenge, options: dict[str, Any]) -> dict[str, Any]:
    session = store_challenge(tenant, challenge)
    return {"authn_params_public_key": options, "auth_session": session}


def _client(
    tenant: Tenant, base_url: str, parameters: Parameters, authorization: str | None
) -> Client:
    """Return the client of a request, which may use passkeys."""
    client = authenticate_client_by_standard(tenant, base_url, parameters, authorization)
    check_installed(tenant)
    check_custom_domain(tenant, base_url)
    with tenant.trace.check(
        "passkey_client", first_party=client.is_first_party, grant_types=client.grant_types
    ):
        if hint := _why_not(client):
            raise InvalidRequest("The client is not configured for passkeys", hint=hint)
    return client


def _why_not(client: Client) -> str:
    """Explain why a client may not use passkeys; empty if it may."""
    name = f"client {client.client_id}"
    if WEBAUTHN not in client.grant_types:
        return f"The `grant_types` of {name} do not contain {WEBAUTHN}. Add it."
    if not client.is_first_party:
        return f"Field `is_first_party` of {name} is false. Third-party clients get no passkeys."
    if client.oidc_conformant is False:
        return f"Field `oidc_conformant` of {name} is false. Set it to true."
    return ""


def _organization(tenant: Tenant, client: Client, parameters: Parameters) -> str | None:
    found = requested_organization(tenant, client, parameters)
    with tenant.trace.check("organization", usage=client.organization_usage):
        if found is None and requires_organization(client):
            raise InvalidRequest(
                REQUIRED,
                hint=f"Field `organization_usage` of client {client.client_id} is require. Send "
                "`organization`.",
            )
    return found.id if found else None

"""`/delegation`: exchange an ID token or a refresh token for an ID token, also of another client.

Auth0: docs/fidelity.md, "Legacy endpoints". Tokens for third-party add-ons are not issued.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.grants.refresh_token import find_owner, find_refresh_token
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.hints.clients import hint_for_unknown_client
from mockidp.flows.hints.known import list_known
from mockidp.flows.legacy.id_token import IdTokenRefused, read_id_token
from mockidp.flows.legacy.issue import grant, read_scope
from mockidp.flows.legacy.request import (
    check_is_enabled,
    check_is_legacy,
    check_legacy_grant,
    find_client,
    missing,
    require_text,
)
from mockidp.flows.login.blocked import blocked_at_refresh
from mockidp.flows.organizations.incompatible import check_needs_no_organization
from mockidp.flows.requests.parameters import check_parameters
from mockidp.flows.tokens.id_token import issue_id_token
from mockidp.protocol.errors.oauth_error import (
    AccessDenied,
    InvalidGrant,
    InvalidRequest,
    NotImplementedHere,
    UnauthorizedClient,
    UnsupportedGrantType,
)
from mockidp.protocol.errors.refusal_texts import INVALID_REFRESH_TOKEN
from mockidp.protocol.oauth.grant_types import JWT_BEARER, LEGACY_ID_TOKEN, LEGACY_REFRESH_TOKEN
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.scope import OFFLINE_ACCESS, OPENID
from mockidp.protocol.request_parameters.legacy import DELEGATION
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

PATH = "/delegation"
FLAG = "allow_legacy_delegation_grant_types"
OWN_API_TYPES = ("app", "auth0")
ADD_ONS: Mapping[str, str] = {
    "aws": "Amazon Web Services",
    "azure_blob": "Azure Blob Storage",
    "azure_sb": "Azure Service Bus",
    "firebase": "Firebase",
    "layer": "Layer",
    "salesforce_api": "Salesforce",
    "salesforce_sandbox_api": "the Salesforce sandbox",
    "sap_api": "SAP OData",
    "wams": "Azure Mobile Services",
}
"""The values of `api_type` for add-ons, each with its service."""


def delegate(tenant: Tenant, base_url: str, parameters: Parameters) -> dict[str, Any]:
    """Return the body with an ID token for the target, in Auth0's key order.

    Raises:
        OAuthError: The request is refused.
    """
    check_is_enabled(tenant, PATH, FLAG)
    client = find_client(tenant, parameters)
    check_is_legacy(tenant, client, PATH)
    _check_grant_type(tenant, require_text(tenant, parameters, "grant_type"))
    check_parameters(tenant, DELEGATION, parameters)
    request = GrantRequest(tenant=tenant, base_url=base_url, client=client, parameters=parameters)
    _check_api_type(tenant, parameters.get("api_type"))
    target = _find_target(tenant, client, parameters.get("target"))
    check_needs_no_organization(tenant, target, "delegation")
    requested = tuple(one for one in read_scope(request) if one != OFFLINE_ACCESS)
    user = _find_user(request)
    granted = grant(request, target, user, requested or (OPENID,))
    azp = client.client_id if client.client_id != target.client_id else None
    return {
        "token_type": "Bearer",
        "expires_in": target.jwt_configuration.lifetime_in_seconds,
        "id_token": issue_id_token(tenant, base_url, granted, azp=azp),
    }


def _check_grant_type(tenant: Tenant, sent: str) -> None:
    tenant.trace.note(grant=sent)
    with tenant.trace.check("grant_type", sent=sent, known=JWT_BEARER):
        if sent != JWT_BEARER:
            raise UnsupportedGrantType(
                f"Unsupported grant type: {sent}",
                hint=f"Parameter `grant_type` is {sent!r}, but {PATH} accepts only {JWT_BEARER}.",
            )


def _check_api_type(tenant: Tenant, sent: str | None) -> None:
    with tenant.trace.check("api_type", sent=sent, known=OWN_API_TYPES):
        if sent in (None, *OWN_API_TYPES):
            return
        if service := ADD_ONS.get(sent or ""):
            raise NotImplementedHere(
                f"Delegation for {sent} is not implemented by mockidp",
                hint=f"With `api_type` {sent}, Auth0 issues a token for {service}. This "
                "add-on is not implemented here. Only ID tokens are issued "
                f"({', '.join(OWN_API_TYPES)}).",
            )
        raise InvalidRequest(
            f"unknown api_type: {sent}",
            hint=f"Parameter `api_type` is {sent!r}. "
            + list_known("values", str(sent), (*OWN_API_TYPES, *ADD_ONS)),
        )


def _find_target(tenant: Tenant, client: Client, target_id: str | None) -> Client:
    """Return the client that the ID token is for; by default the one that sends the request."""
    if target_id in (None, client.client_id):
        return client
    target = tenant.directory.client(str(target_id))
    allowed = target.allowed_clients if target else ()
    with tenant.trace.check("target", sent=target_id, allowed=allowed):
        if target is None:
            raise UnauthorizedClient(
                "invalid target",
                hint=f"Parameter `target` is {target_id!r}, which is not a client. "
                + hint_for_unknown_client(tenant.directory, str(target_id)),
            )
        if allowed and not {client.client_id, client.name} & {*allowed}:
            raise AccessDenied(
                f"Client {client.client_id} is not allowed to request a token for {target_id}",
                hint=f"The `allowed_clients` of client {target_id} are {', '.join(allowed)}. Add "
                f"{client.client_id}.",
            )
    return target


def _find_user(request: GrantRequest) -> User:
    """Return the user of the ID token or refresh token."""
    parameters = request.parameters
    id_token, refresh_token = parameters.get("id_token"), parameters.get("refresh_token")
    both = id_token is not None and refresh_token is not None
    with request.tenant.trace.check("token", is_sent=bool(id_token or refresh_token)):
        if both:
            raise InvalidRequest(
                "id_token and refresh_token cannot be sent together",
                hint="Both `id_token` and `refresh_token` were sent. Send one of them.",
            )
        if id_token is None and refresh_token is None:
            raise missing(parameters, "id_token")
    if id_token is not None:
        check_legacy_grant(request.tenant, request.client, LEGACY_ID_TOKEN)
        return _user_of_id_token(request, id_token)
    check_legacy_grant(request.tenant, request.client, LEGACY_REFRESH_TOKEN)
    return _user_of_refresh_token(request, str(refresh_token))


def _user_of_id_token(request: GrantRequest, text: str) -> User:
    tenant, client_id = request.tenant, request.client.client_id
    with tenant.trace.check("id_token", sent=cut(text)):
        try:
            token = read_id_token(tenant, request.base_url, text)
        except IdTokenRefused as error:
            raise InvalidGrant(error.text, status=400, hint=error.hint) from None
        if token.client.client_id != client_id:
            raise InvalidGrant(
                "jwt audience invalid",
                status=400,
                hint=f"The ID token was issued to client {token.client.client_id}, but client "
                f"{client_id} sent it.",
            )
    tenant.trace.note(user=token.user.user_id)
    with tenant.trace.check("user", user=token.user.user_id, blocked=token.user.blocked):
        if token.user.blocked:
            raise blocked_at_refresh(f"User {token.user.user_id} has `blocked: true`.")
    return token.user


def _user_of_refresh_token(request: GrantRequest, text: str) -> User:
    with request.tenant.trace.check("refresh_token", sent=cut(text)):
        token, family = find_refresh_token(request, text)
        if token.counter != family.latest_counter:
            raise InvalidGrant(
                INVALID_REFRESH_TOKEN,
                hint="The refresh token was exchanged for a newer one at /oauth/token. Send the "
                "newest one.",
            )
    return find_owner(request, family)

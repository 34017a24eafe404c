"""Check the parameter `organization` against the settings of client and client grant.

Auth0: https://auth0.com/docs/manage-users/organizations. A request that Auth0 would accept for an
organization is refused here, because its tokens would lack `org_id`.
"""

from __future__ import annotations

from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.protocol.parameters import Parameters
from mockidp.resources.client import Client
from mockidp.resources.client_grant import ClientGrant
from mockidp.tenant.tenant import Tenant

NOT_ALLOWED = "parameter organization is not allowed for this client"
REQUIRED = "parameter organization is required for this client"
INVALID = "parameter organization is invalid"
NOT_AN_ID = "authorization request parameter organization must be an organization id"
NO_MEMBERSHIP = (
    "client requires organization membership, but user does not belong to any organization"
)
INVITATION_NOT_FOUND = "invitation not found or already used"
_UNSUPPORTED = "Organizations are not supported by mockidp yet: its tokens would lack `org_id`."
_ID_PREFIX = "org_"


def check_organization(tenant: Tenant, client: Client, parameters: Parameters) -> None:
    """Check the organization and the invitation of an authorization request.

    Raises:
        InvalidRequest: The client does not allow an organization, needs one, or names one.
    """
    sent, invitation = parameters.get("organization"), parameters.get("invitation")
    usage = client.organization_usage
    with tenant.trace.check("organization", sent=sent, usage=usage, invited=invitation is not None):
        if sent is not None:
            raise _refuse_organization(tenant, client, sent)
        if invitation is not None:
            raise InvalidRequest(
                INVITATION_NOT_FOUND, hint=f"The request has an invitation. {_UNSUPPORTED}"
            )
        if usage == "require":
            raise _missing_organization(client)


def _refuse_organization(tenant: Tenant, client: Client, sent: str) -> InvalidRequest:
    usage = f"`organization_usage` of client {client.client_id} is {client.organization_usage}"
    if client.organization_usage == "deny":
        return InvalidRequest(
            NOT_ALLOWED,
            hint=f"Parameter `organization` is {sent!r}, but {usage}. Do not send it.",
        )
    settings = tenant.directory.configuration.tenant
    names_allowed = settings.allow_organization_name_in_authentication_api
    if not sent.startswith(_ID_PREFIX) and not names_allowed:
        return InvalidRequest(
            NOT_AN_ID,
            hint=f"Parameter `organization` is {sent!r}, but ids begin with {_ID_PREFIX}. Names "
            "need the tenant setting `allow_organization_name_in_authentication_api`.",
        )
    return InvalidRequest(INVALID, hint=f"Parameter `organization` is {sent!r}. {_UNSUPPORTED}")


def _missing_organization(client: Client) -> InvalidRequest:
    behavior = client.organization_require_behavior
    text = NO_MEMBERSHIP if behavior == "post_login_prompt" else REQUIRED
    hint = (
        "Parameter `organization` was not sent, but `organization_usage` of client "
        f"{client.client_id} is require."
    )
    if behavior != "no_prompt":
        hint += f" Auth0 would ask the user ({behavior})."
    return InvalidRequest(text, hint=f"{hint} {_UNSUPPORTED}")


def check_password_organization(tenant: Tenant, client: Client) -> None:
    """Check that a client whose users log in to organizations does not use a password grant.

    Raises:
        InvalidRequest: It does. Auth0 has no password grant for organizations.
    """
    usage = client.organization_usage
    with tenant.trace.check("organization", usage=usage):
        if usage == "require":
            raise InvalidRequest(
                REQUIRED,
                hint=f"Field `organization_usage` of client {client.client_id} is require, but a "
                "password grant cannot log in to an organization.",
            )


def check_client_organization(
    tenant: Tenant, client: Client, parameters: Parameters, grant: ClientGrant | None
) -> None:
    """Check the organization of a client that requests a token for itself.

    Raises:
        InvalidRequest: The client grant does not allow one or needs one, or the request names one.
    """
    sent = parameters.get("organization")
    usage = grant.organization_usage if grant else "deny"
    wanted = sent or (_default_organization(client) if usage != "deny" else None)
    with tenant.trace.check("organization", sent=sent, usage=usage, wanted=wanted):
        of_grant = (
            f"`organization_usage` of the client grant of client {client.client_id} is {usage}."
        )
        if sent is not None and usage == "deny":
            raise InvalidRequest(
                NOT_ALLOWED,
                hint=f"Parameter `organization` is {sent!r}, but {of_grant} Do not send it.",
            )
        if wanted is not None:
            origin = "was sent" if sent else "is the `default_organization` of the client"
            raise InvalidRequest(INVALID, hint=f"Organization {wanted!r} {origin}. {_UNSUPPORTED}")
        if usage == "require":
            raise InvalidRequest(
                REQUIRED,
                hint=f"Parameter `organization` was not sent, but {of_grant} {_UNSUPPORTED}",
            )


def _default_organization(client: Client) -> str | None:
    default = client.default_organization
    if default is None or "client_credentials" not in default.flows:
        return None
    return default.organization_id

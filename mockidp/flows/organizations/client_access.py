"""The organization of a client that requests a token for itself.

Auth0: https://auth0.com/docs/manage-users/organizations/organizations-for-m2m-applications. The
client grant says whether an organization is allowed or required, and whether the client has to be
associated with it.
"""

from __future__ import annotations

from mockidp.flows.organizations.named import NOT_ALLOWED, REQUIRED, find_organization
from mockidp.protocol.errors.oauth_error import AccessDenied, InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.client import Client
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.organization import Organization
from mockidp.tenant.tenant import Tenant

_FLOW = "client_credentials"


def organization_of_client(
    tenant: Tenant, client: Client, parameters: Parameters, grant: ClientGrant | None
) -> Organization | None:
    """Return the organization that a client's own token is for; None if it is for none.

    Raises:
        OAuthError: The client grant does not allow one or requires one, or the client is not
            associated with it.
    """
    sent = parameters.get("organization")
    usage = grant.organization_usage if grant else "deny"
    wanted = sent or (_default_organization(client) if usage == "require" else None)
    with tenant.trace.check("organization", sent=sent, usage=usage, wanted=wanted):
        of_grant = (
            f"`organization_usage` of the client grant of client {client.client_id} is {usage}."
        )
        if sent is not None and usage == "deny":
            raise InvalidRequest(
                NOT_ALLOWED,
                hint=f"Parameter `organization` is {sent!r}, but {of_grant} Do not send it, or "
                "set `organization_usage` to allow or require.",
            )
        if wanted is None:
            if usage == "require":
                raise InvalidRequest(
                    REQUIRED,
                    hint=f"Parameter `organization` was not sent, but {of_grant} Send it, or set "
                    "`default_organization` of the client.",
                )
            return None
        organization = find_organization(tenant, wanted)
        _check_association(client, organization, grant)
    tenant.trace.note(organization=organization.id)
    return organization


def _default_organization(client: Client) -> str | None:
    default = client.default_organization
    return default.organization_id if default and _FLOW in default.flows else None


def _check_association(
    client: Client, organization: Organization, grant: ClientGrant | None
) -> None:
    """Check that the client grant is for the organization."""
    is_associated = organization.has_client_grant(
        grant.id if grant else "", {client.client_id, client.name}
    )
    is_for_any = bool(grant and grant.allow_any_organization) and client.is_first_party
    if not (is_associated or is_for_any):
        raise AccessDenied(
            f"client {client.client_id} is not part of the {organization.id} organization",
            hint=f"The `client_grants` of organization {organization.name} do not contain client "
            f"{client.client_id}, and the client grant is not for any organization. Add the client "
            "there, or set `allow_any_organization` of the client grant of a first-party client.",
        )

"""Grants that Auth0 does not combine with organizations: password, device and legacy ones.

Auth0: https://auth0.com/docs/manage-users/organizations/organizations-overview#limitations.
"""

from __future__ import annotations

from mockidp.flows.organizations.named import REQUIRED
from mockidp.flows.organizations.requested import requires_organization
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant


def check_needs_no_organization(tenant: Tenant, client: Client, grant: str) -> None:
    """Check that users of the client can log in without an organization.

    Args:
        tenant: The tenant.
        client: The client.
        grant: The grant in words, such as `password`.

    Raises:
        InvalidRequest: They cannot, and the grant has no organization.
    """
    with tenant.trace.check("organization", usage=client.organization_usage):
        if requires_organization(client):
            raise InvalidRequest(
                REQUIRED,
                hint=f"Field `organization_usage` of client {client.client_id} is require, but a "
                f"{grant} grant cannot log in to an organization. Set it to allow, or log in at "
                "/authorize.",
            )

"""The organization of a token exchange.

Auth0: the parameter `organization` or `api.authentication.setOrganization` names it. The rules of a
login apply: the client allows it, and the user is a member (docs/fidelity.md, "/oauth/token").
"""

from __future__ import annotations

from mockidp.flows.login.connection import NO_CONNECTIONS
from mockidp.flows.organizations.connections import check_connection_of_user
from mockidp.flows.organizations.membership import check_membership, join
from mockidp.flows.organizations.named import REQUIRED
from mockidp.flows.organizations.requested import requested_organization, requires_organization
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


def organization_of_exchange(
    tenant: Tenant, client: Client, user: User, sent: str | None
) -> Organization | None:
    """Return the organization for which a user gets tokens; None for none.

    Raises:
        OAuthError: The client requires one or does not allow it, the user is not a member, or the
            user's connection is not enabled.
    """
    parameters = Parameters({} if sent is None else {"organization": sent})
    organization = requested_organization(tenant, client, parameters)
    if organization is None:
        _check_client(tenant, client, user)
        return None
    check_connection_of_user(tenant, client, organization, user)
    check_membership(tenant, organization, user)
    return organization if organization.member(user.user_id) else join(tenant, organization, user)


def _check_client(tenant: Tenant, client: Client, user: User) -> None:
    with tenant.trace.check("organization", usage=client.organization_usage):
        if requires_organization(client):
            raise InvalidRequest(
                REQUIRED,
                hint=f"Field `organization_usage` of client {client.client_id} is require. Send "
                "`organization`, or let the function of the test call `set_organization`.",
            )
    enabled = tenant.directory.connections_for(client)
    with tenant.trace.check("connection", of_user=user.connection, enabled=enabled):
        if user.connection not in enabled:
            raise InvalidRequest(
                NO_CONNECTIONS,
                hint=f"Connection {user.connection} of user {user.user_id} is not enabled for "
                f"client {client.client_id}. Add the client to its `enabled_clients`, or, for a "
                "third-party client, set its `is_domain_connection`.",
            )

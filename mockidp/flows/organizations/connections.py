"""The connections with which users log in to an organization.

Auth0: they are those of the organization, whatever the connections of the client are. A third-party
client uses only domain connections among them.
"""

from __future__ import annotations

from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.resources.user import User
from mockidp.tenant.directory import Directory
from mockidp.tenant.tenant import Tenant

NO_CONNECTIONS = "no connections enabled for the organization"
NO_VISIBLE_CONNECTIONS = "no connections enabled for the organization are visible"


def connections_of_organization(
    directory: Directory, organization: Organization, client: Client | None = None
) -> tuple[str, ...]:
    """Return the names of the connections with which users can log in to an organization.

    Without a client they are those of the first-party clients.
    """
    return tuple(
        one.name
        for one in organization.connections
        if one.is_enabled and _is_usable(directory, one.name, client)
    )


def offered_connections(
    directory: Directory, organization: Organization, client: Client
) -> tuple[str, ...]:
    """Return those that the login page offers to a request without `connection`."""
    return tuple(
        name
        for name in connections_of_organization(directory, organization, client)
        if _is_offered(directory, organization, name)
    )


def _is_usable(directory: Directory, name: str, client: Client | None) -> bool:
    connection = directory.connection(name)
    return (
        connection is not None
        and connection.authentication.active
        and (client is None or client.is_first_party or connection.is_domain_connection)
    )


def _is_offered(directory: Directory, organization: Organization, name: str) -> bool:
    connection, enabled = directory.connection(name), organization.connection(name)
    is_hidden = enabled is not None and not enabled.show_as_button
    return connection is not None and not (is_hidden and connection.is_enterprise)


def check_organization_connection(
    tenant: Tenant, client: Client, organization: Organization, sent: str | None
) -> None:
    """Check that users can log in to an organization, and with the requested connection.

    Raises:
        InvalidRequest: No connection, or not the requested one, is enabled for the organization.
    """
    directory = tenant.directory
    enabled = connections_of_organization(directory, organization, client)
    offered = offered_connections(directory, organization, client)
    names = ", ".join(enabled) or "none"
    with tenant.trace.check("connection", sent=sent, enabled=enabled, offered=offered):
        if not enabled or sent not in (None, *enabled):
            refused = "No connection is" if sent is None else f"Connection {sent!r} is not"
            raise InvalidRequest(
                NO_CONNECTIONS,
                hint=f"{refused} enabled for organization {organization.name}. Enabled "
                f"connections: {names}. Add it to the `connections` of the organization."
                + _for_third_party(client),
            )
        if sent is None and not offered:
            raise InvalidRequest(
                NO_VISIBLE_CONNECTIONS,
                hint=f"The connections of organization {organization.name} ({names}) have "
                "`show_as_button: false`. Send `connection`, or set it to true.",
            )


def _for_third_party(client: Client) -> str:
    domain = "Client {} is third-party, so set `is_domain_connection` of the connection to true."
    return "" if client.is_first_party else " " + domain.format(client.client_id)


def check_connection_of_user(
    tenant: Tenant, client: Client, organization: Organization, user: User
) -> None:
    """Check that a user can log in to an organization with their own connection.

    Raises:
        InvalidRequest: The connection is not enabled for the organization.
    """
    enabled = connections_of_organization(tenant.directory, organization, client)
    with tenant.trace.check("connection", of_user=user.connection, enabled=enabled):
        if user.connection not in enabled:
            raise InvalidRequest(
                NO_CONNECTIONS,
                hint=f"Connection {user.connection} of user {user.user_id} is not enabled for "
                f"organization {organization.name}. Add it to its `connections`."
                + _for_third_party(client),
            )

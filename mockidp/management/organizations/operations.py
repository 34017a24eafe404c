"""All operations below `/organizations`."""

from mockidp.management.organizations import (
    client_grants,
    clients,
    connections,
    discovery_domains,
    invitations,
    members,
    organization,
)

OPERATIONS = (
    *organization.OPERATIONS,
    *members.OPERATIONS,
    *connections.OPERATIONS,
    *invitations.OPERATIONS,
    *client_grants.OPERATIONS,
    *clients.OPERATIONS,
    *discovery_domains.OPERATIONS,
)

"""All operations below `/organizations`."""

from mockidp.management.organizations import (
    client_grants,
    clients,
    connections,
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
)

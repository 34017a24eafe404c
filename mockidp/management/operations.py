"""All operations of the Management API."""

from mockidp.management import (
    client_grants,
    clients,
    connections,
    jobs,
    resource_servers,
    roles,
    signing_keys,
    tenant_settings,
    tickets,
    user_access,
    users,
)
from mockidp.management.organizations.operations import OPERATIONS as ORGANIZATIONS

OPERATIONS = (
    *users.OPERATIONS,
    *user_access.OPERATIONS,
    *roles.OPERATIONS,
    *resource_servers.OPERATIONS,
    *clients.OPERATIONS,
    *connections.OPERATIONS,
    *client_grants.OPERATIONS,
    *signing_keys.OPERATIONS,
    *tenant_settings.OPERATIONS,
    *ORGANIZATIONS,
    *tickets.OPERATIONS,
    *jobs.OPERATIONS,
)

"""All operations of the Management API."""

from mockidp.management import (
    client_grants,
    clients,
    connections,
    jobs,
    logs,
    resource_servers,
    roles,
    signing_keys,
    tenant_settings,
    tickets,
    user_operations,
)
from mockidp.management.organizations.operations import OPERATIONS as ORGANIZATIONS

OPERATIONS = (
    *user_operations.OPERATIONS,
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
    *logs.OPERATIONS,
)

"""All operations of the Management API."""

from mockidp.management import (
    client_connections,
    client_credentials,
    client_grants,
    clients,
    connections,
    custom_domains,
    jobs,
    logs,
    resource_servers,
    roles,
    signing_keys,
    tenant_settings,
    tickets,
    token_exchange_profiles,
    user_exports,
    user_imports,
    user_operations,
)
from mockidp.management.organizations.operations import OPERATIONS as ORGANIZATIONS

OPERATIONS = (
    *user_operations.OPERATIONS,
    *roles.OPERATIONS,
    *resource_servers.OPERATIONS,
    *clients.OPERATIONS,
    *client_connections.OPERATIONS,
    *client_credentials.OPERATIONS,
    *connections.OPERATIONS,
    *client_grants.OPERATIONS,
    *signing_keys.OPERATIONS,
    *tenant_settings.OPERATIONS,
    *ORGANIZATIONS,
    *token_exchange_profiles.OPERATIONS,
    *custom_domains.OPERATIONS,
    *tickets.OPERATIONS,
    *jobs.OPERATIONS,
    *user_imports.OPERATIONS,
    *user_exports.OPERATIONS,
    *logs.OPERATIONS,
)

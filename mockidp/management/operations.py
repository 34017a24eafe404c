"""All operations of the Management API."""

from mockidp.management import (
    custom_domains,
    email_templates,
    groups,
    guardian,
    prompts,
    resource_servers,
    roles,
    signing_keys,
    tenant_settings,
    token_exchange_profiles,
)
from mockidp.management.artifacts.operations import OPERATIONS as ARTIFACTS
from mockidp.management.clients.operations import OPERATIONS as CLIENTS
from mockidp.management.connections.operations import OPERATIONS as CONNECTIONS
from mockidp.management.jobs.operations import OPERATIONS as JOBS
from mockidp.management.logs.operations import OPERATIONS as LOGS
from mockidp.management.organizations.operations import OPERATIONS as ORGANIZATIONS
from mockidp.management.stored.operations import OPERATIONS as STORED
from mockidp.management.tickets.operations import OPERATIONS as TICKETS
from mockidp.management.users.operations import OPERATIONS as USERS

OPERATIONS = (
    *USERS,
    *ARTIFACTS,
    *roles.OPERATIONS,
    *resource_servers.OPERATIONS,
    *CLIENTS,
    *CONNECTIONS,
    *groups.OPERATIONS,
    *signing_keys.OPERATIONS,
    *tenant_settings.OPERATIONS,
    *ORGANIZATIONS,
    *token_exchange_profiles.OPERATIONS,
    *custom_domains.OPERATIONS,
    *TICKETS,
    *JOBS,
    *LOGS,
    *email_templates.OPERATIONS,
    *guardian.OPERATIONS,
    *prompts.OPERATIONS,
    *STORED,
)

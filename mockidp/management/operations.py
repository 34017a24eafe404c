"""All operations of the Management API."""

from mockidp.management import client_grants, clients, resource_servers, roles, users

OPERATIONS = (
    *users.OPERATIONS,
    *roles.OPERATIONS,
    *resource_servers.OPERATIONS,
    *clients.OPERATIONS,
    *client_grants.OPERATIONS,
)

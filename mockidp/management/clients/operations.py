"""All operations below `/clients` and `/client-grants`."""

from mockidp.management.clients import client_grants, clients, connections, credentials

OPERATIONS = (
    *clients.OPERATIONS,
    *connections.OPERATIONS,
    *credentials.OPERATIONS,
    *client_grants.OPERATIONS,
)

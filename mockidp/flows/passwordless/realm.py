"""Find the passwordless connection that a realm names."""

from __future__ import annotations

from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.tenant.tenant import Tenant


def passwordless_realm(tenant: Tenant, client: Client, realm: str) -> Connection:
    """Return the connection.

    Raises:
        InvalidRequest: It is unknown, not enabled for the client, or not passwordless.
    """
    enabled = tenant.directory.connections_for(client)
    with tenant.trace.check("realm", sent=realm, enabled=enabled):
        connection = tenant.directory.connection(realm) if realm in enabled else None
        if connection is None:
            raise InvalidRequest(
                f"Unknown realm {realm}.",
                hint=f"No connection {realm!r} is enabled for client {client.client_id}.",
            )
        if not connection.is_passwordless:
            raise InvalidRequest(
                "invalid connection specified for passwordless grant",
                hint=f"Connection {realm} has the strategy {connection.strategy}. Only the "
                "strategies email and sms are passwordless.",
            )
    return connection

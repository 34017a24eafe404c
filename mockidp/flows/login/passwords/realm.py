"""Find the connection whose users log in with a password that a client sends.

Auth0: a realm is the name of a connection. Without one, it is the tenant's default directory.
"""

from __future__ import annotations

from mockidp.flows.login.connection import NO_CONNECTIONS, why_no_password
from mockidp.protocol.errors.oauth_error import InvalidRequest, ServerError
from mockidp.resources.client import Client
from mockidp.tenant.directory import Directory
from mockidp.tenant.tenant import Tenant


def password_realm(tenant: Tenant, client: Client, realm: str) -> str:
    """Return the connection that a realm names.

    Raises:
        InvalidRequest: It is unknown, not enabled for the client, or accepts no passwords.
    """
    directory = tenant.directory
    with tenant.trace.check("realm", sent=realm, enabled=directory.connections_for(client)):
        if realm not in directory.connections_for(client):
            raise InvalidRequest(
                f"Unknown realm {realm}.",
                hint=f"No connection {realm!r} is enabled for client {client.client_id}.",
            )
        if hint := why_no_password(directory, [realm]):
            raise InvalidRequest(
                "invalid connection specified for password grant",
                hint=f"{hint} Log in at /authorize?connection={realm} instead.",
            )
    return realm


def default_database_of(tenant: Tenant, client: Client) -> str:
    """Return the tenant's default directory.

    Raises:
        ServerError: The tenant has none, or it is not a database.
        InvalidRequest: It is not enabled for the client.
    """
    directory = tenant.directory
    default = directory.configuration.tenant.default_directory
    with tenant.trace.check("realm", default_directory=default):
        if hint := _why_no_default(directory, default):
            raise ServerError(
                "Authorization server not configured with default connection.",
                hint=f"{hint} Set `tenant.default_directory` to a database connection, or send a "
                "`realm`.",
            )
        if default not in directory.connections_for(client):
            raise InvalidRequest(
                NO_CONNECTIONS,
                hint=f"Connection {default!r}, the `tenant.default_directory`, is not enabled for "
                f"client {client.client_id}. "
                + directory.connections[str(default)].how_to_enable(client),
            )
    return str(default)


def _why_no_default(directory: Directory, default: str | None) -> str:
    if not default:
        return "The tenant has no `default_directory`."
    if default not in directory.connections:
        return f"Setting `tenant.default_directory` is {default!r}, but no such connection exists."
    if hint := why_no_password(directory, [default]):
        return f"Setting `tenant.default_directory` is {default!r}. {hint}"
    return ""

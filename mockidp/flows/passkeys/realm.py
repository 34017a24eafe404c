"""Find the database whose users log in with passkeys.

Auth0: a realm is the name of a connection. Without one, it is the tenant's default directory.
"""

from __future__ import annotations

from mockidp.flows.accounts.database import find_database
from mockidp.flows.login.passwords.realm import default_database_of
from mockidp.protocol.errors.account_refusal import ConnectionRefusal
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.tenant.tenant import Tenant


def passkey_connection(tenant: Tenant, client: Client, realm: str | None) -> Connection:
    """Return the connection that a realm names.

    Raises:
        InvalidRequest: It is no database of the client, or has no passkeys.
        ServerError: The tenant has no default directory.
    """
    name = realm or default_database_of(tenant, client)
    try:
        found = find_database(tenant, client, name)
    except ConnectionRefusal as error:
        raise InvalidRequest(f"Unknown realm {name}.", hint=error.hint) from None
    check_has_passkeys(tenant, found)
    return found


def check_has_passkeys(tenant: Tenant, connection: Connection) -> None:
    """Check that users of a connection may have passkeys.

    Raises:
        InvalidRequest: They may not.
    """
    enabled = connection.options.has_passkeys
    with tenant.trace.check("passkeys_enabled", connection=connection.name, enabled=enabled):
        if not enabled:
            raise InvalidRequest(
                "Passkeys are not enabled for the connection",
                hint=f"Connection {connection.name} has no passkeys. Set its "
                "`options.authentication_methods` to {passkey: {enabled: true}}.",
            )

"""Find the client and the database connection of a sign-up or a password reset."""

from __future__ import annotations

from mockidp.protocol.errors.account_refusal import AccountRefusal, ConnectionRefusal
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.resources.strategies import DATABASE_STRATEGY
from mockidp.tenant.tenant import Tenant

INVALID_REQUEST = "invalid_request"


def require(tenant: Tenant, parameters: Parameters, name: str) -> str:
    """Return a parameter that must be there.

    Raises:
        InvalidRequest: It is not.
    """
    with tenant.trace.check(name, is_sent=parameters.get(name) is not None):
        return parameters.require(name)


def find_client(tenant: Tenant, parameters: Parameters) -> Client:
    """Return the client that a request names. It needs no secret.

    Raises:
        AccountRefusal: There is no such client.
        InvalidRequest: The request names none.
    """
    client_id = require(tenant, parameters, "client_id")
    client = tenant.directory.client(client_id)
    with tenant.trace.check("client_id", sent=client_id):
        if client is None:
            raise AccountRefusal(
                INVALID_REQUEST,
                f"Unknown client: {client_id}",
                hint=f"The tenant has no client {client_id!r}.",
            )
    tenant.trace.note(client=client.client_id)
    return client


def find_database(tenant: Tenant, client: Client, name: str) -> Connection:
    """Return the database connection with a name.

    Raises:
        ConnectionRefusal: No connection has this name, or it is not a database of the client.
    """
    enabled = tenant.directory.connections_for(client)
    found = tenant.directory.connection(name)
    with tenant.trace.check("connection", sent=name, enabled=enabled):
        if found is None or name not in enabled or found.strategy != DATABASE_STRATEGY:
            databases = ", ".join(_databases(tenant, enabled)) or "none"
            raise ConnectionRefusal(
                "connection not found",
                hint=f"{_why_not(found, name, client)} Databases that are enabled for client "
                f"{client.client_id}: {databases}.",
            )
    return found


def first_database(tenant: Tenant, names: tuple[str, ...]) -> Connection | None:
    """Return the first database among connections."""
    return next((tenant.directory.connection(one) for one in _databases(tenant, names)), None)


def sign_up_database(tenant: Tenant, names: tuple[str, ...]) -> Connection | None:
    """Return the first database among connections that accepts sign-ups."""
    found = map(tenant.directory.connection, _databases(tenant, names))
    return next((one for one in found if one and not one.options.disable_signup), None)


def reset_database(tenant: Tenant, names: tuple[str, ...]) -> Connection | None:
    """Return the first database among connections whose users may reset their passwords."""
    found = map(tenant.directory.connection, _databases(tenant, names))
    return next(
        (one for one in found if one and not one.options.disable_self_service_change_password), None
    )


def _databases(tenant: Tenant, names: tuple[str, ...]) -> list[str]:
    found = map(tenant.directory.connection, names)
    return [one.name for one in found if one and one.strategy == DATABASE_STRATEGY]


def _why_not(found: Connection | None, name: str, client: Client) -> str:
    if found is None:
        return f"The tenant has no connection {name!r}."
    if found.strategy != DATABASE_STRATEGY:
        return f"Connection {name!r} has strategy {found.strategy} and is not a database."
    return f"Connection {name!r} is not enabled for client {client.client_id}."

"""Check the connection of an authorization request, and which connections accept passwords.

Auth0: the error texts differ for unknown connections and for those not enabled for the client.
"""

from __future__ import annotations

from collections.abc import Iterable

from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.resources.client import Client
from mockidp.resources.connection import CONNECTION, Connection
from mockidp.resources.strategies import SOCIAL_STRATEGIES
from mockidp.tenant.directory import Directory
from mockidp.tenant.state.records import with_id
from mockidp.tenant.tenant import Tenant

NO_CONNECTIONS = "no connections enabled for the client"
CONNECTION_NOT_FOUND = "the connection was not found"


def check_connection(tenant: Tenant, client: Client, sent: str | None) -> None:
    """Check that the client has a connection, and that the requested one is enabled for it.

    Raises:
        InvalidRequest: The connection is unknown, or not enabled for the client.
    """
    directory = tenant.directory
    if sent is not None:
        _add_if_lenient(tenant, sent)
    enabled = directory.connections_for(client)
    names = ", ".join(enabled) or "none"
    with tenant.trace.check("connection", sent=sent, enabled=enabled):
        if sent is not None and sent not in directory.connections:
            raise InvalidRequest(
                CONNECTION_NOT_FOUND,
                hint=f"The tenant has no connection {sent!r}. Connections that are enabled for "
                f"client {client.client_id}: {names}.",
            )
        if not enabled or (sent is not None and sent not in enabled):
            refused = "No connection is" if sent is None else f"Connection {sent!r} is not"
            raise InvalidRequest(
                NO_CONNECTIONS,
                hint=f"{refused} enabled for client {client.client_id}. Enabled connections: "
                f"{names}. {_remedy(directory, client, sent)}",
            )


def _add_if_lenient(tenant: Tenant, name: str) -> None:
    """Add a social connection that a lenient tenant does not have yet."""
    directory = tenant.directory
    is_social = name in SOCIAL_STRATEGIES
    if not (is_social and tenant.settings.accept_any_client) or name in directory.connections:
        return
    made = with_id(CONNECTION, Connection(name=name, strategy=name), tenant.ids.record_id)
    directory.records[CONNECTION.plural].store.put(name, made)
    tenant.trace.advise(
        f"The tenant had no connection {name!r}, so it was added: `accept_any_client` is on."
    )


def _remedy(directory: Directory, client: Client, sent: str | None) -> str:
    if sent is not None:
        return directory.connections[sent].how_to_enable(client)
    if not client.is_first_party:
        return "The client is third-party, so set `is_domain_connection` of a connection to true."
    return "Add the client to the `enabled_clients` of the connection."


def why_no_password(directory: Directory, names: Iterable[str]) -> str:
    """Explain that none of the connections accepts passwords; empty if one does."""
    found = (directory.connection(name) for name in names)
    connections = [one for one in found if one is not None]
    if not connections or any(one.accepts_passwords for one in connections):
        return ""
    named = ", ".join(f"{one.name} (strategy {one.strategy})" for one in connections)
    return f"Users of {named} do not log in with a password."

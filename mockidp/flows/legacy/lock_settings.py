"""The connections for Lock: of a client in `/client/{id}.js`, of the tenant in `/info-v1.js`.

Auth0: docs/fidelity.md, "Legacy endpoints".
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.hints.clients import hint_for_unknown_client
from mockidp.protocol.errors.oauth_error import NotFound
from mockidp.protocol.urls.rules import first_url
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.resources.strategies import DATABASE_STRATEGY, is_social
from mockidp.tenant.tenant import Tenant

_JS = ".js"


def client_settings(tenant: Tenant, base_url: str, script: str) -> dict[str, Any]:
    """Return the settings of a client, in Auth0's key order.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        script: The name of the script: the client's id and `.js`.

    Raises:
        NotFound: There is no such script or client.
    """
    client_id = script.removesuffix(_JS)
    with tenant.trace.check("client_id", sent=client_id):
        if not script.endswith(_JS):
            raise NotFound(
                "Not Found",
                hint=f"Each client has a script at /client/. Request /client/{script}.js.",
            )
        client = tenant.directory.client(client_id, base_url=base_url)
        if client is None:
            raise NotFound(
                "Not Found",
                hint=f"No client has the `client_id` {client_id!r}. "
                + hint_for_unknown_client(tenant.directory, client_id),
            )
    tenant.trace.note(client=client_id)
    return {
        "id": client.client_id,
        "tenant": tenant.name,
        "subscription": "enterprise",
        "authorize": f"{tenant.browser_url(base_url)}/authorize",
        "callback": first_url(client.callbacks) or "",
        "hasAllowedOrigins": bool(client.allowed_origins or client.web_origins),
        "strategies": _strategies(tenant, client),
    }


def _strategies(tenant: Tenant, client: Client) -> list[dict[str, Any]]:
    """Return the connections that the client's users can log in with, by strategy."""
    by_strategy: dict[str, list[dict[str, Any]]] = {}
    for name in tenant.directory.connections_for(client):
        connection = tenant.directory.connections[name]
        by_strategy.setdefault(connection.strategy, []).append(_connection(connection))
    return [{"name": name, "connections": found} for name, found in by_strategy.items()]


def _connection(connection: Connection) -> dict[str, Any]:
    described: dict[str, Any] = {"name": connection.name}
    if connection.display_name:
        described["display_name"] = connection.display_name
    if connection.options.domain_aliases:
        described["domain_aliases"] = list(connection.options.domain_aliases)
    if connection.strategy != DATABASE_STRATEGY:
        return described
    options = connection.options
    described |= {
        "passwordPolicy": options.passwordPolicy or "good",
        "showSignup": not options.disable_signup,
        "showForgot": not options.disable_self_service_change_password,
        "requires_username": options.requires_username,
    }
    complexity, validation = options.password_complexity_options, options.validation
    if complexity and complexity.min_length:
        described["password_complexity_options"] = {"min_length": complexity.min_length}
    if validation and validation.username:
        length = validation.username
        described["validation"] = {"username": {"min": length.min, "max": length.max}}
    return described


def tenant_settings(tenant: Tenant) -> dict[str, Any]:
    """Return the connections of the tenant, and which of them each client has."""
    directory = tenant.directory
    by_type: dict[str, list[dict[str, Any]]] = {
        "database": [], "enterprise": [], "passwordless": [], "social": [],
    }  # fmt: skip
    for connection in directory.connections.values():
        by_type[_type_of(connection)].append(_tenant_connection(connection))
    return {
        "defaultDirectory": directory.configuration.tenant.default_directory,
        "clientsConnections": {
            client.client_id: list(directory.connections_for(client))
            for client in directory.clients.values()
        },
        "connections": by_type,
    }


def _type_of(connection: Connection) -> str:
    if connection.strategy == DATABASE_STRATEGY:
        return "database"
    if connection.is_passwordless:
        return "passwordless"
    return "social" if is_social(connection.strategy) else "enterprise"


def _tenant_connection(connection: Connection) -> dict[str, Any]:
    options = connection.options
    described: dict[str, Any] = {"name": connection.name, "strategy": connection.strategy}
    if connection.strategy == DATABASE_STRATEGY:
        described |= {
            "validation": {"passwordPolicy": options.passwordPolicy or "good"},
            "allowSignup": not options.disable_signup,
            "allowForgot": not options.disable_self_service_change_password,
            "requiresUsername": options.requires_username,
        }
    elif _type_of(connection) == "enterprise":
        described["domains"] = list(options.domain_aliases)
    return described

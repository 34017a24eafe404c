"""The client, the parameters and the connection of a request to a legacy endpoint.

Auth0: a missing parameter is "missing <name> parameter", and an unknown client 403
"invalid client".
"""

from __future__ import annotations

from mockidp.flows.hints.clients import hint_for_unknown_client
from mockidp.flows.hints.known import list_known
from mockidp.flows.login.connection import CONNECTION_NOT_FOUND
from mockidp.flows.token import check_grant_type
from mockidp.protocol.errors.oauth_error import (
    EndpointDisabled,
    InvalidRequest,
    UnauthorizedClient,
    UserUnauthorized,
)
from mockidp.protocol.errors.refusal_texts import USER_BLOCKED
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

CONNECTION_DISABLED = "the connection was disabled"
UNSUPPORTED_STRATEGY = "specified strategy does not support requested operation"


def require_text(tenant: Tenant, parameters: Parameters, name: str) -> str:
    """Return a parameter.

    Raises:
        InvalidRequest: It is absent, empty or not a string.
    """
    with tenant.trace.check(name, is_sent=bool(parameters.raw().get(name))):
        value = parameters.get(name)
        if value is None:
            raise missing(parameters, name)
        return value


def missing(parameters: Parameters, name: str) -> InvalidRequest:
    """Return the refusal of a request without a parameter."""
    hint = parameters.why_absent(name) or f"Parameter `{name}` was not sent. Send it."
    return InvalidRequest(f"missing {name} parameter", hint=hint)


def check_is_enabled(tenant: Tenant, path: str, flag: str) -> None:
    """Check that the tenant has switched a legacy endpoint on. A lenient tenant has all of them.

    Raises:
        EndpointDisabled: It has not.
    """
    enabled = getattr(tenant.directory.configuration.tenant.flags, flag)
    with tenant.trace.check("flag", flag=flag, enabled=enabled):
        if not enabled and not tenant.settings.accept_any_client:
            raise EndpointDisabled(
                f"Endpoint {path} is disabled",
                hint=f"Auth0 serves {path} only to tenants with the flag `{flag}`. Set "
                f"`tenant.flags.{flag}: true` in the tenant file.",
            )


def find_client(tenant: Tenant, parameters: Parameters) -> Client:
    """Return the client of a request, which is not authenticated.

    Raises:
        InvalidRequest: The request names no client.
        UnauthorizedClient: The client is unknown.
    """
    client_id = require_text(tenant, parameters, "client_id")
    with tenant.trace.check("client_id", sent=client_id):
        client = tenant.directory.client(client_id)
        if client is None:
            raise UnauthorizedClient(
                "invalid client",
                hint=f"No client has the `client_id` {client_id!r}. "
                + hint_for_unknown_client(tenant.directory, client_id),
            )
    tenant.trace.note(client=client.client_id)
    return client


def check_is_legacy(tenant: Tenant, client: Client, path: str) -> None:
    """Check that the legacy pipeline handles a client. A client that is not in the file may be any.

    Raises:
        InvalidRequest: It does not.
    """
    conformant = client.oidc_conformant
    in_file = client.client_id in tenant.directory.clients
    with tenant.trace.check("oidc_conformant", is_conformant=conformant):
        if in_file and conformant is not False:
            raise InvalidRequest(
                f"OIDC conformant clients cannot use {path}",
                hint=f"Client {client.client_id} does not have `oidc_conformant: false`. Set it in "
                f"the tenant file to use {path}, which belongs to Auth0's legacy pipeline.",
            )


def check_legacy_grant(tenant: Tenant, client: Client, grant_type: str) -> None:
    """Check that a client has a legacy grant type.

    Raises:
        UnauthorizedClient: It does not.
    """
    with tenant.trace.check("grant_type", needed=grant_type, allowed=client.grant_types):
        check_grant_type(tenant, client, grant_type)


def find_connection(tenant: Tenant, client: Client, name: str) -> Connection:
    """Return the connection that a request names.

    Raises:
        InvalidRequest: It is unknown, or not enabled for the client.
    """
    directory = tenant.directory
    connection, enabled = directory.connection(name), directory.connections_for(client)
    with tenant.trace.check("connection", sent=name, enabled=enabled):
        if connection is None:
            raise InvalidRequest(
                CONNECTION_NOT_FOUND,
                hint=f"The tenant has no connection {name!r}. "
                + list_known("connections", name, directory.connections),
            )
        if name not in enabled:
            raise InvalidRequest(
                CONNECTION_DISABLED,
                hint=f"Connection {name} is not enabled for client {client.client_id}. "
                + connection.how_to_enable(client),
            )
    return connection


def check_not_blocked(tenant: Tenant, user: User) -> None:
    """Check that an administrator has not blocked a user.

    Raises:
        UserUnauthorized: The user is blocked.
    """
    tenant.trace.note(user=user.user_id)
    with tenant.trace.check("user", user=user.user_id, blocked=user.blocked):
        if user.blocked:
            raise UserUnauthorized(USER_BLOCKED, hint=f"User {user.user_id} has `blocked: true`.")


def unsupported_strategy(connection: Connection, supported: str) -> InvalidRequest:
    """Return the refusal of a connection of another strategy than an endpoint supports."""
    return InvalidRequest(
        UNSUPPORTED_STRATEGY,
        hint=f"Connection {connection.name} has the strategy {connection.strategy}. This endpoint "
        f"supports {supported}.",
    )

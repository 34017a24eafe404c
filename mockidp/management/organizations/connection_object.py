"""The connections of an organization as JSON.

Auth0: two routes have the same data, with fewer fields in the older one. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.management.body import check_keys_of
from mockidp.management.connections.connections import CONNECTIONS
from mockidp.management.json_values import JsonType, check_types_of
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_body, not_found
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.resources.connection import Connection
from mockidp.resources.organization import OrganizationConnection
from mockidp.resources.strategies import DATABASE_STRATEGY

OLD_FIELDS = ("assign_membership_on_login", "is_signup_enabled", "show_as_button")
NEW_FIELDS = (
    *OLD_FIELDS,
    "is_enabled",
    "organization_access_level",
    "organization_connection_name",
)
FIELD_TYPES: Mapping[str, JsonType] = {
    **dict.fromkeys(OLD_FIELDS, "boolean"),
    "is_enabled": "boolean",
    "organization_access_level": "string",
    "organization_connection_name": "string",
}
_NO_SIGN_UP = (
    "Only database connections with assign_membership_on_login = true support "
    "is_signup_enabled = true."
)


def find_connection(call: Call, connection_id: Any) -> Connection:
    """Return the connection of the tenant with an id.

    Raises:
        ApiRefusal: There is no such connection.
    """
    found = next((one for one in CONNECTIONS.all(call) if one.id == connection_id), None)
    with call.tenant.trace.check("connection", id=connection_id, found=found is not None):
        if found is None:
            raise no_connection(f"No connection has the id {connection_id!r}.")
    return found


def no_connection(hint: str) -> ApiRefusal:
    """Return the 404 of a connection that the tenant or the organization does not have."""
    return not_found("No connection found by that id", hint=hint)


def read_connections(call: Call, sent: Any) -> list[dict[str, Any]]:
    """Return the connections in the body of a new organization, as in a tenant file.

    Raises:
        ApiRefusal: There is a mistake in the body, or no such connection.
    """
    with call.tenant.trace.check("enabled_connections"):
        if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
            raise invalid_body(
                "Expected type array of objects",
                at="enabled_connections",
                hint="`enabled_connections` is a list of objects with connection_id.",
            )
        for number, one in enumerate(sent):
            place = f"enabled_connections[{number}]"
            check_keys_of(one, ("connection_id", *OLD_FIELDS), ("connection_id",), at=place)
            check_types_of(one, FIELD_TYPES, at=place)
        _check_unique([one["connection_id"] for one in sent])
    return [read_connection(call, one) for one in sent]


def _check_unique(ids: list[Any]) -> None:
    for index, one in enumerate(ids):
        if one in ids[:index]:
            raise invalid_body(
                f"Array items are not unique (indexes {ids.index(one)} and {index})",
                at="enabled_connections",
                hint=f"`enabled_connections` has connection {one!r} twice.",
            )


def read_connection(call: Call, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new connection of an organization, as in a tenant file.

    Raises:
        ApiRefusal: The tenant has no such connection, or users cannot sign up with it.
    """
    connection = find_connection(call, sent["connection_id"])
    CONNECTIONS.check_change(call, connection)
    entry = {name: one for name, one in sent.items() if name != "connection_id"}
    check_sign_up(call, connection, entry)
    return {"name": connection.name, **entry}


def check_sign_up(call: Call, connection: Connection, entry: Mapping[str, Any]) -> None:
    """Check that users can sign up with a connection of an organization, if they should.

    Raises:
        ApiRefusal: They cannot.
    """
    becomes_member = entry.get("assign_membership_on_login") is True
    with call.tenant.trace.check("sign_up", connection=connection.name):
        if entry.get("is_signup_enabled") is not True:
            return
        if not (becomes_member and connection.strategy == DATABASE_STRATEGY):
            raise ApiRefusal(
                400,
                _NO_SIGN_UP,
                error_code="invalid_body",
                hint=f"`is_signup_enabled` is true for connection {connection.name}, which has the "
                f"strategy {connection.strategy}. It needs a database connection and "
                "`assign_membership_on_login: true`.",
            )


def show_enabled(call: Call, one: OrganizationConnection) -> dict[str, Any]:
    """Return a connection as the route `/enabled_connections` has it."""
    connection = _connection(call, one)
    is_database = connection.strategy == DATABASE_STRATEGY
    return {
        "connection_id": connection.id,
        "assign_membership_on_login": one.assign_membership_on_login,
        "show_as_button": one.show_as_button,
        **({"is_signup_enabled": one.is_signup_enabled} if is_database else {}),
        "connection": {"name": connection.name, "strategy": connection.strategy},
    }


def show_connection(call: Call, one: OrganizationConnection) -> dict[str, Any]:
    """Return a connection as the route `/connections` has it."""
    connection = _connection(call, one)
    name = one.extra.get("organization_connection_name")
    return {
        "connection_id": connection.id,
        "is_signup_enabled": one.is_signup_enabled,
        "assign_membership_on_login": one.assign_membership_on_login,
        "show_as_button": one.show_as_button,
        "is_enabled": one.is_enabled,
        "organization_access_level": one.extra.get("organization_access_level", "none"),
        **({"organization_connection_name": name} if name else {}),
        "connection": {"name": connection.name, "strategy": connection.strategy},
    }


def _connection(call: Call, one: OrganizationConnection) -> Connection:
    """Return the connection. An export may refer to one that it does not contain."""
    return call.tenant.directory.connection(one.name) or Connection(name=one.name)

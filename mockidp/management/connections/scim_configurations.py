"""SCIM configurations of connections, with which a company's directory creates users.

Auth0: deleting an unknown one is not an error. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from mockidp.management.body import check_keys, checked_values
from mockidp.management.connections.connections import CONNECTIONS
from mockidp.management.listing import CHECKPOINT, ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, not_found
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.resources.connection import CONNECTION, Connection
from mockidp.resources.scim_configuration import (
    SCIM_STRATEGIES,
    ScimConfiguration,
    ScimMapping,
    default_mapping,
)
from mockidp.tenant.timestamps import timestamp
from mockidp.testing import records
from mockidp.testing.user_changes import delete_scim_tokens

_FIELDS = ("user_id_attribute", "mapping")
_UNSUPPORTED = (
    "This connection type does not support SCIM. Please see our documentation for the currently "
    "supported connection types: https://auth0.com/docs/authenticate/protocols/scim/"
    "configure-inbound-scim."
)
_CONFIGURATIONS = ListShape(key="scim_configurations", has_checkpoints=True, is_object=True)
_DIRECTORIES = ListShape(key="directory_provisionings", has_checkpoints=True, is_object=True)


def find_connection(call: Call) -> Connection:
    """Return the connection of a call, which may have a SCIM configuration.

    Raises:
        ApiRefusal: There is no such connection, or its strategy does not support SCIM.
    """
    connection = CONNECTIONS.find(call, call.id)
    with call.tenant.trace.check("strategy", strategy=connection.strategy):
        if not connection.supports_scim:
            raise not_found(
                _UNSUPPORTED,
                hint=f"Connection {connection.name} has the strategy {connection.strategy}. SCIM "
                f"needs one of {', '.join(SCIM_STRATEGIES)}.",
            )
    return connection


def find_configuration(call: Call) -> tuple[Connection, ScimConfiguration]:
    """Return the connection of a call and its SCIM configuration.

    Raises:
        ApiRefusal: It has none.
    """
    connection = find_connection(call)
    found = connection.scim_configuration
    with call.tenant.trace.check("scim_configuration", found=found is not None):
        if found is None:
            raise not_found(
                "Not Found",
                hint=f"Connection {connection.name} has no SCIM configuration. Create one with "
                f"POST /api/v2/connections/{connection.id}/scim-configuration.",
            )
    return connection, found


def _show(call: Call, connection: Connection, one: ScimConfiguration) -> dict[str, Any]:
    return {
        "tenant_name": call.tenant.name,
        "connection_id": connection.id,
        "connection_name": connection.name,
        "strategy": connection.strategy,
        "mapping": _show_mapping(one.mapping_of(connection.strategy)),
        "updated_on": one.updated_on,
        "created_at": one.created_at,
        "user_id_attribute": one.user_id_attribute_of(connection.strategy),
    }


def _show_mapping(mapping: Sequence[ScimMapping]) -> list[dict[str, str]]:
    return [{"scim": one.scim, "auth0": one.auth0} for one in mapping]


def _get(call: Call) -> Any:
    return _show(call, *find_configuration(call))


def _default_mapping(call: Call) -> Any:
    return {"mapping": _show_mapping(default_mapping(find_connection(call).strategy))}


def _create(call: Call) -> Any:
    check_keys(call, _FIELDS)
    now = timestamp(call.tenant.now())
    with call.tenant.backend.exclusive():
        connection = find_connection(call)
        _check_is_new(call, connection)
        return _write(call, connection, {**call.body, "created_at": now, "updated_on": now})


def _check_is_new(call: Call, connection: Connection) -> None:
    exists = connection.scim_configuration is not None
    with call.tenant.trace.check("new", exists=exists):
        if exists:
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                "The SCIM configuration already exists",
                hint=f"Connection {connection.name} has a SCIM configuration. Change it with "
                "PATCH, or delete it first.",
            )


def _patch(call: Call) -> Any:
    check_keys(call, _FIELDS, required=_FIELDS)
    with call.tenant.backend.exclusive():
        connection, before = find_configuration(call)
        now = timestamp(call.tenant.now())
        fields = {**call.body, "created_at": before.created_at, "updated_on": now}
        return _write(call, connection, fields)


def _write(call: Call, connection: Connection, fields: Mapping[str, Any]) -> dict[str, Any]:
    _check_mapping(call, fields.get("mapping"))
    with checked_values(call):
        changed = records.change(
            call.tenant,
            CONNECTION,
            connection.name,
            lambda held: {**held, "scim_configuration": fields},
        )
    return _show(call, changed, changed.scim_configuration or ScimConfiguration())


def _check_mapping(call: Call, mapping: Any) -> None:
    """Check that each attribute occurs once. Auth0: the mapping is one to one."""
    items = mapping if isinstance(mapping, list) else []
    with call.tenant.trace.check("mapping", number=len(items)):
        for side in ("scim", "auth0"):
            names = [one.get(side) for one in items if isinstance(one, dict)]
            twice = next((one for one in names if names.count(one) > 1), None)
            if twice is not None:
                raise invalid_body(
                    f"Duplicate {side} attribute in mapping",
                    at="mapping",
                    hint=f"{str(twice)[:100]!r} is mapped twice. An attribute can be mapped to "
                    "one other only.",
                )


def _delete(call: Call) -> None:
    """Delete the configuration and its tokens. An unknown one is not an error."""
    connection = find_connection(call)
    if connection.scim_configuration is None:
        return

    def without(held: dict[str, Any]) -> dict[str, Any]:
        held.pop("scim_configuration", None)
        return held

    records.change(call.tenant, CONNECTION, connection.name, without)
    delete_scim_tokens(call.tenant, connection.id)


def _list(call: Call) -> Any:
    found = [
        _show(call, connection, connection.scim_configuration)
        for connection in CONNECTIONS.all(call)
        if connection.scim_configuration is not None
    ]
    return _CONFIGURATIONS.page(call, found, dict, lambda one: one["connection_id"])


def _list_directories(call: Call) -> Any:
    """Return an empty list: nothing here synchronizes the users of Google Workspace."""
    return _DIRECTORIES.page(call, (), dict)


PATH, _NOUN = "/connections/{id}/scim-configuration", "scim_config"
OPERATIONS = (
    Operation(
        title="Get a connection's SCIM configuration", method="GET", path=PATH,
        scopes=(f"read:{_NOUN}",), handler=_get,
    ),
    Operation(
        title="Create a SCIM configuration", method="POST", path=PATH,
        scopes=(f"create:{_NOUN}",), handler=_create, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Patch a connection's SCIM configuration", method="PATCH", path=PATH,
        scopes=(f"update:{_NOUN}",), handler=_patch,
    ),
    Operation(
        title="Delete a connection's SCIM configuration", method="DELETE", path=PATH,
        scopes=(f"delete:{_NOUN}",), handler=_delete, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Get a connection's default SCIM mapping", method="GET",
        path=f"{PATH}/default-mapping", scopes=(f"read:{_NOUN}",), handler=_default_mapping,
    ),
    Operation(
        title="Get a list of SCIM configurations", method="GET",
        path="/connections-scim-configurations", scopes=(f"read:{_NOUN}",), handler=_list,
        query=CHECKPOINT,
    ),
    Operation(
        title="Get a list of directory provisioning configurations", method="GET",
        path="/connections-directory-provisionings", scopes=("read:directory_provisionings",),
        handler=_list_directories, query=CHECKPOINT,
    ),
)  # fmt: skip

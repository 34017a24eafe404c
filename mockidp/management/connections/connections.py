"""Connections, and the clients for which they are enabled.

Auth0: deleting one is answered with 202; an update replaces `options`, but keeps secrets that it
leaves out. Source: docs/fidelity.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.codec.write import to_file, to_wire
from mockidp.frozen import replace
from mockidp.management import field_types
from mockidp.management.body import check_keys_of, checked_values
from mockidp.management.collection import Resource, Texts, ordered
from mockidp.management.listing import CHECKPOINT, ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import (
    invalid_body,
    invalid_query,
    not_supported,
)
from mockidp.resources.connection import CONNECTION, Connection
from mockidp.resources.strategies import DATABASE_STRATEGY
from mockidp.resources.user import USER
from mockidp.tenant.content.try_client import TEST_CLIENT_ID
from mockidp.tenant.timestamps import timestamp
from mockidp.testing import records

_ORDER = (
    "id", "options", "strategy", "name", "is_domain_connection", "show_as_button", "display_name",
    "authentication", "metadata", "enabled_clients", "realms",
)  # fmt: skip
_SECRETS = ("client_secret", "app_secret", "clientSecret")
_MAX_CHANGES = 50
_NAME, _MAX_NAME = re.compile("[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*"), 128
_CLIENT = ("client_id", "status")


def _show(call: Call, connection: Connection) -> Mapping[str, Any]:
    fields = to_file(connection)
    fields.pop("scim_configuration", None)  # it has its own path
    shown = {
        "is_domain_connection": False,
        **fields,
        "options": _show_options(connection),
        "strategy": connection.strategy,
        "enabled_clients": enabled_clients(call, connection),
        "realms": [connection.name],
        "id": connection.id,
    }
    return ordered(shown, _ORDER)


def _show_options(connection: Connection) -> dict[str, Any]:
    """Return the options that were set, and those that every connection of a strategy has."""
    complete, shown = to_wire(connection.options), set(to_file(connection.options))
    if not connection.is_federated:
        shown.add("brute_force_protection")
    return {name: one for name, one in complete.items() if name in shown}


def enabled_clients(call: Call, connection: Connection) -> list[str]:
    """Return the ids of the clients for which a connection is enabled, without mockidp's own."""
    return [one for one in _enabled(call, connection) if one != TEST_CLIENT_ID]


def _enabled(call: Call, connection: Connection) -> list[str]:
    """Return the ids of all clients for which it is enabled: by default all but the global one."""
    clients = call.tenant.directory.clients
    if connection.enabled_clients is None:
        return [client_id for client_id, one in clients.items() if not one.is_global]
    by_name = {one.name: one.client_id for one in clients.values()}
    return [by_name.get(one, one) for one in connection.enabled_clients]


def _made_up(call: Call) -> tuple[Connection, ...]:
    """Return the database of a tenant that describes none."""
    directory, known = call.tenant.directory, call.tenant.directory.records[CONNECTION.plural]
    return tuple(
        replace(one, id=call.tenant.ids.record_id(CONNECTION.id_prefix, one.name))
        for name, one in directory.connections.items()
        if name not in known
    )


def _find_made_up(call: Call, connection_id: str) -> Connection | None:
    return next((one for one in _made_up(call) if one.id == connection_id), None)


def _keep(call: Call, connection: Connection) -> None:
    """Add the database of a tenant that describes none, before it is changed."""
    known = call.tenant.directory.records[CONNECTION.plural]
    if connection.name not in known:
        known.store.put(connection.name, connection)


def _with_secrets(held: Mapping[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the fields after an update, with the secrets that its options leave out."""
    before, options = held.get("options", {}), after.get("options", {})
    if not isinstance(options, Mapping):
        return after
    kept = {name for name in _SECRETS if name in before and name not in options}
    if not kept:
        return after
    known = {name: one for name, one in before.items() if name in options or name in kept}
    return {**after, "options": {**known, **options}}


def _check_name(call: Call, fields: Mapping[str, Any]) -> None:
    name = fields["name"]
    with call.tenant.trace.check("name", sent=name):
        if not isinstance(name, str):
            return
        if not _NAME.fullmatch(name):
            raise invalid_body(
                f"String does not match pattern ^{_NAME.pattern}$",
                at="name",
                hint=f"`name` is {name[:40]!r}. Send letters, digits and single hyphens, none of "
                "them at the beginning or end.",
            )
        if len(name) > _MAX_NAME:
            raise invalid_body(
                f"String is too long ({len(name)} chars), maximum {_MAX_NAME}",
                at="name",
                hint=f"Send a name of at most {_MAX_NAME} characters.",
            )


CONNECTIONS = Resource(
    kind=CONNECTION,
    path="/connections",
    noun="connections",
    texts=Texts(
        title="connection",
        missing="The connection does not exist",
        missing_code="inexistent_connection",
        exists="A connection with the same name already exists",
    ),
    shape=ListShape(
        key="connections", order=("total", "start", "limit", "connections"), has_checkpoints=True
    ),
    show=_show,
    read_only=frozenset({"id", "provisioning_ticket_url", "scim_configuration"}),
    fixed=frozenset({"name", "strategy"}),
    required=("name", "strategy"),
    types=field_types.CONNECTION,
    text_maps={"metadata": 10},
    defaults=lambda _call: {"enabled_clients": []},
    filters={
        "name": lambda connection, wanted: connection.name == wanted,
        "strategy": lambda connection, wanted: connection.strategy in wanted.split(","),
    },
    check_new=_check_name,
    amend=_with_secrets,
    check_change=_keep,
    find_other=_find_made_up,
    others=_made_up,
)


def _delete(call: Call) -> Any:
    """Delete a connection and its users. Auth0: 202, or 204 for an unknown one."""
    if not CONNECTIONS.delete(call):
        return None
    return {"deleted_at": timestamp(call.tenant.now())}


def _delete_user(call: Call) -> None:
    """Delete the user with an e-mail address. Auth0: an unknown one is not an error."""
    connection, email = CONNECTIONS.find(call, call.id), call.query.get("email")
    with call.tenant.trace.check("email", sent=email):
        if not email:
            hint = "Send `email` in the query. A connection's users are deleted one by one."
            raise invalid_query("Missing required property: email", hint=hint)
    with call.tenant.trace.check("strategy", of_connection=connection.strategy):
        if connection.strategy != DATABASE_STRATEGY:
            raise not_supported(
                "The connection must be a database connection.",
                hint=f"Connection {connection.name} has the strategy {connection.strategy}.",
            )
    user = call.tenant.directory.find_user(email, [connection.name])
    if user is None or user.email != email.lower():
        call.tenant.trace.advise(
            f"Connection {connection.name} has no user with the e-mail {email!r}."
        )
        return
    records.remove(call.tenant, USER, user.user_id)


def _list_clients(call: Call) -> Any:
    connection = CONNECTIONS.find(call, call.id)
    clients = enabled_clients(call, connection)
    return _CLIENTS.page(call, clients, lambda one: {"client_id": one})


_CLIENTS = ListShape(key="clients", has_checkpoints=True, is_object=True)


def _change_clients(call: Call) -> None:
    connection = CONNECTIONS.find(call, call.id)
    changes = _read_changes(call)
    CONNECTIONS.check_change(call, connection)

    def with_changes(held: dict[str, Any]) -> dict[str, Any]:
        enabled = dict.fromkeys(_enabled(call, CONNECTIONS.find(call, call.id)))
        for client_id, status in changes.items():
            enabled.pop(client_id, None)
            enabled |= {client_id: None} if status else {}
        return {**held, "enabled_clients": list(enabled)}

    with call.tenant.backend.exclusive(), checked_values(call):
        records.change(call.tenant, CONNECTION, connection.name, with_changes)


def _read_changes(call: Call) -> dict[str, bool]:
    sent = call.items
    with call.tenant.trace.check("clients", number=len(sent)):
        if not 0 < len(sent) <= _MAX_CHANGES:
            raise invalid_body(
                f"Expected 1 to {_MAX_CHANGES} items",
                hint=f"The body is a list of 1 to {_MAX_CHANGES} objects with client_id and "
                "status.",
            )
        for number, one in enumerate(sent):
            if not isinstance(one, dict):
                raise invalid_body("Expected type object", hint="Send a list of objects.")
            check_keys_of(one, _CLIENT, required=_CLIENT)
            if not (isinstance(one["client_id"], str) and isinstance(one["status"], bool)):
                raise invalid_body(
                    "Expected a string and a boolean",
                    hint="`client_id` is a string, and `status` is true or false.",
                )
            if one["status"] and call.tenant.directory.client(one["client_id"]) is None:
                raise invalid_body(
                    "Expected a client's id",
                    at=f"[{number}].client_id",
                    hint=f"No client has the id {one['client_id'][:40]!r}.",
                )
    return {one["client_id"]: one["status"] for one in sent}


_PATH = "/connections/{id}"
OPERATIONS = (
    *(one for one in CONNECTIONS.operations() if one.method != "DELETE"),
    Operation(
        title="Delete a connection", method="DELETE", path=_PATH, scopes=("delete:connections",),
        handler=_delete, status=HTTPStatus.ACCEPTED,
    ),
    Operation(
        title="Get enabled clients for a connection", method="GET", path=f"{_PATH}/clients",
        scopes=("read:connections",), handler=_list_clients, query=CHECKPOINT,
    ),
    Operation(
        title="Update enabled clients for a connection", method="PATCH", path=f"{_PATH}/clients",
        scopes=("update:connections",), handler=_change_clients, status=HTTPStatus.NO_CONTENT,
        has_list=True,
    ),
    Operation(
        title="Delete a connection user", method="DELETE", path=f"{_PATH}/users",
        scopes=("delete:users",), handler=_delete_user, query=frozenset({"email"}),
        status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip

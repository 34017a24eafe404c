"""The connections that are enabled for a client. Source: docs/fidelity.md."""

from __future__ import annotations

from typing import Any

from mockidp.management.access import check_scopes
from mockidp.management.clients.clients import CLIENTS
from mockidp.management.connections.connections import CONNECTIONS, enabled_clients
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation

_LIST = ListShape(key="connections", has_checkpoints=True, is_object=True)


def _list(call: Call) -> Any:
    check_scopes(call.tenant, call.caller, ["read:clients"])
    client = CLIENTS.find(call, call.id)
    found = [one for one in CONNECTIONS.all(call) if client.client_id in enabled_clients(call, one)]
    return _LIST.page(call, found, lambda one: CONNECTIONS.show(call, one), lambda one: one.name)


OPERATIONS = (
    Operation(
        title="Get enabled connections for a client",
        method="GET",
        path="/clients/{id}/connections",
        scopes=("read:connections",),
        handler=_list,
        query=_LIST.parameters | {"strategy"},
    ),
)

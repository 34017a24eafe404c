"""Forms, flows and the connections of their vault. They are stored, and no login shows a form.

A file of the Deploy CLI has the names of flows in forms, and those of connections in flows.
Source: docs/fidelity.md.
"""

from __future__ import annotations

import json
from typing import Any

from mockidp.management.collection import Texts
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call
from mockidp.management.stored.collection import Stored, StoredList, with_prefix
from mockidp.management.stored.values import with_ids

_ID_LENGTH = 22


def _shape(key: str) -> ListShape:
    return ListShape(key=key, order=("limit", "start", "total", key))


def _show_form(call: Call, form: Stored) -> Any:
    return with_ids(form, "flow_id", FLOWS.ids(call))


def _show_flow(call: Call, flow: Stored) -> Any:
    return with_ids(flow, "connection_id", VAULT.ids(call))


def _show_connection(call: Call, connection: Stored) -> Stored:
    """Return a connection; a fingerprint tells whether its secrets have changed."""
    setup = connection.get("setup")
    if not setup:
        return {"ready": False, **connection}
    digest = call.tenant.ids.hex_id("fingerprint", json.dumps(setup, sort_keys=True))
    return {**connection, "ready": True, "fingerprint": digest}


FORMS = StoredList(
    section="forms",
    path="/forms",
    noun="forms",
    texts=Texts(
        title="form",
        missing="Form not found",
        exists="A form with the same name already exists",
    ),
    shape=_shape("forms"),
    make_id=with_prefix("ap_", _ID_LENGTH),
    order=("id", "name", "languages", "nodes", "start", "ending", "created_at", "updated_at"),
    required=("name",),
    types={
        "name": "string", "languages": "object", "nodes": "array", "start": "object",
        "ending": "object",
    },
    has_timestamps=True,
    show=_show_form,
)  # fmt: skip
FLOWS = StoredList(
    section="flows",
    path="/flows",
    noun="flows",
    texts=Texts(
        title="flow",
        missing="Flow not found",
        exists="A flow with the same name already exists",
    ),
    shape=_shape("flows"),
    make_id=with_prefix("af_", _ID_LENGTH),
    order=("id", "name", "actions", "created_at", "updated_at"),
    required=("name",),
    types={"name": "string", "actions": "array"},
    has_timestamps=True,
    show=_show_flow,
)
VAULT = StoredList(
    section="flowVaultConnections",
    path="/flows/vault/connections",
    noun="flows_vault_connections",
    texts=Texts(
        title="vault connection",
        missing="Connection not found",
        exists="A connection with the same name already exists",
    ),
    shape=_shape("connections"),
    make_id=with_prefix("ac_", _ID_LENGTH),
    order=(
        "id", "app_id", "name", "account_name", "ready", "created_at", "updated_at", "fingerprint",
    ),
    required=("name", "app_id"),
    types={"name": "string", "app_id": "string", "setup": "object"},
    read_only=frozenset({"id", "created_at", "updated_at", "ready", "fingerprint"}),
    fixed=frozenset({"app_id"}),
    has_timestamps=True,
    write_only=("setup",),
    show=_show_connection,
)  # fmt: skip
OPERATIONS = (*FORMS.operations(), *FLOWS.operations(), *VAULT.operations())

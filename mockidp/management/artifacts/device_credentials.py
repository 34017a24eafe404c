"""Device credentials: refresh tokens, and public keys of devices.

Auth0: a list without `type` has no rotating refresh tokens. Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.management.artifacts.artifact_fields import entries_of
from mockidp.management.body import check_keys, required_text
from mockidp.management.clients.clients import client_in_body
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, invalid_query
from mockidp.protocol.tokens.artifacts import DeviceCredential, RefreshTokenFamily
from mockidp.tenant.tenant import Tenant

_DEVICES = ListShape(
    key="device_credentials", order=("total", "start", "limit", "device_credentials")
)
_KEY, _TOKEN, _ROTATING = "public_key", "refresh_token", "rotating_refresh_token"
_TYPES = (_KEY, _TOKEN, _ROTATING)
_TEXTS = ("device_name", "value", "device_id")


def _list(call: Call) -> Any:
    wanted = call.query.get("type")
    with call.tenant.trace.check("type", sent=wanted):
        if wanted not in (None, *_TYPES):
            raise invalid_query(
                f"No enum match for: {wanted}"[:200],
                at="type",
                hint=f"`type` is one of {', '.join(_TYPES)}.",
            )
    types = (_TOKEN, _KEY) if wanted is None else (wanted,)
    families = entries_of(call, call.tenant.refresh_families)
    tokens = [_show_token(call.tenant, one.value) for _, one in families]
    keys = [_show_key(one.value) for _, one in entries_of(call, call.tenant.device_credentials)]
    found = [one for one in (*tokens, *keys) if one["type"] in types]
    return _DEVICES.page(call, found, lambda one: one)


def _show_token(tenant: Tenant, family: RefreshTokenFamily) -> dict[str, Any]:
    client = tenant.directory.client(family.client_id)
    rotates = client is not None and client.refresh_token.rotation_type == "rotating"
    return {
        "id": family.id,
        "device_name": "",
        "type": _ROTATING if rotates else _TOKEN,
        "user_id": family.user_id,
        "client_id": family.client_id,
    }


def _show_key(device: DeviceCredential) -> dict[str, Any]:
    shown = {
        "id": device.id,
        "device_name": device.device_name,
        "device_id": device.device_id,
        "type": _KEY,
        "user_id": device.user_id,
        "client_id": device.client_id,
    }
    return {name: one for name, one in shown.items() if one is not None}


def _create(call: Call) -> Any:
    required = (*_TEXTS, "type")
    check_keys(call, (*required, "client_id"), required=required)
    tenant, body = call.tenant, call.body
    with tenant.trace.check("type", sent=body["type"]):
        if body["type"] != _KEY:
            raise invalid_body(
                "No enum match", at="type", hint=f"Only credentials of type {_KEY} can be created."
            )
    client_id = client_in_body(call)
    made = DeviceCredential(
        id="dcr_" + tenant.ids.opaque_token()[:16],
        **{name: required_text(call, name) for name in _TEXTS},
        user_id=call.caller.user_id,
        client_id=client_id or call.caller.client_id,
    )
    tenant.device_credentials.put(made.id, made)
    tenant.trace.advise(
        "The key is stored and listed. No endpoint of mockidp verifies signatures with it."
    )
    return {"id": made.id}


def _delete(call: Call) -> None:
    call.tenant.refresh_families.take(call.id)
    call.tenant.device_credentials.take(call.id)


_PATH = "/device-credentials"
OPERATIONS = (
    Operation(
        title="Retrieve device credentials", method="GET", path=_PATH,
        scopes=("read:device_credentials",), handler=_list,
        query=_DEVICES.parameters | {"user_id", "client_id", "type"},
    ),
    Operation(
        title="Create a device public key credential", method="POST", path=_PATH,
        scopes=("create:device_credentials", "create:current_user_device_credentials"),
        handler=_create, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Delete a device credential", method="DELETE", path=f"{_PATH}/{{id}}",
        scopes=("delete:device_credentials",), handler=_delete,
        status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip

"""Permissions of roles and of users."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockidp.management.body import check_keys, check_keys_of, checked_values
from mockidp.management.json_values import check_type
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_body
from mockidp.resources.resource_type import ResourceType
from mockidp.resources.role import Permission
from mockidp.tenant.tenant import Tenant
from mockidp.testing import records

_FIELDS = ("resource_server_identifier", "permission_name")


def show_permission(tenant: Tenant, permission: Permission) -> dict[str, Any]:
    """Return a permission as JSON, in Auth0's order."""
    api = tenant.directory.apis.get(permission.resource_server_identifier)
    scopes = {one.value: one.description for one in api.scopes} if api else {}
    return {
        "permission_name": permission.permission_name,
        "description": scopes.get(permission.permission_name, ""),
        "resource_server_name": api.name if api else "",
        "resource_server_identifier": permission.resource_server_identifier,
    }


def add_permissions(call: Call, kind: ResourceType[Any], key: str) -> None:
    """Add the permissions in the body to a role or a user."""
    sent = _read(call)

    def with_sent(fields: dict[str, Any]) -> dict[str, Any]:
        held = list(fields.get("permissions", ()))
        return {**fields, "permissions": [*held, *(one for one in sent if one not in held)]}

    _change(call, kind, key, with_sent)


def remove_permissions(call: Call, kind: ResourceType[Any], key: str) -> None:
    """Remove the permissions in the body from a role or a user."""
    sent = _read(call)

    def without_sent(fields: dict[str, Any]) -> dict[str, Any]:
        held = fields.get("permissions", ())
        return {**fields, "permissions": [one for one in held if _names(one) not in sent]}

    _change(call, kind, key, without_sent)


def _change(
    call: Call,
    kind: ResourceType[Any],
    key: str,
    changed: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    with checked_values(call):
        records.change(call.tenant, kind, key, changed)


def _names(permission: dict[str, Any]) -> dict[str, Any]:
    return {name: permission.get(name) for name in _FIELDS}


def _read(call: Call) -> list[dict[str, Any]]:
    check_keys(call, {"permissions"}, required=("permissions",))
    sent = call.body["permissions"]
    with call.tenant.trace.check("permissions"):
        if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
            raise invalid_body(
                "Expected type array of objects",
                at="permissions",
                hint="`permissions` is a list of objects with resource_server_identifier and "
                "permission_name.",
            )
        for number, one in enumerate(sent):
            at = f"permissions[{number}]"
            check_keys_of(one, _FIELDS, required=_FIELDS, at=at)
            for name in _FIELDS:
                check_type(one[name], "string", f"{at}.{name}")
    return [_names(one) for one in sent]

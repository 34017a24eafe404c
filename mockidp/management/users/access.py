"""What a user may do: permissions, and the organizations that the user belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.permissions import add_permissions, remove_permissions, show_permission
from mockidp.management.users.users import find_user
from mockidp.resources.organization import Organization
from mockidp.resources.role import Permission
from mockidp.resources.user import USER, User
from mockidp.tenant.tenant import Tenant

_PERMISSIONS = ListShape(key="permissions", order=("permissions", "start", "limit", "total"))
_ORGANIZATIONS = ListShape(key="organizations", order=("organizations", "start", "limit", "total"))
_DIRECT = {"source_id": "", "source_name": "", "source_type": "DIRECT"}


def _list_permissions(call: Call) -> Any:
    found = _permissions_of(call.tenant, find_user(call.tenant, call.id))
    return _PERMISSIONS.page(call, found, lambda one: one)


def _permissions_of(tenant: Tenant, user: User) -> list[dict[str, Any]]:
    """Return the permissions of a user as JSON, each with its sources."""
    found: dict[tuple[str, str], dict[str, Any]] = {}

    def add(permission: Permission, source: Mapping[str, str]) -> None:
        name = (permission.resource_server_identifier, permission.permission_name)
        shown = {**show_permission(tenant, permission), "sources": []}
        found.setdefault(name, shown)["sources"].append(source)

    for one in user.permissions:
        add(one, _DIRECT)
    for role in (tenant.directory.roles[name] for name in user.roles):
        for one in role.permissions:
            add(one, {"source_id": role.id, "source_name": role.name, "source_type": "ROLE"})
    return list(found.values())


def _add_permissions(call: Call) -> Any:
    add_permissions(call, USER, find_user(call.tenant, call.id).user_id)
    return {}


def _remove_permissions(call: Call) -> None:
    remove_permissions(call, USER, find_user(call.tenant, call.id).user_id)


def _list_organizations(call: Call) -> Any:
    user = find_user(call.tenant, call.id)
    return _ORGANIZATIONS.page(call, call.tenant.directory.organizations_of(user.user_id), _show)


def _show(organization: Organization) -> dict[str, Any]:
    """Return an organization of a user, in Auth0's order."""
    shown = {
        "id": organization.id,
        "display_name": organization.display_name,
        "name": organization.name,
        "branding": dict(organization.branding),
        "metadata": dict(organization.metadata),
    }
    return {name: value for name, value in shown.items() if value != {}}


_OF_PERMISSIONS, _OF_ORGANIZATIONS = "/users/{id}/permissions", "/users/{id}/organizations"
OPERATIONS = (
    Operation(
        title="Get a User's Permissions", method="GET", path=_OF_PERMISSIONS,
        scopes=("read:users",), handler=_list_permissions, query=_PERMISSIONS.parameters,
    ),
    Operation(
        title="Assign Permissions to a User", method="POST", path=_OF_PERMISSIONS,
        scopes=("update:users",), handler=_add_permissions, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Remove Permissions from a User", method="DELETE", path=_OF_PERMISSIONS,
        scopes=("update:users",), handler=_remove_permissions, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="List user's organizations", method="GET", path=_OF_ORGANIZATIONS,
        scopes=("read:organizations",), handler=_list_organizations,
        query=_ORGANIZATIONS.parameters,
    ),
)  # fmt: skip

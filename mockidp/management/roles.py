"""Roles, their permissions and their users.

Auth0: creating a role is answered with 200, deleting one with 200 and `{}`. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from mockidp.management import field_types
from mockidp.management.body import check_keys, checked_values, strings
from mockidp.management.json_values import check_types
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.permissions import (
    add_permissions,
    remove_permissions,
    show_permission,
)
from mockidp.management.refusals import conflict, invalid_body, not_found
from mockidp.management.users.user_object import show_member
from mockidp.management.users.users import find_user
from mockidp.resources.role import ROLE, Role
from mockidp.resources.user import USER, User
from mockidp.tenant.state.records import ID
from mockidp.tenant.tenant import Tenant
from mockidp.testing import records

_FIELDS = frozenset({"name", "description", "type", "owner_id"})
_ROLES = ListShape(key="roles", order=("roles", "start", "limit", "total"))
_PERMISSIONS = ListShape(key="permissions", order=("permissions", "start", "limit", "total"))
_USERS = ListShape(
    key="users",
    order=("users", "start", "limit", "total"),
    has_checkpoints=True,
    is_limited=True,
)
_FILTERS = frozenset({"name_filter", "type", "owner_id"})


def find_role(tenant: Tenant, role_id: str) -> Role:
    """Return the role with an id.

    Raises:
        ApiRefusal: There is no such role.
    """
    found = tenant.directory.roles.find(ID, role_id)
    with tenant.trace.check("role", id=role_id, found=bool(found)):
        if not found:
            raise not_found(
                "The role does not exist.",
                hint=f"No role has the id {role_id!r}. Send the id, which begins with rol_.",
            )
    return found[0]


def show_role(role: Role) -> dict[str, Any]:
    """Return a role as JSON, in Auth0's order."""
    return {
        "id": role.id,
        "name": role.name,
        "description": role.description,
        "type": role.extra.get("type", "tenant"),
    }


def _list(call: Call) -> Any:
    wanted = call.query.get("name_filter", "").lower()
    found = [one for one in call.tenant.directory.roles.values() if wanted in one.name.lower()]
    return _ROLES.page(call, found, show_role)


def _create(call: Call) -> Any:
    check_keys(call, _FIELDS, required=("name",))
    check_types(call, field_types.ROLE)
    name, tenant = call.body["name"], call.tenant
    with tenant.backend.exclusive(), checked_values(call):
        _check_name(tenant, name)
        made = records.add(tenant, ROLE, name, dict(call.body))
    shown = show_role(made)
    if "description" not in call.body:
        del shown["description"]
    return shown


def _check_name(tenant: Tenant, name: Any, own: str | None = None) -> None:
    with tenant.trace.check("name", sent=name):
        if not isinstance(name, str) or not name:
            reason, hint = "Expected type string", f"`name` is {name!r}. Send a name."
            raise invalid_body(reason, at="name", hint=hint)
        if name != own and name in tenant.directory.roles:
            raise conflict(
                "Role name already exists",
                code="role_conflict",
                hint=f"Role {name!r} exists. Choose another name.",
            )


def _get(call: Call) -> Any:
    return show_role(find_role(call.tenant, call.id))


def _patch(call: Call) -> Any:
    check_keys(call, _FIELDS)
    check_types(call, field_types.ROLE)
    tenant = call.tenant
    with tenant.backend.exclusive(), checked_values(call):
        role = find_role(tenant, call.id)
        _check_name(tenant, call.body.get("name", role.name), own=role.name)
        fields = {name: one for name, one in call.body.items() if name != ROLE.key}
        role = records.change(tenant, ROLE, role.name, lambda before: {**before, **fields})
        name = call.body.get(ROLE.key, role.name)
        if name != role.name:
            role = records.rename(tenant, ROLE, role.name, name)
    return show_role(role)


def _delete(call: Call) -> Any:
    records.remove(call.tenant, ROLE, find_role(call.tenant, call.id).name)
    return {}


def _list_permissions(call: Call) -> Any:
    role = find_role(call.tenant, call.id)
    return _PERMISSIONS.page(call, role.permissions, lambda one: show_permission(call.tenant, one))


def _add_permissions(call: Call) -> Any:
    add_permissions(call, ROLE, find_role(call.tenant, call.id).name)
    return {}


def _remove_permissions(call: Call) -> None:
    remove_permissions(call, ROLE, find_role(call.tenant, call.id).name)


def _list_users(call: Call) -> Any:
    role = find_role(call.tenant, call.id)
    users = call.tenant.directory.users.find("roles", role.name)
    return _USERS.page(call, users, show_member, lambda one: one.user_id)


def _assign(call: Call) -> Any:
    check_keys(call, {"users"}, required=("users",))
    role = find_role(call.tenant, call.id)
    user_ids = strings(call, "users")
    with call.tenant.backend.exclusive():
        for user in [find_user(call.tenant, one) for one in user_ids]:
            change_roles(call.tenant, user, lambda held: [*held, role.name])
    return {}


def _list_of_user(call: Call) -> Any:
    user = find_user(call.tenant, call.id)
    roles = [call.tenant.directory.roles[name] for name in user.roles]
    return _ROLES.page(call, roles, show_role_of_user)


def show_role_of_user(role: Role) -> dict[str, Any]:
    """Return a role of a user or of a member of an organization as JSON."""
    return {"id": role.id, "name": role.name, "description": role.description}


def _add_to_user(call: Call) -> None:
    _change_those_of_user(call, lambda held, sent: [*held, *sent])


def _remove_from_user(call: Call) -> None:
    _change_those_of_user(call, lambda held, sent: [one for one in held if one not in sent])


def _change_those_of_user(
    call: Call, changed: Callable[[Sequence[str], Sequence[str]], Sequence[str]]
) -> None:
    check_keys(call, {"roles"}, required=("roles",))
    tenant, user = call.tenant, find_user(call.tenant, call.id)
    with tenant.backend.exclusive():
        sent = [find_role(tenant, one).name for one in strings(call, "roles")]
        change_roles(tenant, user, lambda held: changed(held, sent))


def change_roles(
    tenant: Tenant, user: User, changed: Callable[[Sequence[str]], Sequence[str]]
) -> None:
    """Replace the names of a user's roles."""

    def with_roles(fields: dict[str, Any]) -> dict[str, Any]:
        return {**fields, "roles": list(dict.fromkeys(changed(fields.get("roles", ()))))}

    records.change(tenant, USER, user.user_id, with_roles)


_PATH, _OF_USER = "/roles/{id}", "/users/{id}/roles"
_READ_ROLES, _UPDATE_ROLES = ("read:roles",), ("update:roles",)
_READ_MEMBERS = ("read:roles", "read:role_members")
OPERATIONS = (
    Operation(
        title="Get roles", method="GET", path="/roles", scopes=_READ_ROLES, handler=_list,
        query=_ROLES.parameters | _FILTERS,
    ),
    Operation(
        title="Create a role", method="POST", path="/roles", scopes=("create:roles",),
        handler=_create,
    ),
    Operation(title="Get a role", method="GET", path=_PATH, scopes=_READ_ROLES, handler=_get),
    Operation(
        title="Update a role", method="PATCH", path=_PATH, scopes=_UPDATE_ROLES, handler=_patch
    ),
    Operation(
        title="Delete a role", method="DELETE", path=_PATH, scopes=("delete:roles",),
        handler=_delete,
    ),
    Operation(
        title="Get permissions granted by role", method="GET", path=f"{_PATH}/permissions",
        scopes=_READ_ROLES, handler=_list_permissions, query=_PERMISSIONS.parameters,
    ),
    Operation(
        title="Associate permissions with a role", method="POST", path=f"{_PATH}/permissions",
        scopes=_UPDATE_ROLES, handler=_add_permissions, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Remove permissions from a role", method="DELETE", path=f"{_PATH}/permissions",
        scopes=_UPDATE_ROLES, handler=_remove_permissions, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Get a role's users", method="GET", path=f"{_PATH}/users", scopes=_READ_MEMBERS,
        handler=_list_users, query=_USERS.parameters,
    ),
    Operation(
        title="Assign users to a role", method="POST", path=f"{_PATH}/users",
        scopes=("update:roles", "create:role_members"), handler=_assign,
    ),
    Operation(
        title="Get a user's roles", method="GET", path=_OF_USER, handler=_list_of_user,
        scopes=("read:users", "read:roles", "read:role_members"), query=_ROLES.parameters,
    ),
    Operation(
        title="Assign roles to a user", method="POST", path=_OF_USER, handler=_add_to_user,
        scopes=("update:users", "create:role_members"), status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Remove roles from a user", method="DELETE", path=_OF_USER,
        handler=_remove_from_user, scopes=("update:users", "delete:role_members"),
        status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip

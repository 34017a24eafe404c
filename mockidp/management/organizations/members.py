"""The members of an organization, and the roles that they have there.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from mockidp.management.body import check_keys, strings
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.organizations.organization import (
    Entries,
    change_entries,
    find_organization,
)
from mockidp.management.refusals import invalid_body, not_found
from mockidp.management.roles import find_role, show_role_of_user
from mockidp.management.users.user_object import show_member
from mockidp.management.users.users import find_user
from mockidp.resources.organization import Organization, OrganizationMember

_MEMBERS = ListShape(
    key="members",
    order=("members", "start", "limit", "total"),
    has_checkpoints=True,
    is_limited=True,
)
_ROLES = ListShape(key="roles", order=("roles", "start", "limit", "total"))


def _list(call: Call) -> Any:
    members = find_organization(call).members
    fields = call.query.get("fields", "").split(",")

    def show(member: OrganizationMember) -> Mapping[str, Any]:
        shown = show_member(find_user(call.tenant, member.user_id))
        return shown | {"roles": _short_roles(call, member)} if "roles" in fields else shown

    return _MEMBERS.page(call, members, show, lambda one: one.user_id)


def _short_roles(call: Call, member: OrganizationMember) -> list[dict[str, Any]]:
    roles = (call.tenant.directory.roles[name] for name in member.roles)
    return [{"id": one.id, "name": one.name} for one in roles]


def _sent(call: Call, name: str) -> list[str]:
    """Return the ids in the body."""
    check_keys(call, {name}, required=(name,))
    sent = strings(call, name)
    with call.tenant.trace.check(name, number=len(sent)):
        if not sent:
            reason, hint = "Array is too short (0), minimum 1", f"`{name}` is empty. Send an id."
            raise invalid_body(reason, at=name, hint=hint)
    return sent


def _add(call: Call) -> None:
    sent = dict.fromkeys(_sent(call, "members"))
    with call.tenant.backend.exclusive():
        organization = find_organization(call)
        for one in sent:
            find_user(call.tenant, one)
        new = [{"user_id": one} for one in sent if organization.member(one) is None]
        change_entries(call, organization, "members", lambda held: [*held, *new])


def _remove(call: Call) -> None:
    sent = _sent(call, "members")

    def without(held: Entries) -> Entries:
        return [one for one in held if one["user_id"] not in sent]

    change_entries(call, find_organization(call), "members", without)


def _find_member(call: Call, organization: Organization) -> OrganizationMember:
    user = find_user(call.tenant, call.ids[1])
    found = organization.member(user.user_id)
    with call.tenant.trace.check("member", user=user.user_id, found=found is not None):
        if found is None:
            raise not_found(
                "The user is not a member of the organization.",
                hint=f"User {user.user_id} is not a member of organization {organization.name}. "
                "Add the user with POST /organizations/{id}/members.",
            )
    return found


def _list_roles(call: Call) -> Any:
    member = _find_member(call, find_organization(call))
    roles = [call.tenant.directory.roles[name] for name in member.roles]
    return _ROLES.page(call, roles, show_role_of_user)


def _add_roles(call: Call) -> None:
    _change_roles(call, lambda held, sent: [*held, *sent])


def _remove_roles(call: Call) -> None:
    _change_roles(call, lambda held, sent: [one for one in held if one not in sent])


def _change_roles(call: Call, changed: Callable[[list[str], list[str]], list[str]]) -> None:
    sent = _sent(call, "roles")
    with call.tenant.backend.exclusive():
        organization = find_organization(call)
        member = _find_member(call, organization)
        names = [find_role(call.tenant, one).name for one in sent]
        roles = list(dict.fromkeys(changed(list(member.roles), names)))

        def with_roles(held: Entries) -> Entries:
            return [
                {**one, "roles": roles} if one["user_id"] == member.user_id else one for one in held
            ]

        change_entries(call, organization, "members", with_roles)


_PATH = "/organizations/{id}/members"
_OF_MEMBER = f"{_PATH}/{{id}}/roles"
OPERATIONS = (
    Operation(
        title="Get members who belong to an organization", method="GET", path=_PATH,
        scopes=("read:organization_members",), handler=_list, query=_MEMBERS.parameters,
    ),
    Operation(
        title="Add members to an organization", method="POST", path=_PATH,
        scopes=("create:organization_members",), handler=_add, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Delete members from an organization", method="DELETE", path=_PATH,
        scopes=("delete:organization_members",), handler=_remove, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Get user roles assigned to an organization member", method="GET", path=_OF_MEMBER,
        scopes=("read:organization_member_roles",), handler=_list_roles, query=_ROLES.parameters,
    ),
    Operation(
        title="Assign user roles to an organization member", method="POST", path=_OF_MEMBER,
        scopes=("create:organization_member_roles",), handler=_add_roles,
        status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Delete user roles from an organization member", method="DELETE", path=_OF_MEMBER,
        scopes=("delete:organization_member_roles",), handler=_remove_roles,
        status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip

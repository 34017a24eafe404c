"""The groups that the directories of companies provision with SCIM.

Auth0: they can be read and deleted here, and only SCIM changes them. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import not_found
from mockidp.management.users.users import find_user
from mockidp.protocol.scim.group import ScimGroup
from mockidp.tenant.state.stores import USER
from mockidp.tenant.timestamps import timestamp

_GROUPS = ListShape(key="groups", has_checkpoints=True, is_object=True)
_MEMBERS = ListShape(key="members", has_checkpoints=True, is_object=True)
_PAGING = frozenset({"fields", "include_fields", "from", "take"})
_MOST_COUNTED = 1000
_FILTERS: Mapping[str, Callable[[ScimGroup, str], bool]] = {
    "connection_id": lambda one, wanted: one.connection_id == wanted,
    "name": lambda one, wanted: one.name == wanted,
    "external_id": lambda one, wanted: one.external_id == wanted,
    "search": lambda one, wanted: any(
        wanted.casefold() in text.casefold() for text in (one.name, one.external_id or "")
    ),
}


def _show(call: Call, group: ScimGroup) -> dict[str, Any]:
    external = {} if group.external_id is None else {"external_id": group.external_id}
    return {
        "id": group.id,
        "name": group.name,
        **external,
        "connection_id": group.connection_id,
        "tenant_name": call.tenant.name,
        "created_at": timestamp(group.created_at),
        "updated_at": timestamp(group.updated_at),
    }


def _page(call: Call, found: list[ScimGroup], show: Callable[[ScimGroup], Any]) -> Any:
    """Return a page of groups, the oldest first, and the number of all if it is asked for."""
    ordered = sorted(found, key=lambda one: (one.created_at, one.id))
    page = _GROUPS.page(call, ordered, show, lambda one: one.id)
    if call.query.get("include_totals") == "true":
        return {**page, "total": min(len(ordered), _MOST_COUNTED)}
    return page


def _list(call: Call) -> Any:
    found = [entry.value for _, entry in call.tenant.scim_groups.scan()]
    for name, matches in _FILTERS.items():
        if name in call.query:
            found = [one for one in found if matches(one, call.query[name])]
    return _page(call, found, lambda one: _show(call, one))


def _list_of_user(call: Call) -> Any:
    user_id = find_user(call.tenant, call.id).user_id
    found = [entry.value for _, entry in call.tenant.scim_groups.scan(USER, user_id)]

    def show(group: ScimGroup) -> dict[str, Any]:
        since = timestamp(group.members[user_id])
        return {**_show(call, group), "membership_created_at": since}

    return _page(call, found, show)


def _find(call: Call) -> ScimGroup:
    found = call.tenant.scim_groups.get(call.id)
    with call.tenant.trace.check("group", id=call.id, found=found is not None):
        if found is None:
            raise not_found(
                "The group does not exist.",
                hint=f"No group has the id {call.id!r}. A company's directory creates groups with "
                "POST /scim/v2/connections/{id}/Groups.",
            )
    return found


def _get(call: Call) -> Any:
    return _show(call, _find(call))


def _delete(call: Call) -> None:
    call.tenant.scim_groups.delete(_find(call).id)


def _list_members(call: Call) -> Any:
    group = _find(call)

    def show(user_id: str) -> dict[str, Any]:
        return {
            "id": user_id,
            "member_type": "user",
            "type": "connection",
            "connection_id": group.connection_id,
            "created_at": timestamp(group.members[user_id]),
        }

    return _MEMBERS.page(call, list(group.members), show)


_ONE, _READ = "/groups/{id}", ("read:groups",)
OPERATIONS = (
    Operation(
        title="Get all Groups", method="GET", path="/groups", scopes=_READ, handler=_list,
        query=_PAGING | {"include_totals"} | _FILTERS.keys(),
    ),
    Operation(title="Get a Group", method="GET", path=_ONE, scopes=_READ, handler=_get),
    Operation(
        title="Delete a Group", method="DELETE", path=_ONE, scopes=("delete:groups",),
        handler=_delete, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Get Group Members", method="GET", path=f"{_ONE}/members",
        scopes=("read:group_members",), handler=_list_members, query=_PAGING,
    ),
    Operation(
        title="Get User's Groups", method="GET", path="/users/{id}/groups", scopes=_READ,
        handler=_list_of_user, query=_PAGING | {"include_totals"},
    ),
)  # fmt: skip

"""The groups of a connection: list, create, get, replace, patch, delete.

Spec: RFC 7643 4.2; RFC 7644 3.3 to 3.6. Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.frozen import replace
from mockidp.protocol.scim.filter import parse_filter
from mockidp.protocol.scim.group import ScimGroup
from mockidp.protocol.scim.patch import apply_patch
from mockidp.protocol.scim.path import GROUP, Resource
from mockidp.protocol.scim.refusal import ScimRefusal
from mockidp.scim.call import ScimCall
from mockidp.scim.check import check_body
from mockidp.scim.group_fields import (
    KNOWN,
    check_name_is_new,
    groups_of,
    read_group,
    users_among,
)
from mockidp.scim.listing import location, page_of
from mockidp.tenant.timestamps import timestamp

EXCLUDED = frozenset({"excludedAttributes"})
"""The query parameter with which Entra ID leaves out `members` (RFC 7644 3.4.2.5)."""
_ALWAYS = ("schemas", "id", "meta")


def list_groups(call: ScimCall) -> Any:
    """Return a page of the groups that a filter selects."""
    found, sent = groups_of(call), call.query.get("filter")
    with call.tenant.trace.check("filter", sent=sent):
        if sent:
            selects = parse_filter(sent, KNOWN, of_groups=True)
            found = [one for one in found if selects(_attributes(one))]
    return page_of(call, found, lambda one: _show(call, one))


def create_group(call: ScimCall) -> Any:
    """Create a group."""
    tenant, fields = call.tenant, read_group(call, check_body(call, GROUP))
    with tenant.backend.exclusive():
        check_name_is_new(call, fields.name)
        now = tenant.now()
        made = ScimGroup(
            id=tenant.ids.group_id(),
            connection_id=call.connection.id,
            name=fields.name,
            external_id=fields.external_id,
            members=dict.fromkeys(users_among(call, fields.members), now),
            created_at=now,
            updated_at=now,
        )
        tenant.scim_groups.put(made.id, made)
    return _show(call, made)


def get_group(call: ScimCall) -> Any:
    """Return a group."""
    return _show(call, _find(call))


def replace_group(call: ScimCall) -> Any:
    """Replace the attributes and the members of a group."""
    resource = check_body(call, GROUP)
    with call.tenant.backend.exclusive():
        return _show(call, _change(call, _find(call), resource))


def patch_group(call: ScimCall) -> Any:
    """Change attributes of a group, and add and remove members."""
    with call.tenant.backend.exclusive():
        group = _find(call)
        resource = _attributes(group)
        with call.tenant.trace.check("operations"):
            apply_patch(resource, call.body)
        return _show(call, _change(call, group, resource))


def delete_group(call: ScimCall) -> None:
    """Delete a group. Its members stay users."""
    call.tenant.scim_groups.delete(_find(call).id)


def _find(call: ScimCall) -> ScimGroup:
    found = call.tenant.scim_groups.get(call.id)
    if found is not None and found.connection_id != call.connection.id:
        found = None
    with call.tenant.trace.check("group", id=call.id, found=found is not None):
        if found is None:
            raise ScimRefusal(
                HTTPStatus.NOT_FOUND,
                f"Resource {call.id[:100]} not found",
                hint=f"Connection {call.connection.name} has no group {call.id[:100]!r}. Send the "
                "`id` from the answer that created it.",
            )
    return found


def _change(call: ScimCall, group: ScimGroup, resource: Resource) -> ScimGroup:
    tenant, fields = call.tenant, read_group(call, resource)
    check_name_is_new(call, fields.name, group.id)
    now = tenant.now()
    changed = replace(
        group,
        name=fields.name,
        external_id=fields.external_id,
        members={one: group.members.get(one, now) for one in users_among(call, fields.members)},
        updated_at=now,
    )
    tenant.scim_groups.put(changed.id, changed)
    return changed


def _attributes(group: ScimGroup) -> Resource:
    """Return the attributes that a directory writes."""
    external = {} if group.external_id is None else {"externalId": group.external_id}
    members = [{"value": one} for one in group.members]
    return {"id": group.id, "displayName": group.name, **external, "members": members}


def _show(call: ScimCall, group: ScimGroup) -> Resource:
    members = [
        {"value": one, "$ref": location(call, "Users", one), "type": "User"}
        for one in group.members
    ]
    meta = {
        "resourceType": "Group",
        "created": timestamp(group.created_at),
        "lastModified": timestamp(group.updated_at),
        "location": location(call, "Groups", group.id),
    }
    shown = {"schemas": [GROUP], **_attributes(group), "members": members, "meta": meta}
    sent = call.query.get("excludedAttributes", "").lower()
    excluded = {one.strip() for one in sent.split(",")}.difference(_ALWAYS)
    return {name: one for name, one in shown.items() if name.lower() not in excluded}

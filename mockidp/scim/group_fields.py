"""The attributes of a group in a resource that a directory sends, and the checks of them.

Spec: RFC 7643 4.2. Auth0: members are users of the connection; a name is unique within the
connection. Source: docs/fidelity.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from mockidp.frozen import frozen
from mockidp.protocol.scim.group import MAX_EXTERNAL_ID, MAX_NAME, ScimGroup
from mockidp.protocol.scim.path import Resource, parse_path, value_at
from mockidp.protocol.scim.refusal import ScimRefusal, invalid
from mockidp.scim.call import ScimCall
from mockidp.tenant.state.stores import CONNECTION

KNOWN = ("id", "displayName", "externalId")
"""The attributes that a filter may compare."""
_READ = {"schemas", "id", "meta", "displayname", "externalid", "members"}
_NAME = re.compile(f"[\x20-\x7e]{{1,{MAX_NAME}}}")
_MAX_NAMED = 10


@frozen
class GroupFields:
    """What a resource says of a group."""

    name: str
    external_id: str | None
    members: tuple[str, ...]
    """The ids of members, which may not exist."""


def groups_of(call: ScimCall) -> list[ScimGroup]:
    """Return the groups of the connection, the oldest first."""
    found = call.tenant.scim_groups.scan(CONNECTION, call.connection.id)
    return sorted((entry.value for _, entry in found), key=lambda one: (one.created_at, one.id))


def read_group(call: ScimCall, resource: Resource) -> GroupFields:
    """Return the attributes of a group in a resource.

    Raises:
        ScimRefusal: One of them is missing or not valid.
    """
    name, external_id = _at(resource, "displayName"), _at(resource, "externalId")
    with call.tenant.trace.check("displayName", sent=name):
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise _invalid(
                "displayName", f"Send 1 to {MAX_NAME} printable ASCII characters as `displayName`."
            )
    with call.tenant.trace.check("externalId", sent=external_id):
        is_text = isinstance(external_id, str) and len(external_id) <= MAX_EXTERNAL_ID
        if not (external_id is None or is_text):
            raise _invalid(
                "externalId",
                f"Send a string of at most {MAX_EXTERNAL_ID} characters as `externalId`, or none.",
            )
    sent = _at(resource, "members") or []
    with call.tenant.trace.check("members", sent=len(sent) if isinstance(sent, list) else None):
        if not isinstance(sent, list):
            raise _invalid("members", "`members` has to be a list.")
        members = tuple(dict.fromkeys(_member(one) for one in sent))
    other = [one for one in resource if one.lower() not in _READ][:_MAX_NAMED]
    if other:
        call.tenant.trace.advise(
            f"Groups have no attribute {', '.join(other)}, so this was ignored. They have "
            "displayName, externalId and members."
        )
    return GroupFields(name=name, external_id=external_id, members=members)


def _member(sent: Any) -> str:
    """Return the id of a member."""
    value = sent.get("value") if isinstance(sent, dict) else None
    if not isinstance(value, str) or not value:
        raise _invalid("members", 'Each of `members` has the form `{"value": "<id of the user>"}`.')
    kind = sent.get("type", "User")
    if not isinstance(kind, str) or kind.lower() != "user":
        raise _invalid(
            "members", f"One of `members` has the type {kind!r:.40}. Only users can be members."
        )
    return value


def check_name_is_new(call: ScimCall, name: str, own_id: str = "") -> None:
    """Check that no other group of the connection has a name.

    Raises:
        ScimRefusal: Another group has it.
    """
    found = next((one for one in groups_of(call) if one.name == name and one.id != own_id), None)
    with call.tenant.trace.check("new", display_name=name, exists=found is not None):
        if found is not None:
            raise ScimRefusal(
                HTTPStatus.CONFLICT,
                "Group already exists",
                scim_type="uniqueness",
                hint=f"Group {found.id} of connection {call.connection.name} has the displayName "
                f"{name!r}. Look it up with a filter first.",
            )


def users_among(call: ScimCall, user_ids: tuple[str, ...]) -> Iterator[str]:
    """Yield the ids that users of the connection have, and add a hint about the others.

    Auth0 answers before it adds the members, so an id that no user has is not refused.
    """
    unknown = []
    for one in user_ids:
        user = call.tenant.directory.user(one)
        if user is not None and user.connection == call.connection.name:
            yield one
        else:
            unknown.append(one[:100])
    if unknown:
        call.tenant.trace.advise(
            f"Connection {call.connection.name} has no user {', '.join(unknown[:_MAX_NAMED])}, so "
            "the group does not have that member. Create the user first, and send the `id` of the "
            "answer."
        )


def _at(resource: Resource, name: str) -> Any:
    return value_at(resource, parse_path(name))


def _invalid(name: str, hint: str) -> ScimRefusal:
    return invalid("invalidValue", f"Invalid value of {name}", hint=hint)

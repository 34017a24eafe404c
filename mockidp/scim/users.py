"""The users of a connection: list, create, get, replace, patch, delete.

Spec: RFC 7644 3.3 to 3.6. Auth0: a user whose `active` is false is blocked, and the sessions and
refresh tokens of the user end. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.flows.sessions.session import revoke_refresh_tokens_of
from mockidp.protocol.scim.filter import parse_filter
from mockidp.protocol.scim.mapping import METADATA, fields_of, resource_of, unmapped, unread
from mockidp.protocol.scim.patch import apply_patch
from mockidp.protocol.scim.path import USER as SCHEMA
from mockidp.protocol.scim.path import Resource
from mockidp.protocol.scim.refusal import ScimRefusal
from mockidp.resources.user import USER, User
from mockidp.scim.call import ScimCall
from mockidp.scim.check import (
    advise_ignored,
    check_body,
    check_is_new,
    new_user_id,
    refused_value,
)
from mockidp.scim.listing import location, page_of
from mockidp.testing import records

_NEW: Mapping[str, Any] = {
    "email": None, "email_verified": False, "name": None, "nickname": None, "password": None,
}  # fmt: skip
"""Fields of a new user that differ from those of a user that a test adds."""


def list_users(call: ScimCall) -> Any:
    """Return a page of the users that a filter selects."""
    users, pairs = _users(call), call.pairs
    found = [(user, resource_of(user, pairs)) for user in users]
    sent = call.query.get("filter")
    with call.tenant.trace.check("filter", sent=sent):
        if sent:
            known = ("id", *(path.top for path, _ in pairs))
            selects = parse_filter(sent, known)
            found = [(user, one) for user, one in found if selects(one)]
    return page_of(call, found, lambda one: _with_meta(call, *one))


def create_user(call: ScimCall) -> Any:
    """Create a user."""
    tenant, connection, pairs = call.tenant, call.connection, call.pairs
    resource = check_body(call, SCHEMA)
    user_id = new_user_id(call, resource)
    fields = _merge({}, _fields(call, resource))
    with tenant.backend.exclusive(), refused_value(call):
        check_is_new(call, user_id, resource, fields)
        made = records.add(tenant, USER, user_id, {**_NEW, "connection": connection.name, **fields})
    tenant.trace.note(user=user_id)
    advise_ignored(call, unmapped(resource, pairs))
    return _with_meta(call, made, resource_of(made, pairs))


def get_user(call: ScimCall) -> Any:
    """Return a user."""
    return _show(call, _find(call))


def replace_user(call: ScimCall) -> Any:
    """Replace the attributes of a user. Those that are not sent are removed, except `active`."""
    resource = check_body(call, SCHEMA)
    with call.tenant.backend.exclusive():
        changed = _change(call, _find(call), resource)
    advise_ignored(call, unmapped(resource, call.pairs))
    return _show(call, changed)


def patch_user(call: ScimCall) -> Any:
    """Change attributes of a user."""
    with call.tenant.backend.exclusive():
        user = _find(call)
        resource = resource_of(user, call.pairs)
        with call.tenant.trace.check("operations"):
            paths = apply_patch(resource, call.body)
        changed = _change(call, user, resource)
    advise_ignored(call, unread(paths, call.pairs))
    return _show(call, changed)


def delete_user(call: ScimCall) -> None:
    """Delete a user."""
    records.remove(call.tenant, USER, _find(call).user_id)


def _users(call: ScimCall) -> tuple[User, ...]:
    return call.tenant.directory.users.find("connection", call.connection.name)


def _find(call: ScimCall) -> User:
    found = call.tenant.directory.user(call.id)
    if found is not None and found.connection != call.connection.name:
        found = None
    with call.tenant.trace.check("user", id=call.id, found=found is not None):
        if found is None:
            raise ScimRefusal(
                HTTPStatus.NOT_FOUND,
                f"Resource {call.id[:100]} not found",
                hint=f"Connection {call.connection.name} has no user {call.id[:100]!r}. The "
                "`id` of a user is the `user_id`.",
            )
    call.tenant.trace.note(user=found.user_id)
    return found


def _change(call: ScimCall, user: User, resource: Resource) -> User:
    tenant, fields = call.tenant, _fields(call, resource)
    with refused_value(call):
        check_is_new(call, user.user_id, resource, fields, own=user)
        changed = records.change(tenant, USER, user.user_id, lambda held: _merge(held, fields))
    if changed.blocked and not user.blocked:
        revoke_refresh_tokens_of(tenant, user.user_id)
    return changed


def _fields(call: ScimCall, resource: Resource) -> dict[str, Any]:
    """Return the fields of a user in a resource. Auth0: addresses are in lower case."""
    fields = fields_of(resource, call.pairs)
    email = fields.get("email")
    return {**fields, "email": email.lower()} if isinstance(email, str) else fields


def _merge(held: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a user after a change. Metadata that is not in the mapping stays."""
    metadata = {
        name: _without_none({**held.get(name, {}), **fields[name]})
        for name in METADATA
        if name in fields
    }
    return _without_none({**held, **fields, **metadata})


def _without_none(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _show(call: ScimCall, user: User) -> Resource:
    return _with_meta(call, user, resource_of(user, call.pairs))


def _with_meta(call: ScimCall, user: User, resource: Resource) -> Resource:
    meta = {
        "resourceType": "User",
        "created": user.created_at,
        "lastModified": user.updated_at,
        "location": location(call, "Users", user.user_id),
    }
    return {**resource, "meta": meta}

"""Refresh tokens of users. What Auth0 lists is a chain of tokens that replace each other.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from mockidp.frozen import replace
from mockidp.management.artifacts.artifact_fields import check_metadata, shown_time
from mockidp.management.body import check_keys, strings
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, invalid_query, not_found
from mockidp.management.users.users import find_user
from mockidp.protocol.oauth.scope import make_scope
from mockidp.protocol.tokens.artifacts import RefreshTokenFamily
from mockidp.resources.client_tokens import RefreshTokenPolicy
from mockidp.storage.store import Entry, replace_value
from mockidp.tenant.state.stores import CLIENT, USER
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

_OF_USER_SHAPE = ListShape(key="tokens", has_checkpoints=True, is_object=True)
_ALL_SHAPE = ListShape(key="refresh_tokens", has_checkpoints=True, is_object=True)
Found = Entry[RefreshTokenFamily]


def _show(call: Call, entry: Found) -> dict[str, Any]:
    family = entry.value
    client = call.tenant.directory.clients.get(family.client_id)
    policy = client.refresh_token if client else RefreshTokenPolicy()
    is_endless = policy.expiration_type == "non-expiring"
    never_idle = is_endless or policy.infinite_idle_token_lifetime
    ends_at = None if is_endless or policy.infinite_token_lifetime else family.absolute_expires_at
    own = call.tenant.urls.own_issuer(call.url)
    shown = {
        "id": family.id,
        "user_id": family.user_id,
        "created_at": shown_time(family.created_at),
        "idle_expires_at": None if never_idle else shown_time(entry.expires_at),
        "expires_at": None if ends_at is None else shown_time(ends_at),
        "client_id": family.client_id,
        "session_id": family.sid,
        "rotating": policy.rotation_type == "rotating",
        "resource_servers": [
            {"audience": family.audience or f"{own}userinfo", "scopes": make_scope(family.scope)}
        ],
    }
    return shown | ({"refresh_token_metadata": dict(family.metadata)} if family.metadata else {})


def _entries(tenant: Tenant, index: str, value: str) -> list[Found]:
    """Return the chains that can still be used."""
    now = tenant.now()
    return [entry for _, entry in tenant.refresh_families.scan(index, value) if entry.is_good(now)]


def _page(call: Call, shape: ListShape, found: list[Found]) -> Any:
    return shape.page(call, found, lambda one: _show(call, one), lambda one: one.value.id)


def _list_of_user(call: Call) -> Any:
    found = _entries(call.tenant, USER, find_user(call.tenant, call.id).user_id)
    return {**_page(call, _OF_USER_SHAPE, found), "total": len(found)}


def _delete_of_user(call: Call) -> Any:
    user = find_user(call.tenant, call.id)
    _take_all(call.tenant, _entries(call.tenant, USER, user.user_id))
    return {}


def _take_all(tenant: Tenant, found: list[Found]) -> None:
    for entry in found:
        tenant.refresh_families.take(entry.value.id)
    tenant.trace.note(revoked=len(found))


def _list(call: Call) -> Any:
    user_id, client_id = call.query.get("user_id"), call.query.get("client_id")
    with call.tenant.trace.check("user_id", sent=user_id):
        if not user_id:
            raise invalid_query(
                "Missing required property: user_id", hint="Send `user_id` in the query."
            )
    found = _entries(call.tenant, USER, user_id)
    return _page(
        call, _ALL_SHAPE, [one for one in found if client_id in (None, one.value.client_id)]
    )


def _find(call: Call) -> Found:
    found = call.tenant.refresh_families.find(call.id)
    with call.tenant.trace.check("refresh_token", id=cut(call.id), found=found is not None):
        if found is None:
            raise not_found(
                "The refresh token does not exist.",
                hint=f"No refresh token has the id {cut(call.id)!r}, or it was revoked or expired. "
                "Send the id from a list, and not the token.",
            )
    call.tenant.trace.note(user=found.value.user_id)
    return found


def _get(call: Call) -> Any:
    return _show(call, _find(call))


def _patch(call: Call) -> Any:
    metadata = check_metadata(call, "refresh_token_metadata")
    while True:
        entry = _find(call)
        changed = replace(entry.value, metadata=metadata)
        store, until = call.tenant.refresh_families, entry.expires_at
        if replace_value(store, changed.id, entry.value, changed, expires_at=until):
            return _show(call, replace(entry, value=changed))


def _delete(call: Call) -> Any:
    call.tenant.refresh_families.take(call.id)
    return {}


def _revoke(call: Call) -> None:
    """Revoke the tokens that the body selects: by id, by user, by client, or by user and client."""
    check_keys(call, {"ids", "user_id", "client_id", "audience"})
    tenant, body = call.tenant, call.body
    if "ids" in body:
        found = [tenant.refresh_families.find(one) for one in strings(call, "ids")]
        _take_all(tenant, [one for one in found if one is not None])
        return
    user_id, client_id = _text(call, "user_id"), _text(call, "client_id")
    with tenant.trace.check("selection", user=user_id, client=client_id):
        if not user_id and not client_id:
            raise invalid_body(
                "Missing required property: ids", hint="Send `ids`, `user_id` or `client_id`."
            )
    index, value = (USER, user_id) if user_id else (CLIENT, client_id)
    wanted: tuple[tuple[str | None, Callable[[RefreshTokenFamily], str | None]], ...] = (
        (client_id, lambda one: one.client_id),
        (_text(call, "audience"), lambda one: one.audience),
    )
    found_all = _entries(tenant, index, value or "")
    for text, read in wanted:
        found_all = [one for one in found_all if text in (None, read(one.value))]
    _take_all(tenant, found_all)


def _text(call: Call, name: str) -> str | None:
    sent = call.body.get(name)
    with call.tenant.trace.check(name, sent=sent):
        if sent is not None and not isinstance(sent, str):
            raise invalid_body("Expected type string", at=name, hint=f"Send `{name}` as a string.")
    return sent


_OF_USER, _ONE = "/users/{id}/refresh-tokens", "/refresh-tokens/{id}"
_READ, _UPDATE = ("read:refresh_tokens",), ("update:refresh_tokens",)
_DELETE = ("delete:refresh_tokens",)
OPERATIONS = (
    Operation(
        title="Get refresh tokens for a user", method="GET", path=_OF_USER, scopes=_READ,
        handler=_list_of_user, query=_OF_USER_SHAPE.parameters,
    ),
    Operation(
        title="Delete refresh tokens for a user", method="DELETE", path=_OF_USER, scopes=_DELETE,
        handler=_delete_of_user, status=HTTPStatus.ACCEPTED,
    ),
    Operation(
        title="Get refresh tokens", method="GET", path="/refresh-tokens", scopes=_READ,
        handler=_list, query=_ALL_SHAPE.parameters | {"user_id", "client_id"},
    ),
    Operation(
        title="Revoke refresh tokens", method="POST", path="/refresh-tokens/revoke",
        scopes=_DELETE, handler=_revoke, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(title="Get a refresh token", method="GET", path=_ONE, scopes=_READ, handler=_get),
    Operation(
        title="Update a refresh token", method="PATCH", path=_ONE, scopes=_UPDATE, handler=_patch
    ),
    Operation(
        title="Delete a refresh token", method="DELETE", path=_ONE, scopes=_DELETE,
        handler=_delete, status=HTTPStatus.ACCEPTED,
    ),
)  # fmt: skip

"""Grants, with which users allow clients access, and device credentials (refresh tokens).

Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_query
from mockidp.protocol.artifacts import Consent, RefreshTokenFamily
from mockidp.storage.store import Entry, Store
from mockidp.tenant.stores import CLIENT, USER
from mockidp.tenant.tenant import Tenant

_GRANTS = ListShape(key="grants", order=("total", "start", "limit", "grants"))
_DEVICES = ListShape(
    key="device_credentials", order=("total", "start", "limit", "device_credentials")
)
_FILTERS = frozenset({"user_id", "client_id", "audience"})


def _good(call: Call, store: Store[Any]) -> list[tuple[str, Entry[Any]]]:
    """Return the entries of a user, of a client or all, as the query selects them."""
    user_id, client_id = call.query.get("user_id"), call.query.get("client_id")
    if user_id is not None:
        found = store.scan(USER, user_id)
    else:
        found = store.scan() if client_id is None else store.scan(CLIENT, client_id)
    now = call.tenant.now()
    return [
        (key, entry)
        for key, entry in found
        if entry.is_good(now) and client_id in (None, entry.value.client_id)
    ]


def _id(tenant: Tenant, key: str) -> str:
    return tenant.ids.hex_id("grant", key)


def _list_grants(call: Call) -> Any:
    audience = call.query.get("audience")
    found = [
        (key, entry.value)
        for key, entry in _good(call, call.tenant.consents)
        if audience in (None, entry.value.audience)
    ]
    return _GRANTS.page(call, found, lambda one: _show_grant(call.tenant, *one))


def _show_grant(tenant: Tenant, key: str, consent: Consent) -> dict[str, Any]:
    return {
        "user_id": consent.user_id,
        "audience": consent.audience,
        "scope": list(consent.scope),
        "clientID": consent.client_id,
        "id": _id(tenant, key),
    }


def _delete_grant(call: Call) -> None:
    for key, entry in call.tenant.consents.scan():
        if _id(call.tenant, key) == call.id:
            _revoke(call.tenant, key, entry.value)


def _delete_grants(call: Call) -> None:
    user_id = call.query.get("user_id")
    with call.tenant.trace.check("user_id", sent=user_id):
        if not user_id:
            raise invalid_query(
                "Missing required property: user_id", hint="Send `user_id` in the query."
            )
    for key, entry in call.tenant.consents.scan(USER, user_id):
        _revoke(call.tenant, key, entry.value)


def _revoke(tenant: Tenant, key: str, consent: Consent) -> None:
    """Remove a grant, and the refresh tokens that were issued by it."""
    tenant.consents.take(key)
    default = tenant.default_audience() or ""
    for family_id, entry in tenant.refresh_families.scan(USER, consent.user_id):
        family = entry.value
        if (family.client_id, family.audience or default) == (consent.client_id, consent.audience):
            tenant.refresh_families.take(family_id)


def _list_devices(call: Call) -> Any:
    is_listed = call.query.get("type", "refresh_token") == "refresh_token"
    found = [entry.value for _, entry in _good(call, call.tenant.refresh_families)]
    return _DEVICES.page(call, found if is_listed else [], _show_device)


def _show_device(family: RefreshTokenFamily) -> dict[str, Any]:
    return {
        "id": family.id,
        "device_name": "",
        "type": "refresh_token",
        "user_id": family.user_id,
        "client_id": family.client_id,
    }


def _delete_device(call: Call) -> None:
    call.tenant.refresh_families.take(call.id)


OPERATIONS = (
    Operation(
        title="Get grants", method="GET", path="/grants", scopes=("read:grants",),
        handler=_list_grants, query=_GRANTS.parameters | _FILTERS,
    ),
    Operation(
        title="Delete a grant by user_id", method="DELETE", path="/grants",
        scopes=("delete:grants",), handler=_delete_grants, query=frozenset({"user_id"}),
        status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Delete a grant by id", method="DELETE", path="/grants/{id}",
        scopes=("delete:grants",), handler=_delete_grant, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Retrieve device credentials", method="GET", path="/device-credentials",
        scopes=("read:device_credentials",), handler=_list_devices,
        query=_DEVICES.parameters | {"user_id", "client_id", "type"},
    ),
    Operation(
        title="Delete a device credential", method="DELETE", path="/device-credentials/{id}",
        scopes=("delete:device_credentials",), handler=_delete_device,
        status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip

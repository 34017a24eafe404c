"""Grants, with which users allow clients access.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.management.artifacts.artifact_fields import entries_of
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_query
from mockidp.protocol.tokens.artifacts import Consent
from mockidp.tenant.state.stores import USER
from mockidp.tenant.tenant import Tenant

_GRANTS = ListShape(key="grants", order=("total", "start", "limit", "grants"))
_FILTERS = frozenset({"user_id", "client_id", "audience"})


def _id(tenant: Tenant, key: str) -> str:
    return tenant.ids.hex_id("grant", key)


def _list_grants(call: Call) -> Any:
    audience = call.query.get("audience")
    found = [
        (key, entry.value)
        for key, entry in entries_of(call, call.tenant.consents)
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
)  # fmt: skip

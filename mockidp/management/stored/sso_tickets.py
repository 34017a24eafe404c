"""Tickets with which a customer's administrator configures a connection by self-service.

The tickets are made, but mockidp has no page for them. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.management.body import check_keys, check_number
from mockidp.management.connections.connections import CONNECTIONS
from mockidp.management.json_values import JsonType, check_types
from mockidp.management.operation import Call, Operation
from mockidp.management.stored.profiles import SELF_SERVICE

_MAX_SECONDS = 432_000
_TYPES: Mapping[str, JsonType] = {
    "connection_id": "string",
    "connection_config": "object",
    "domain_aliases_config": "object",
    "enabled_clients": "array",
    "enabled_features": "object",
    "enabled_organizations": "array",
    "provisioning_config": "object",
    "third_party_client_access_config": "object",
    "ttl_sec": "number",
    "use_for_organization_discovery": "boolean",
}


def _create(call: Call) -> Any:
    SELF_SERVICE.find(call, call.id)
    check_keys(call, _TYPES)
    check_types(call, _TYPES)
    if "ttl_sec" in call.body:
        check_number(call, "ttl_sec", least=0, most=_MAX_SECONDS, is_whole=True)
    if "connection_id" in call.body:
        CONNECTIONS.find(call, call.body["connection_id"])
    call.tenant.trace.advise(
        "The link of the ticket answers 404, because mockidp has no page for it."
    )
    base = call.link_url or call.tenant.urls.browser_url(call.url)
    ticket = call.tenant.ids.opaque_token()[:32]
    return {"ticket": f"{base}/self-service/connections-flow?ticket={ticket}"}


OPERATIONS = (
    Operation(
        title="Create an SSO access ticket to initiate the Self Service SSO Flow", method="POST",
        path="/self-service-profiles/{id}/sso-ticket", scopes=("create:sso_access_tickets",),
        handler=_create, status=HTTPStatus.CREATED, has_links=True,
    ),
)  # fmt: skip

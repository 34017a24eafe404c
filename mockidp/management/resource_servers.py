"""APIs, which Auth0 calls resource servers. The Management API itself is one of them.

Auth0: a path names one by id or by its identifier, with escaped slashes. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.codec.write import to_file, to_wire
from mockidp.frozen import replace
from mockidp.management import field_types
from mockidp.management.collection import Resource, Texts, ordered
from mockidp.management.json_values import json_type
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_body
from mockidp.management.removed_scopes import remove_scopes
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.resources.resource_server import API, ResourceServer
from mockidp.tenant.content.implied_records import management_api
from mockidp.tenant.directory import MANAGEMENT_PATH
from mockidp.tenant.tenant import Tenant

_ORDER = (
    "id", "name", "identifier", "scopes", "authorization_details", "is_system",
    "signing_alg", "signing_secret", "allow_offline_access", "token_lifetime",
    "token_lifetime_for_web", "skip_consent_for_verifiable_first_party_clients",
    "enforce_policies", "token_dialect", "subject_type_authorization",
)  # fmt: skip
_NOT_UNLESS_SENT = ("scopes", "authorization_details", "enforce_policies", "token_dialect")
"""Fields that an API has only if they were set."""


def show_api(tenant: Tenant, api: ResourceServer) -> dict[str, Any]:
    """Return an API as JSON."""
    shown: dict[str, Any] = to_wire(api)
    shown["id"] = id_of(tenant, api)
    for name in set(_NOT_UNLESS_SENT) - to_file(api).keys():
        del shown[name]
    return ordered(shown, _ORDER)


def id_of(tenant: Tenant, api: ResourceServer) -> str:
    """Return the id of an API: 24 hexadecimal digits, the same at every start with a seed."""
    return api.id or tenant.ids.hex_id("resource_server", api.identifier)


def _system_api(call: Call) -> tuple[ResourceServer, ...]:
    identifier = call.tenant.issuer(call.url) + MANAGEMENT_PATH.removeprefix("/")
    if identifier in call.tenant.directory.apis:
        return ()
    return (replace(management_api(identifier), extra={"is_system": True}),)


def _by_id(call: Call, name: str) -> ResourceServer | None:
    apis = (*_system_api(call), *call.tenant.directory.apis.values())
    return next((one for one in apis if name in (one.identifier, id_of(call.tenant, one))), None)


def _check_is_no_system_api(call: Call, api: ResourceServer) -> None:
    is_system = bool(api.extra.get("is_system"))
    with call.tenant.trace.check("is_system", is_system=is_system):
        if is_system:
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                "System resource servers cannot be changed or deleted",
                error_code="operation_not_supported",
                hint=f"API {api.identifier} is the Management API, which every tenant has.",
            )


def _has_identifier(api: ResourceServer, wanted: str) -> bool:
    return api.identifier in wanted.split(",")


def _show(call: Call, api: ResourceServer) -> Mapping[str, Any]:
    return show_api(call.tenant, api)


def _check_scopes(call: Call, _fields: Mapping[str, Any] | None = None) -> None:
    """Check that scopes are objects. A tenant file may have their names only."""
    sent = call.body.get("scopes")
    with call.tenant.trace.check("scopes"):
        for index, one in enumerate(sent if isinstance(sent, list) else ()):
            if not isinstance(one, dict):
                raise invalid_body(
                    f"Expected type object but found type {json_type(one)}",
                    at=f"scopes[{index}]",
                    hint="Send each scope as an object with `value` and `description`.",
                )


RESOURCE_SERVERS = Resource(
    kind=API,
    path="/resource-servers",
    noun="resource_servers",
    texts=Texts(
        title="resource server",
        missing="The resource server does not exist",
        missing_code="inexistent_resource_server",
        exists="A resource server with the same identifier already exists",
        exists_code="resource_server_conflict",
    ),
    shape=ListShape(key="resource_servers", order=("total", "start", "limit", "resource_servers")),
    show=_show,
    read_only=frozenset({"id", "is_system", "client_id"}),
    fixed=frozenset({"identifier"}),
    required=("identifier",),
    types=field_types.RESOURCE_SERVER,
    defaults=lambda _call: {"skip_consent_for_verifiable_first_party_clients": False},
    filters={"identifiers": _has_identifier},
    check_new=_check_scopes,
    check_change=_check_is_no_system_api,
    find_other=_by_id,
    others=_system_api,
)


def _patch(call: Call) -> Any:
    """Change an API. A scope that is removed is removed from all that grant it, too."""
    _check_scopes(call)
    with call.tenant.backend.exclusive():
        api = RESOURCE_SERVERS.find(call, call.id)
        removed = _removed(api, call.body) if "scopes" in call.body else ()
        if removed:
            # All else is checked first, because a refusal must not remove anything.
            known = [{"value": one} for one in removed]
            with_all = [*(call.body["scopes"] or ()), *known]
            RESOURCE_SERVERS.patch(replace(call, body={**call.body, "scopes": with_all}))
            remove_scopes(call.tenant, api.identifier, removed)
        return RESOURCE_SERVERS.patch(call)


def _removed(api: ResourceServer, body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the scopes of an API that a body does not have; none if it is not valid."""
    sent = body["scopes"] or []
    kept = [one.get("value") for one in sent] if isinstance(sent, list) else api.scope_values
    return tuple(one for one in api.scope_values if one not in kept)


OPERATIONS = tuple(
    replace(one, handler=_patch) if one.method == "PATCH" else one
    for one in RESOURCE_SERVERS.operations()
)

"""Client grants: which client may get tokens for which API.

Auth0: client, API and `subject_type` identify a grant. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.codec.write import to_wire
from mockidp.flows.requests.own_url import is_own_api
from mockidp.management.collection import Resource, Texts, ordered
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call
from mockidp.management.refusals import conflict, not_found, refused
from mockidp.protocol.errors.nearest import nearest
from mockidp.protocol.my_account import MY_ACCOUNT_API
from mockidp.resources.client_grant import CLIENT_GRANT, GRANTED_CLIENT, ClientGrant
from mockidp.resources.resource_server import ResourceServer
from mockidp.tenant.directory import MANAGEMENT_PATH

_ORDER = ("id", "client_id", "audience", "scope", "subject_type", "organization_usage")

_NOT_UNLESS_SENT = (
    "default_for", "allow_all_scopes", "allow_any_organization", "authorization_details_types",
)  # fmt: skip


def _show(_call: Call, grant: ClientGrant) -> Mapping[str, Any]:
    shown: dict[str, Any] = to_wire(grant)
    for name in _NOT_UNLESS_SENT:
        if grant.value_if_set(name) is None:
            del shown[name]
    return ordered(shown, _ORDER)


def _check_new(call: Call, fields: Mapping[str, Any]) -> None:
    client_id, audience = fields["client_id"], fields["audience"]
    directory = call.tenant.directory
    own = call.tenant.urls.own_issuer(call.url) + MANAGEMENT_PATH.removeprefix("/")
    with call.tenant.trace.check("audience", sent=audience):
        api = _find_api(call, audience) if isinstance(audience, str) else None
        if api is None:
            raise not_found(
                f"No resource with identifier {audience}",
                hint=f"No API has the identifier {audience!r}. Create it first. The identifier "
                f"of this tenant's Management API is {own}.",
            )
    _check_scopes(call, api)
    with call.tenant.trace.check("client", sent=client_id):
        if not isinstance(client_id, str) or directory.client(client_id) is None:
            raise not_found("Client not found", hint=f"No client has the id {client_id!r}.")
    subject_type = fields.get("subject_type", "client")
    found = [
        one
        for one in directory.client_grants.find(GRANTED_CLIENT, client_id)
        if (one.audience, one.subject_type) == (audience, subject_type)
    ]
    with call.tenant.trace.check("new", client=client_id, audience=audience):
        if found:
            raise conflict(
                f"A client grant already exists between {client_id} and {audience}",
                hint=f"It is {found[0].id}. Change it with PATCH.",
            )


def _find_api(call: Call, audience: str) -> ResourceServer | None:
    """Return the API with an audience. Every tenant has the Management and My Account API."""
    directory = call.tenant.directory
    if is_own_api(call.tenant, call.url, audience, MY_ACCOUNT_API):
        return directory.my_account_api(audience)
    is_own = is_own_api(call.tenant, call.url, audience, MANAGEMENT_PATH)
    return directory.api(audience, is_management=is_own)


def _check_scopes(call: Call, api: ResourceServer | None) -> None:
    """Check that an API has the scopes in the body. Any scope is accepted if it is not known."""
    sent, directory = call.body.get("scope"), call.tenant.directory
    names = [one for one in sent if isinstance(one, str)] if isinstance(sent, list) else []
    unknown = [one for one in names if api is not None and not directory.defines(api, one)]
    with call.tenant.trace.check("scopes_of_api", sent=names, unknown=unknown):
        if api is not None and unknown:
            near = nearest(unknown[0], api.scope_values)
            meant = f" Did you mean {near}?" if near else ""
            raise refused(
                "Payload validation error: scope must be a subset of resource server scopes",
                code="invalid_body",
                hint=f"API {api.identifier} does not have the scope {unknown[0][:60]!r}.{meant}",
            )


CLIENT_GRANTS = Resource(
    kind=CLIENT_GRANT,
    path="/client-grants",
    noun="client_grants",
    texts=Texts(
        title="client grant",
        missing="The grant does not exist.",
        missing_code="inexistent_client_grant",
    ),
    shape=ListShape(
        key="client_grants",
        order=("total", "start", "limit", "client_grants"),
        has_checkpoints=True,
    ),
    show=_show,
    read_only=frozenset({"id", "is_system"}),
    fixed=frozenset({"client_id", "audience", "subject_type", "default_for"}),
    required=("client_id", "audience"),
    unique=("scope", "authorization_details_types"),
    check_new=_check_new,
    check_change=lambda call, grant: _check_scopes(call, _find_api(call, grant.audience)),
    filters={
        "client_id": lambda grant, wanted: grant.client_id == wanted,
        "audience": lambda grant, wanted: grant.audience == wanted,
        "subject_type": lambda grant, wanted: grant.subject_type == wanted,
        "allow_any_organization": lambda grant, wanted: (
            grant.allow_any_organization is (wanted == "true")
        ),
        "default_for": lambda grant, wanted: grant.default_for == wanted,
    },
)
OPERATIONS = tuple(CLIENT_GRANTS.operations())

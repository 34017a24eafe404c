"""The clients that members of an organization can log in to.

Auth0: they matter if `is_app_entitlement_active` is true. Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.management.body import check_keys, check_keys_of, strings
from mockidp.management.clients.clients import CLIENTS
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.organizations.organization import (
    Entries,
    change_entries,
    find_organization,
)
from mockidp.management.refusals import conflict, invalid_body, not_found
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization, OrganizationClient

_LIST = ListShape(key="clients", has_checkpoints=True, is_object=True)
_USE = "use_for_member_access"


def _client(call: Call, entry: OrganizationClient) -> Client:
    """Return the client. An export may refer to one that it does not contain."""
    found = call.tenant.directory.client(entry.client_id)
    return found or Client(client_id=entry.client_id)


def _show(call: Call, entry: OrganizationClient) -> dict[str, Any]:
    client = _client(call, entry)
    return {
        "client_id": client.client_id,
        _USE: entry.use_for_member_access,
        "client": {
            "name": client.name,
            "is_first_party": client.is_first_party,
            "grant_types": list(client.grant_types),
            "organization_usage": client.organization_usage,
        },
    }


def _list(call: Call) -> Any:
    clients = find_organization(call).clients
    return _LIST.page(
        call, clients, lambda one: _show(call, one), lambda one: _client(call, one).client_id
    )


def _find(call: Call, organization: Organization, client_id: str) -> OrganizationClient:
    entries = organization.clients
    found = next((one for one in entries if _client(call, one).client_id == client_id), None)
    with call.tenant.trace.check("client_of_organization", id=client_id, found=found is not None):
        if found is None:
            raise not_found(
                "The client does not exist",
                code="inexistent_client",
                hint=f"Organization {organization.name} does not list the client {client_id!r}. "
                "Add it with POST.",
            )
    return found


def _get(call: Call) -> Any:
    return _show(call, _find(call, find_organization(call), call.ids[1]))


def _read(call: Call) -> list[dict[str, Any]]:
    check_keys(call, ("clients",), required=("clients",))
    sent = call.body["clients"]
    with call.tenant.trace.check("clients"):
        if not (isinstance(sent, list) and sent and all(isinstance(one, dict) for one in sent)):
            raise invalid_body(
                "Expected type array of objects",
                at="clients",
                hint="`clients` is a list of objects with client_id and use_for_member_access.",
            )
        for one in sent:
            check_keys_of(one, ("client_id", _USE), required=("client_id",))
            if not isinstance(one["client_id"], str):
                raise invalid_body(
                    "Expected type string", at="clients[].client_id", hint="Send the client's id."
                )
    return sent


def _add(call: Call) -> Any:
    sent = _read(call)
    with call.tenant.backend.exclusive():
        organization = find_organization(call)
        held = {_client(call, one).client_id for one in organization.clients}
        for one in sent:
            client_id = CLIENTS.find(call, one["client_id"]).client_id
            with call.tenant.trace.check("new", client=client_id):
                if client_id in held:
                    raise conflict(
                        "The client is already associated with the organization",
                        hint=f"Organization {organization.name} lists client {client_id}, or the "
                        "body has it twice. Change it with PATCH.",
                    )
            held.add(client_id)
        after = change_entries(call, organization, "clients", lambda held: [*held, *sent])
    return [_show(call, one) for one in after.clients[-len(sent) :]]


def _patch(call: Call) -> Any:
    check_keys(call, (_USE,), required=(_USE,))
    with call.tenant.backend.exclusive():
        organization = find_organization(call)
        entry = _find(call, organization, call.ids[1])

        def changed(held: Entries) -> Entries:
            return [
                {**one, **call.body} if one["client_id"] == entry.client_id else one for one in held
            ]

        after = change_entries(call, organization, "clients", changed)
    return _show(call, _find(call, after, call.ids[1]))


def _remove(call: Call) -> None:
    check_keys(call, ("clients",), required=("clients",))
    sent, organization = strings(call, "clients"), find_organization(call)
    names = {one.client_id for one in organization.clients if _client(call, one).client_id in sent}

    def without(held: Entries) -> Entries:
        return [one for one in held if one["client_id"] not in names]

    change_entries(call, organization, "clients", without)


_PATH, _NOUN = "/organizations/{id}/clients", "organization_clients"
OPERATIONS = (
    Operation(
        title="Get clients of an organization", method="GET", path=_PATH,
        scopes=(f"read:{_NOUN}",), handler=_list, query=_LIST.parameters,
    ),
    Operation(
        title="Associate clients with an organization", method="POST", path=_PATH,
        scopes=(f"create:{_NOUN}",), handler=_add, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Remove clients from an organization", method="DELETE", path=_PATH,
        scopes=(f"delete:{_NOUN}",), handler=_remove, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Get a client of an organization", method="GET", path=f"{_PATH}/{{id}}",
        scopes=(f"read:{_NOUN}",), handler=_get,
    ),
    Operation(
        title="Update a client of an organization", method="PATCH", path=f"{_PATH}/{{id}}",
        scopes=(f"update:{_NOUN}",), handler=_patch,
    ),
)  # fmt: skip

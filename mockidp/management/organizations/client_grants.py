"""The client grants that get tokens for an organization.

Auth0: a grant of which `organization_usage` is allow or require. Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.management.body import check_keys
from mockidp.management.clients.client_grants import CLIENT_GRANTS
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.organizations.organization import (
    Entries,
    change_entries,
    find_organization,
    show_organization,
)
from mockidp.management.refusals import conflict, invalid_body
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.organization import Organization

_LIST = ListShape(key="client_grants", order=("client_grants", "start", "limit", "total"))
_ORGANIZATIONS = ListShape(
    key="organizations", order=("organizations", "start", "limit", "total"), has_checkpoints=True
)
_FIELDS = ("client_id", "audience", "scope", "organization_usage", "allow_any_organization")
_FILTERS = ("client_id", "audience")


def _names_of(call: Call, grant: ClientGrant) -> set[str]:
    """Return the id and the name of the client of a grant."""
    client = call.tenant.directory.client(grant.client_id)
    return {grant.client_id} | ({client.client_id, client.name} if client else set())


def _has(call: Call, organization: Organization, grant: ClientGrant) -> bool:
    is_for_client = grant.subject_type == "client"
    return is_for_client and organization.has_client_grant(grant.id, _names_of(call, grant))


def _show(name: str, grant: ClientGrant) -> dict[str, Any]:
    shown = {one: getattr(grant, one) for one in _FIELDS}
    return {name: grant.id, **shown, "scope": list(grant.scope)}


def _list(call: Call) -> Any:
    organization = find_organization(call)
    found = [
        one
        for one in call.tenant.directory.client_grants.values()
        if _has(call, organization, one)
        and all(getattr(one, name) == call.query.get(name, getattr(one, name)) for name in _FILTERS)
    ]
    return _LIST.page(call, found, lambda one: _show("id", one))


def _add(call: Call) -> Any:
    check_keys(call, ("grant_id",), required=("grant_id",))
    grant_id = call.body["grant_id"]
    with call.tenant.trace.check("grant_id"):
        if not isinstance(grant_id, str):
            raise invalid_body("Expected type string", at="grant_id", hint="Send the grant's id.")
    with call.tenant.backend.exclusive():
        organization = find_organization(call)
        grant = CLIENT_GRANTS.find(call, grant_id)
        _check_usage(call, grant)
        with call.tenant.trace.check("new", grant=grant_id):
            if _has(call, organization, grant):
                raise conflict(
                    "The client grant is already associated with the organization",
                    hint=f"Organization {organization.name} has the client grant {grant_id}.",
                )
        entry = {"client_id": grant.client_id, "grant_id": grant.id}
        change_entries(call, organization, "client_grants", lambda held: [*held, entry])
    return _show("grant_id", grant)


def _check_usage(call: Call, grant: ClientGrant) -> None:
    usage, subject = grant.organization_usage, grant.subject_type
    with call.tenant.trace.check("organization_usage", usage=usage, subject_type=subject):
        if usage == "deny" or subject != "client":
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                "The client grant does not allow organizations.",
                error_code="invalid_body",
                hint=f"`organization_usage` of client grant {grant.id} is {usage}, and its "
                f"`subject_type` is {subject}. Use a grant for a client, and set "
                "`organization_usage` to allow or require.",
            )


def _remove(call: Call) -> None:
    """Remove a grant. Auth0: one that the organization does not have is not an error.

    An entry for all grants of a client becomes entries for the others.
    """
    organization, grant_id = find_organization(call), call.ids[1]
    grant = call.tenant.directory.client_grants.get(grant_id)
    if grant is None:
        return
    names = _names_of(call, grant)
    others = [
        {"client_id": one.client_id, "grant_id": one.id}
        for one in call.tenant.directory.client_grants.values()
        if one.client_id in names and one.id != grant_id and _has(call, organization, one)
    ]

    def without(held: Entries) -> Entries:
        return [*(one for one in held if one["client_id"] not in names), *others]

    change_entries(call, organization, "client_grants", without)


def _list_organizations(call: Call) -> Any:
    grant = CLIENT_GRANTS.find(call, call.id)
    organizations = call.tenant.directory.organizations.values()
    found = [one for one in organizations if _has(call, one, grant)]
    return _ORGANIZATIONS.page(call, found, show_organization, lambda one: one.id)


_PATH = "/organizations/{id}/client-grants"
OPERATIONS = (
    Operation(
        title="Get client grants associated to an organization", method="GET", path=_PATH,
        scopes=("read:organization_client_grants",), handler=_list,
        query=_LIST.parameters.union(_FILTERS),
    ),
    Operation(
        title="Associate a client grant with an organization", method="POST", path=_PATH,
        scopes=("create:organization_client_grants",), handler=_add, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Remove a client grant from an organization", method="DELETE",
        path=f"{_PATH}/{{id}}", scopes=("delete:organization_client_grants",), handler=_remove,
        status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Get the organizations associated to a client grant", method="GET",
        path="/client-grants/{id}/organizations", scopes=("read:organization_client_grants",),
        handler=_list_organizations, query=_ORGANIZATIONS.parameters,
    ),
)  # fmt: skip

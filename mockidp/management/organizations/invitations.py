"""Invitations to an organization, whose links work.

Auth0: an accepted or deleted invitation is gone. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.flows.organizations.invitations import (
    login_route,
    send_invitation,
    store_invitation,
)
from mockidp.management.body import check_keys, check_keys_of, empty_text, strings
from mockidp.management.clients.clients import CLIENTS
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.organizations.connection_object import find_connection, no_connection
from mockidp.management.organizations.organization import find_organization
from mockidp.management.refusals import invalid_body, invalid_query, not_found
from mockidp.management.roles import find_role
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.protocol.login.invitation import DEFAULT_LIFETIME, MAX_LIFETIME, Invitation
from mockidp.resources.checks import check_email
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.tenant.state.stores import ORGANIZATION
from mockidp.tenant.timestamps import timestamp

_LIST = ListShape(key="invitations", order=("invitations", "start", "limit"))
_REQUIRED = ("inviter", "invitee", "client_id")
_METADATA = ("app_metadata", "user_metadata")
_FIELDS = (*_REQUIRED, *_METADATA, "connection_id", "ttl_sec", "roles", "send_invitation_email")
_NO_ROUTE = (
    "A default login route is required to generate the invitation url. Consider adding "
    "initiate_login_uri to the client or default_redirection_uri to the tenant."
)
_SORT = {"created_at:1": False, "created_at:-1": True}
_Stored = tuple[str, Invitation]


def _id(call: Call, ticket: str) -> str:
    return call.tenant.ids.record_id("uinv_", ticket)


def _pending(call: Call, organization: Organization) -> list[_Stored]:
    now = call.tenant.now()
    found = call.tenant.invitations.scan(ORGANIZATION, organization.id)
    return [(ticket, entry.value) for ticket, entry in found if entry.is_good(now)]


def _list(call: Call) -> Any:
    found = _pending(call, find_organization(call))
    sort = call.query.get("sort", "created_at:-1")
    with call.tenant.trace.check("sort", sent=sort):
        if sort not in _SORT:
            raise invalid_query(
                f"No enum match for: {sort[:40]}",
                at="sort",
                hint="Invitations are sorted by created_at:1 or created_at:-1.",
            )
    newest_last = sorted(found, key=lambda one: one[1].created_at)
    items = newest_last[::-1] if _SORT[sort] else newest_last
    return _LIST.page(call, items, lambda one: _show(call, one))


def _find(call: Call) -> _Stored:
    wanted = call.ids[1]
    pending = _pending(call, find_organization(call))
    found = next((one for one in pending if _id(call, one[0]) == wanted), None)
    with call.tenant.trace.check("invitation", id=wanted, found=found is not None):
        if found is None:
            raise not_found(
                "The invitation does not exist.",
                code="inexistent_invitation",
                hint=f"The organization has no pending invitation with the id {wanted!r}.",
            )
    return found


def _get(call: Call) -> Any:
    return _show(call, _find(call))


def _delete(call: Call) -> None:
    ticket, _ = _find(call)
    call.tenant.invitations.delete(ticket)


def _create(call: Call) -> Any:
    check_keys(call, _FIELDS, required=_REQUIRED)
    organization, client = find_organization(call), _find_client(call)
    route = _find_route(call, client)
    now = call.tenant.now()
    invitation = Invitation(
        organization_id=organization.id,
        client_id=client.client_id,
        email=_read_email(call),
        inviter=_read_text(call, "inviter", "name"),
        roles=_read_roles(call),
        connection=_read_connection(call, organization),
        user_metadata=_read_object(call, "user_metadata"),
        app_metadata=_read_object(call, "app_metadata"),
        created_at=now,
        expires_at=now + _read_lifetime(call),
    )
    is_sent = _read_is_sent(call)
    stored = store_invitation(call.tenant, route, organization, invitation)
    if is_sent:
        send_invitation(call.tenant, organization, client, stored[1])
    return _show(call, stored)


def _find_client(call: Call) -> Client:
    client_id = call.body["client_id"]
    with call.tenant.trace.check("client_id"):
        if not isinstance(client_id, str):
            raise _wrong_type("client_id", "string")
    return CLIENTS.find(call, client_id)


def _find_route(call: Call, client: Client) -> str:
    route = login_route(call.tenant, client)
    with call.tenant.trace.check("login_route", route=route):
        if route is None:
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                _NO_ROUTE,
                error_code="invalid_body",
                hint=f"Set `initiate_login_uri` of client {client.client_id}, or "
                "`default_redirection_uri` of the tenant.",
            )
    return route


def _wrong_type(name: str, expected: str) -> ApiRefusal:
    return invalid_body(
        f"Expected type {expected}", at=name, hint=f"Send `{name}` as a JSON {expected}."
    )


def _read_object(call: Call, name: str) -> Mapping[str, Any]:
    sent = call.body.get(name, {})
    with call.tenant.trace.check(name):
        if not isinstance(sent, dict):
            raise _wrong_type(name, "object")
    return sent


def _read_text(call: Call, name: str, member: str) -> str:
    sent = _read_object(call, name)
    with call.tenant.trace.check(f"{name}.{member}"):
        check_keys_of(sent, (member,), required=(member,), at=name)
        if not isinstance(sent[member], str):
            raise _wrong_type(f"{name}.{member}", "string")
        if not sent[member]:
            raise empty_text(f"{name}.{member}")
    return str(sent[member])


def _read_email(call: Call) -> str:
    email = _read_text(call, "invitee", "email")
    with call.tenant.trace.check("email", sent=email):
        if check_email(email) is not None:
            raise invalid_body(
                f"Object didn't pass validation for format email: {email}",
                at="invitee.email",
                hint=f"{email!r} is not an e-mail address.",
            )
    return email


def _read_roles(call: Call) -> tuple[str, ...]:
    if "roles" not in call.body:
        return ()
    return tuple(find_role(call.tenant, one).name for one in strings(call, "roles"))


def _read_connection(call: Call, organization: Organization) -> str | None:
    if "connection_id" not in call.body:
        return None
    name = find_connection(call, call.body["connection_id"]).name
    with call.tenant.trace.check("connection_of_organization", sent=name):
        if organization.connection(name) is None:
            raise no_connection(
                f"Connection {name} is not enabled for organization {organization.name}."
            )
    return name


def _read_lifetime(call: Call) -> int:
    sent = call.body.get("ttl_sec", DEFAULT_LIFETIME)
    with call.tenant.trace.check("ttl_sec"):
        if isinstance(sent, bool) or not isinstance(sent, int):
            raise _wrong_type("ttl_sec", "integer")
        if not 0 <= sent <= MAX_LIFETIME:
            raise invalid_body(
                f"Value {sent} is greater than maximum {MAX_LIFETIME}"
                if sent > 0
                else f"Value {sent} is less than minimum 0",
                at="ttl_sec",
                hint=f"Send 0 to {MAX_LIFETIME} seconds.",
            )
    return sent or DEFAULT_LIFETIME


def _read_is_sent(call: Call) -> bool:
    sent = call.body.get("send_invitation_email", True)
    with call.tenant.trace.check("send_invitation_email"):
        if not isinstance(sent, bool):
            raise _wrong_type("send_invitation_email", "boolean")
    return sent


def _show(call: Call, stored: _Stored) -> dict[str, Any]:
    ticket, invitation = stored
    directory = call.tenant.directory
    connection = directory.connection(invitation.connection) if invitation.connection else None
    roles = [directory.roles[name].id for name in invitation.roles if name in directory.roles]
    shown = {
        "id": _id(call, ticket),
        "client_id": invitation.client_id,
        "inviter": {"name": invitation.inviter},
        "invitee": {"email": invitation.email},
        "invitation_url": invitation.url,
        "ticket_id": ticket,
        "created_at": timestamp(invitation.created_at),
        "expires_at": timestamp(invitation.expires_at),
        "organization_id": invitation.organization_id,
        "roles": roles or None,
        "connection_id": connection.id if connection else None,
        "user_metadata": dict(invitation.user_metadata) or None,
        "app_metadata": dict(invitation.app_metadata) or None,
    }
    return {name: one for name, one in shown.items() if one is not None}


_PATH = "/organizations/{id}/invitations"
OPERATIONS = (
    Operation(
        title="Get invitations to an organization", method="GET", path=_PATH,
        scopes=("read:organization_invitations",), handler=_list,
        query=_LIST.parameters | {"sort"},
    ),
    Operation(
        title="Create invitations to an organization", method="POST", path=_PATH,
        scopes=("create:organization_invitations",), handler=_create, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Get a specific invitation to an organization", method="GET", path=f"{_PATH}/{{id}}",
        scopes=("read:organization_invitations",), handler=_get,
    ),
    Operation(
        title="Delete an invitation to an organization", method="DELETE", path=f"{_PATH}/{{id}}",
        scopes=("delete:organization_invitations",), handler=_delete,
        status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip

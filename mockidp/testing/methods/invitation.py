"""The test method `invite`: an invitation to an organization, without the Management API."""

from __future__ import annotations

from dataclasses import field

from mockidp.errors import MockIdPError
from mockidp.flows.organizations.invitations import (
    login_route,
    send_invitation,
    store_invitation,
)
from mockidp.frozen import frozen
from mockidp.protocol.login.invitation import DEFAULT_LIFETIME, MAX_LIFETIME, Invitation
from mockidp.resources.checks import check_email
from mockidp.resources.client import Client
from mockidp.resources.organization import ORGANIZATION, Organization
from mockidp.tenant.tenant import Tenant
from mockidp.testing.method import Method, Target, answer, parameters
from mockidp.testing.named import named_client, unknown
from mockidp.testing.records import find


@frozen
class NewInvitation:
    """The parameters of `invite`."""

    organization: str
    """By id or name."""
    email: str
    """The e-mail address of the invited person."""
    client: str | None = None
    """The client that the person logs in to, by id; by default the first that allows
    organizations."""
    roles: tuple[str, ...] = ()
    """Names of roles that the person gets in the organization."""
    connection: str | None = None
    """The connection with which the person has to log in; by default any of the organization."""
    inviter: str = "mockidp"
    """The name of the person who invites."""
    ttl: int = field(default=DEFAULT_LIFETIME)
    """The lifetime in seconds, at most 2592000; by default 604800."""
    send_email: bool = True
    """Whether the outbox gets a message."""


@frozen
class InvitationLink:
    """An invitation."""

    url: str
    """The link to the application, with `invitation`, `organization` and `organization_name`."""
    organization: str
    """The organization's id."""
    client: str
    email: str
    expires_at: int
    """Seconds since 1970, by the tenant's clock."""


def _invite(target: Target, request: NewInvitation) -> InvitationLink:
    """Invite a person to an organization."""
    tenant = target.tenant
    organization = find(tenant, ORGANIZATION, request.organization)
    client = _client(tenant, request.client)
    route = login_route(tenant, client)
    if route is None:
        raise MockIdPError(
            "A default login route is required to generate the invitation url. Set "
            f"`initiate_login_uri` of client {client.client_id}, or `default_redirection_uri` of "
            "the tenant."
        )
    _check(tenant, organization, request)
    now = tenant.now()
    invitation = Invitation(
        organization_id=organization.id,
        client_id=client.client_id,
        email=request.email,
        inviter=request.inviter,
        roles=request.roles,
        connection=request.connection,
        created_at=now,
        expires_at=now + (request.ttl or DEFAULT_LIFETIME),
    )
    _, invitation = store_invitation(tenant, route, organization, invitation)
    if request.send_email:
        send_invitation(tenant, organization, client, invitation)
    return InvitationLink(
        url=invitation.url,
        organization=organization.id,
        client=client.client_id,
        email=request.email,
        expires_at=int(invitation.expires_at),
    )


def _client(tenant: Tenant, client_id: str | None) -> Client:
    if client_id is not None:
        return named_client(tenant, client_id)
    clients = tenant.directory.clients.values()
    found = next((one for one in clients if one.organization_usage != "deny"), None)
    if found is None:
        raise MockIdPError(
            "No client allows organizations. Set `organization_usage` of a client to allow or "
            "require."
        )
    return found


def _check(tenant: Tenant, organization: Organization, request: NewInvitation) -> None:
    if check_email(request.email) is not None:
        raise MockIdPError(f"{request.email!r} is not an e-mail address.")
    for role in request.roles:
        if role not in tenant.directory.roles:
            raise unknown("role", role, tenant.directory.roles)
    if request.connection is not None and organization.connection(request.connection) is None:
        enabled = [one.name for one in organization.connections if one.is_enabled]
        raise unknown(
            f"connection of organization {organization.name}", request.connection, enabled
        )
    if not 0 <= request.ttl <= MAX_LIFETIME:
        raise MockIdPError(
            f"Parameter `ttl` is {request.ttl}. Send at most {MAX_LIFETIME} seconds."
        )


INVITE = Method(
    name="invite",
    http="POST /invitations",
    function=_invite,
    parameters=parameters(NewInvitation),
    answer=answer(InvitationLink),
)

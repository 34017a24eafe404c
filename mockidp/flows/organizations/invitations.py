"""Invitations to organizations: made for an e-mail address, and accepted by one login.

Auth0: https://auth0.com/docs/manage-users/organizations/configure-organizations/invite-members. A
login with another account than the invited one uses the invitation up, and is refused.
"""

from __future__ import annotations

from mockidp.flows.changed_user import change_user
from mockidp.flows.hints.timestamps import date_and_time
from mockidp.flows.organizations.membership import join
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import AccessDenied, InvalidRequest
from mockidp.protocol.login.invitation import Invitation
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp
from mockidp.tenant.trace import cut

NOT_FOUND = "invitation not found or already used"
NOT_INVITED = "the specified account is not allowed to accept the current invitation"


def login_route(tenant: Tenant, client: Client) -> str | None:
    """Return the URL of the application to which an invitation leads; None without a URL."""
    default = tenant.directory.configuration.tenant.default_redirection_uri
    return client.initiate_login_uri or default or None


def store_invitation(
    tenant: Tenant, route: str, organization: Organization, invitation: Invitation
) -> tuple[str, Invitation]:
    """Store an invitation. Return its ticket, and the invitation with its link."""
    ticket = tenant.ids.opaque_id()
    parameters = {
        "invitation": ticket,
        "organization": organization.id,
        "organization_name": organization.name,
    }
    link = AuthorizationResponse(redirect_uri=route, mode="query", parameters=parameters)
    stored = replace(invitation, url=link.location)
    tenant.invitations.put(ticket, stored, expires_at=stored.expires_at)
    return ticket, stored


def send_invitation(
    tenant: Tenant, organization: Organization, client: Client, invitation: Invitation
) -> None:
    """Send the e-mail with the link of an invitation."""
    app = client.name or client.client_id
    tenant.outbox.send(
        to=invitation.email,
        kind="user_invitation",
        subject=f"You've been invited to join {organization.shown_name}",
        text=f"{invitation.inviter} invited you to join {organization.shown_name} on {app}. Open "
        f"this link to accept: {invitation.url}",
        link=invitation.url,
        client_id=client.client_id,
    )


def find_invitation(tenant: Tenant, ticket: str | None) -> Invitation | None:
    """Return a valid invitation, without using it up."""
    return tenant.invitations.get(ticket) if ticket else None


def invited_email(tenant: Tenant, login: LoginTransaction) -> str | None:
    """Return the address for which the invitation of a login was made; None without one."""
    invitation = find_invitation(tenant, login.request.invitation)
    return invitation.email if invitation else None


def check_invitation(
    tenant: Tenant, client: Client, parameters: Parameters, organization: Organization | None
) -> Invitation | None:
    """Return the invitation of an authorization request; None if it has none.

    Raises:
        InvalidRequest: The invitation is not valid, or is for another client or organization.
    """
    ticket = parameters.get("invitation")
    if ticket is None:
        return None
    wanted = organization.id if organization else None
    with tenant.trace.check("invitation", sent=cut(ticket), organization=wanted):
        found = find_invitation(tenant, ticket)
        if found is None:
            raise _not_found(_why_not_valid(tenant, ticket))
        if wanted is None:
            raise _not_found(
                "Parameter `invitation` was sent without `organization`. Send both, as the link "
                "of the invitation has them."
            )
        if found.organization_id != wanted:
            raise _not_found(f"It is for organization {found.organization_id}, not for {wanted}.")
        if found.client_id != client.client_id:
            raise _not_found(f"It is for client {found.client_id}, not for {client.client_id}.")
    return found


def _not_found(hint: str) -> InvalidRequest:
    return InvalidRequest(NOT_FOUND, hint=f"The invitation was refused. {hint}")


def _why_not_valid(tenant: Tenant, ticket: str) -> str:
    entry = tenant.invitations.history(ticket)
    if entry is None:
        return "This tenant made no such invitation, deleted it, or made it before a restart."
    if entry.taken_at is not None:
        return f"It was used at {date_and_time(entry.taken_at)}, and can be used only once."
    return f"It expired at {date_and_time(entry.expires_at)}."


def check_invited(tenant: Tenant, ticket: str, user: User) -> None:
    """Check that a user who has logged in is the invited one.

    Raises:
        AccessDenied: It is a different user. The invitation is then used up.
        InvalidRequest: The invitation was used in the meantime.
    """
    invitation = find_invitation(tenant, ticket)
    with tenant.trace.check("invitation", sent=cut(ticket), user=user.user_id):
        if invitation is None:
            raise _not_found(_why_not_valid(tenant, ticket))
        why = _why_not_invited(invitation, user)
        if why:
            tenant.invitations.take(ticket)
            raise AccessDenied(NOT_INVITED, hint=f"{why} Auth0 uses the invitation up as well.")


def _why_not_invited(invitation: Invitation, user: User) -> str:
    if (user.email or "").lower() != invitation.email.lower():
        return (
            f"The invitation is for {invitation.email}, but user {user.user_id} has the e-mail "
            f"address {user.email}."
        )
    if invitation.connection not in (None, user.connection):
        return (
            f"The invitation is for connection {invitation.connection}, but user {user.user_id} "
            f"belongs to {user.connection}."
        )
    return ""


def accept_invitation(
    tenant: Tenant, ticket: str, organization: Organization, user: User
) -> Organization:
    """Use an invitation up, and return the organization with the user as a member.

    The user's e-mail address is then verified, and the metadata of the invitation are added to
    those of the user.

    Raises:
        InvalidRequest: Another login has accepted it, or the user or the organization was deleted.
    """
    invitation = tenant.invitations.take(ticket)
    with tenant.trace.check("invitation", sent=cut(ticket), taken=invitation is not None):
        if invitation is None:
            raise _not_found(_why_not_valid(tenant, ticket))
    now = timestamp(tenant.now())

    def change(before: User) -> User:
        changed = replace(
            before,
            email_verified=True,
            user_metadata={**before.user_metadata, **invitation.user_metadata},
            app_metadata={**before.app_metadata, **invitation.app_metadata},
        )
        return before if changed == before else replace(changed, updated_at=now)

    change_user(tenant, user.user_id, change)
    return join(tenant, organization, user, roles=invitation.roles)

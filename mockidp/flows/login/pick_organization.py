"""The step `pick organization`: after the login, the user's organization is checked or chosen.

Auth0: a user who is not a member of the requested organization is refused. With
`organization_require_behavior: post_login_prompt` the user picks one of the own organizations. A
single one is chosen without a page if the client requires one.
"""

from __future__ import annotations

from mockidp.flows.login.page_errors import NO_FIELD, ORGANIZATION_NOT_OFFERED, PromptError
from mockidp.flows.login.transaction import check_owner, login_client, update_login
from mockidp.flows.organizations.connections import check_connection_of_user
from mockidp.flows.organizations.invitations import accept_invitation, check_invited
from mockidp.flows.organizations.membership import (
    check_membership,
    join,
    organizations_to_choose,
)
from mockidp.flows.organizations.named import INVALID, REQUIRED
from mockidp.flows.organizations.requested import (
    asks_after_login,
    requires_organization,
    why_not_admitted,
)
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.tokens.artifacts import LoginTransaction, Session
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

NO_MEMBERSHIP = (
    "client requires organization membership, but user does not belong to any organization"
)
MAX_OFFERED = 20


def is_pending(tenant: Tenant, client: Client, login: LoginTransaction) -> bool:
    """Return whether the user still has to pick an organization.

    Raises:
        AccessDenied: The user is not a member of the requested organization, or was not invited.
        InvalidRequest: The user's connection is not enabled for it; or the client requires an
            organization, and the user has none or the request forbids the page.
    """
    user = tenant.directory.user(login.user_id or "")
    if user is None:
        return False  # the response explains it
    organization = _chosen(tenant, login)
    if organization is not None:
        _check_access(tenant, client, login, organization, user)
    if organization is not None or login.is_personal or not asks_after_login(client):
        return False
    return _must_pick(tenant, client, login, user)


def _check_access(
    tenant: Tenant, client: Client, login: LoginTransaction, organization: Organization, user: User
) -> None:
    if login.request.organization_id is not None:
        check_connection_of_user(tenant, client, organization, user)
    ticket = login.request.invitation
    if ticket is None:
        check_membership(tenant, organization, user)
    else:
        check_invited(tenant, ticket, user)


def _chosen(tenant: Tenant, login: LoginTransaction) -> Organization | None:
    if login.organization_id is None:
        return None
    found = tenant.directory.organization(login.organization_id)
    with tenant.trace.check("organization", chosen=login.organization_id):
        if found is None:
            raise InvalidRequest(
                INVALID,
                hint=f"Organization {login.organization_id} was removed during the login.",
            )
    return found


def _must_pick(tenant: Tenant, client: Client, login: LoginTransaction, user: User) -> bool:
    offered, required = offered_organizations(tenant, client, user), requires_organization(client)
    ids = [one.id for one in offered]
    is_silent = "none" in login.request.prompt
    with tenant.trace.check("organization_picker", offered=ids, silent=is_silent):
        if required and not offered:
            raise InvalidRequest(
                NO_MEMBERSHIP,
                hint=f"Client {client.client_id} requires an organization, but user "
                f"{user.user_id} is not a member of any that allows the client. Add the user to "
                "the `members` of an organization.",
            )
        if required and len(offered) > 1 and is_silent:
            raise InvalidRequest(
                REQUIRED,
                hint=f"Parameter prompt=none was sent without `organization`, but user "
                f"{user.user_id} has several: {', '.join(ids)}. Send `organization`.",
            )
    return not is_silent and len(offered) > required


def offered_organizations(tenant: Tenant, client: Client, user: User) -> tuple[Organization, ...]:
    """Return the organizations that the page offers to a user: the first 20."""
    found = organizations_to_choose(tenant.directory, user)
    return tuple(one for one in found if not why_not_admitted(one, client))[:MAX_OFFERED]


def pick_organization(
    tenant: Tenant, login: LoginTransaction, session: Session | None, organization_id: str | None
) -> None:
    """Continue a login in the organization that the user picked.

    Raises:
        PromptError: The page does not offer that organization.
        InvalidRequest: The browser is not the one that logged in.
    """
    owner = check_owner(tenant, login, session)
    user = tenant.directory.user(owner.user_id)
    offered = offered_organizations(tenant, login_client(tenant, login), user) if user else ()
    found = next((one for one in offered if one.id == organization_id), None)
    with tenant.trace.check("organization", picked=organization_id):
        if found is None:
            raise PromptError(
                {NO_FIELD: ORGANIZATION_NOT_OFFERED},
                hint=f"The page does not offer an organization {organization_id!r}. Offered: "
                f"{', '.join(one.id for one in offered) or 'none'}.",
            )
    tenant.trace.note(organization=found.id)
    update_login(tenant, login, replace(login, organization_id=found.id))


def enter_organization(
    tenant: Tenant, client: Client, login: LoginTransaction, user: User
) -> Organization | None:
    """Return the organization of a login whose steps are done, with the user as its member.

    Raises:
        InvalidRequest: The invitation of the login was accepted by another one.
    """
    found = _chosen(tenant, login)
    if found is None and asks_after_login(client) and requires_organization(client):
        (found,) = offered_organizations(tenant, client, user)
    if found is None:
        return None
    tenant.trace.note(organization=found.id)
    if login.request.invitation is not None:
        return accept_invitation(tenant, login.request.invitation, found, user)
    return found if found.member(user.user_id) else join(tenant, found, user)

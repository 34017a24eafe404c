"""Members of organizations, and users who become members by logging in.

Auth0: `assign_membership_on_login` of the organization's connection makes a user a member. In a
login without an organization it does so only if a single organization assigns membership.
"""

from __future__ import annotations

from mockidp.flows.organizations.connections import connections_of_organization
from mockidp.flows.organizations.named import INVALID
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import AccessDenied, InvalidRequest
from mockidp.resources.organization import CONNECTIONS, Organization, OrganizationMember
from mockidp.resources.user import User
from mockidp.tenant.directory import Directory
from mockidp.tenant.tenant import Tenant


def joins_by_login(directory: Directory, organization: Organization, user: User) -> bool:
    """Return whether a login makes a user a member."""
    connection = organization.connection(user.connection)
    return (
        connection is not None
        and connection.assign_membership_on_login
        and user.connection in connections_of_organization(directory, organization)
    )


def organizations_to_choose(directory: Directory, user: User) -> tuple[Organization, ...]:
    """Return the organizations that a user can choose after a login, in the tenant's order."""
    known = directory.organizations_of(user.user_id)
    with_connection = directory.organizations.find(CONNECTIONS, user.connection)
    assigning = [one for one in with_connection if joins_by_login(directory, one, user)]
    joined = assigning if len(assigning) == 1 and assigning[0] not in known else []
    return (*known, *joined)


def check_membership(tenant: Tenant, organization: Organization, user: User) -> None:
    """Check that a user is a member of an organization, or becomes one by this login.

    Raises:
        AccessDenied: The user is not a member, and the connection does not assign membership.
    """
    is_member = organization.member(user.user_id) is not None
    joins = joins_by_login(tenant.directory, organization, user)
    with tenant.trace.check("membership", user=user.user_id, is_member=is_member, joins=joins):
        if not (is_member or joins):
            raise AccessDenied(
                f"user {user.user_id} is not part of the {organization.id} organization",
                hint=f"Organization {organization.name} ({organization.id}) has no member "
                f"{user.user_id}, and its connection {user.connection} does not assign membership. "
                "Add the user to `members`, or set `assign_membership_on_login` of the connection.",
            )


def join(
    tenant: Tenant, organization: Organization, user: User, *, roles: tuple[str, ...] = ()
) -> Organization:
    """Make a user a member of an organization. Return the organization with its new member.

    A member keeps the roles and gets those that are new.

    Raises:
        InvalidRequest: The organization or the user was deleted.
    """
    with tenant.backend.exclusive():
        records = tenant.directory.organizations
        now, known = records.get(organization.name), tenant.directory.user(user.user_id)
        with tenant.trace.check("member", organization=now is not None, user=known is not None):
            if now is None or known is None:
                deleted = f"User {user.user_id}" if now else f"Organization {organization.id}"
                raise InvalidRequest(INVALID, hint=f"{deleted} was deleted during the login.")
        held = now.member(user.user_id)
        if held is not None and set(roles) <= set(held.roles):
            return now
        all_roles = tuple(dict.fromkeys((*(held.roles if held else ()), *roles)))
        member = replace(held or OrganizationMember(user_id=user.user_id), roles=all_roles)
        others = tuple(one for one in now.members if one.user_id != user.user_id)
        joined = replace(now, members=(*others, member))
        records.store.put(organization.name, joined)
    return joined

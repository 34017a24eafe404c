"""Effects of a changed or deleted record on sessions, tokens and invitations.

Auth0: a new password, a block and a deletion end the sessions, and clients that are subscribed to
`password-changed`, `account-deactivated` or `account-deleted` get logout tokens (docs/fidelity.md).
"""

from __future__ import annotations

from mockidp.flows.sessions import end_sessions_of
from mockidp.resources.organization import Organization
from mockidp.resources.record import Record
from mockidp.resources.user import User
from mockidp.tenant.stores import ORGANIZATION, USER
from mockidp.tenant.tenant import Tenant


def follow_change(tenant: Tenant, before: Record | None, after: Record) -> None:
    """End the sessions of a user who was blocked or got another password."""
    if not isinstance(before, User) or not isinstance(after, User):
        return
    if after.blocked and not before.blocked:
        end_sessions_of(tenant, after.user_id, "account-deactivated")
    elif after.password != before.password:
        end_sessions_of(tenant, after.user_id, "password-changed")


def follow_deletion(tenant: Tenant, record: Record) -> None:
    """End the sessions of a deleted user and revoke the refresh tokens.

    The invitations of a deleted organization are deleted.
    """
    if isinstance(record, Organization):
        for ticket, _ in tenant.invitations.scan(ORGANIZATION, record.id):
            tenant.invitations.delete(ticket)
    if not isinstance(record, User):
        return
    end_sessions_of(tenant, record.user_id, "account-deleted")
    for key, _ in tenant.refresh_families.scan(USER, record.user_id):
        tenant.refresh_families.take(key)

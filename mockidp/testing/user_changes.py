"""Effects of a changed or deleted record on sessions, tokens and invitations.

Auth0: a new password, a block and a deletion end the sessions, and clients that are subscribed to
`password-changed`, `account-deactivated` or `account-deleted` get logout tokens (docs/fidelity.md).
"""

from __future__ import annotations

from mockidp.flows.passkeys.held import passkeys_of, remove_passkey
from mockidp.flows.sessions import end_sessions_of, revoke_refresh_tokens_of
from mockidp.resources.connection import Connection
from mockidp.resources.organization import Organization
from mockidp.resources.record import Record
from mockidp.resources.user import User
from mockidp.tenant.state.stores import CONNECTION, ORGANIZATION, USER
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

    The invitations of a deleted organization are deleted, and so are the SCIM tokens and groups of
    a deleted connection. A deleted user leaves the groups and loses all passkeys.
    """
    if isinstance(record, Connection):
        delete_scim_tokens(tenant, record.id)
        for key, _ in tenant.scim_groups.scan(CONNECTION, record.id):
            tenant.scim_groups.delete(key)
    if isinstance(record, Organization):
        for ticket, _ in tenant.invitations.scan(ORGANIZATION, record.id):
            tenant.invitations.delete(ticket)
    if not isinstance(record, User):
        return
    end_sessions_of(tenant, record.user_id, "account-deleted")
    revoke_refresh_tokens_of(tenant, record.user_id)
    for one in passkeys_of(tenant, record.user_id):
        remove_passkey(tenant, one)
    for key, entry in tenant.scim_groups.scan(USER, record.user_id):
        tenant.scim_groups.put(key, entry.value.without(record.user_id, tenant.now()))


def delete_scim_tokens(tenant: Tenant, connection_id: str) -> None:
    """Delete the SCIM tokens of a connection."""
    for key, _ in tenant.scim_tokens.scan(CONNECTION, connection_id):
        tenant.scim_tokens.delete(key)

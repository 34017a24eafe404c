"""Effects of a changed or deleted record on sessions, tokens and invitations.

Auth0: a new password, a block and a deletion end the sessions, and clients that are subscribed to
`password-changed`, `account-deactivated` or `account-deleted` get logout tokens (docs/fidelity.md).
"""

from __future__ import annotations

from mockidp.flows.accounts.change_password import remember_password
from mockidp.flows.passkeys.held import passkeys_of, remove_passkey
from mockidp.flows.sessions.session import end_sessions_of, revoke_refresh_tokens_of
from mockidp.resources.connection import Connection
from mockidp.resources.organization import Organization
from mockidp.resources.record import Record
from mockidp.resources.user import User
from mockidp.tenant.state.stores import CONNECTION, ORGANIZATION, USER
from mockidp.tenant.tenant import Tenant

_OF_USER = (
    "authenticators", "consents", "declined_passkeys", "device_credentials", "previous_passwords",
    "remembered_browsers",
)  # fmt: skip
"""The stores of what lasts as long as the user."""


def follow_change(tenant: Tenant, before: Record | None, after: Record) -> None:
    """End the sessions of a user who was blocked or got another password.

    The earlier password becomes part of the user's history.
    """
    if not isinstance(before, User) or not isinstance(after, User):
        return
    if after.password is not None and after.password != before.password:
        remember_password(tenant, before)
    if after.blocked and not before.blocked:
        end_sessions_of(tenant, after.user_id, "account-deactivated")
    elif after.password != before.password:
        end_sessions_of(tenant, after.user_id, "password-changed")


def follow_deletion(tenant: Tenant, record: Record) -> None:
    """Delete what belongs to a deleted record, and end the sessions of a deleted user."""
    if isinstance(record, Connection):
        delete_scim_tokens(tenant, record.id)
        for key, _ in tenant.scim_groups.scan(CONNECTION, record.id):
            tenant.scim_groups.delete(key)
    elif isinstance(record, Organization):
        for ticket, _ in tenant.invitations.scan(ORGANIZATION, record.id):
            tenant.invitations.delete(ticket)
    elif isinstance(record, User):
        _follow_deleted_user(tenant, record.user_id)


def _follow_deleted_user(tenant: Tenant, user_id: str) -> None:
    """End the sessions, and delete what another user who gets the same id must not have."""
    end_sessions_of(tenant, user_id, "account-deleted")
    revoke_refresh_tokens_of(tenant, user_id)
    for one in passkeys_of(tenant, user_id):
        remove_passkey(tenant, one)
    for name in _OF_USER:
        for key, _ in tenant.stores[name].scan(USER, user_id):
            tenant.stores[name].delete(key)
    tenant.mfa_guesses.delete(user_id)
    for key, entry in tenant.scim_groups.scan(USER, user_id):
        tenant.scim_groups.put(key, entry.value.without(user_id, tenant.now()))


def delete_scim_tokens(tenant: Tenant, connection_id: str) -> None:
    """Delete the SCIM tokens of a connection."""
    for key, _ in tenant.scim_tokens.scan(CONNECTION, connection_id):
        tenant.scim_tokens.delete(key)

"""Change a user's password, and end what depends on it.

Auth0: a changed password ends the user's sessions and lifts blocks of brute-force protection.
Refresh tokens stay valid.
"""

from __future__ import annotations

from dataclasses import replace

from mockidp.flows.accounts.breached import check_new_password_is_safe
from mockidp.flows.accounts.new_password import check_new_password, connection_of, digest
from mockidp.flows.sessions import end_sessions_of
from mockidp.protocol.account_refusal import PasswordHistoryError
from mockidp.protocol.accounts import PreviousPasswords
from mockidp.resources.password_options import MAX_HISTORY
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp


def check_changed_password(tenant: Tenant, user: User, password: str) -> None:
    """Check the new password of a user who changes it.

    Raises:
        AccountRefusal: It is refused.
    """
    connection = connection_of(tenant, user)
    check_new_password(tenant, connection, user, password)
    check_new_password_is_safe(tenant, "pre-change-password", password)
    options = connection.options.password_history
    if options is None or not options.enable:
        return
    known = (digest(user.password or ""), *_previous(tenant, user))[: options.size]
    with tenant.trace.check("password_history", size=options.size):
        if digest(password) in known:
            raise PasswordHistoryError(
                hint=f"The new password is one of the last {options.size} of user {user.user_id}, "
                f"and `options.password_history.enable` of connection {connection.name} is true.",
            )


def change_password(
    tenant: Tenant, user: User, password: str, *, verifies_email: bool = False
) -> User:
    """Set a user's password. Return the changed user."""
    with tenant.backend.exclusive():
        before = tenant.directory.user(user.user_id) or user
        changed = replace(
            before,
            password=password,
            email_verified=before.email_verified or verifies_email,
            updated_at=timestamp(tenant.now()),
        )
        tenant.directory.users.store.put(changed.user_id, changed)
    _remember(tenant, before)
    end_sessions_of(tenant, user.user_id, "password-changed")
    return changed


def _remember(tenant: Tenant, user: User) -> None:
    options = connection_of(tenant, user).options.password_history
    if user.password is None or options is None or not options.enable:
        return
    digests = (digest(user.password), *_previous(tenant, user))[:MAX_HISTORY]
    previous = PreviousPasswords(user_id=user.user_id, digests=digests)
    tenant.previous_passwords.put(user.user_id, previous)


def _previous(tenant: Tenant, user: User) -> tuple[str, ...]:
    previous = tenant.previous_passwords.get(user.user_id)
    return previous.digests if previous else ()

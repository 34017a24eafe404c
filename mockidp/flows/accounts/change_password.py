"""Change a user's password, and end what depends on it.

Auth0: a changed password ends the user's sessions and lifts blocks of brute-force protection.
Refresh tokens stay valid.
"""

from __future__ import annotations

from mockidp.flows.accounts.breached import check_new_password_is_safe
from mockidp.flows.accounts.new_password import check_new_password, connection_of, digest
from mockidp.flows.changed_user import change_user
from mockidp.flows.sessions.session import end_sessions_of
from mockidp.frozen import replace
from mockidp.protocol.errors.account_refusal import PasswordHistoryError
from mockidp.protocol.login.accounts import PreviousPasswords
from mockidp.resources.password_options import MAX_HISTORY
from mockidp.resources.record import without_extra
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp


def check_changed_password(tenant: Tenant, user: User, password: str) -> None:
    """Check the new password of a user who changes it.

    Raises:
        AccountRefusal: It is refused.
    """
    check_new_password(tenant, connection_of(tenant, user), user, password)
    check_new_password_is_safe(tenant, "pre-change-password", password)
    check_password_history(tenant, user, password)


def check_password_history(tenant: Tenant, user: User, password: str) -> None:
    """Check that a user has not had a password before, if the connection keeps a history.

    Raises:
        PasswordHistoryError: The user has had it.
    """
    connection = connection_of(tenant, user)
    options = connection.options.password_history
    if options is None or not options.enable:
        return
    with tenant.trace.check("password_history", size=options.size):
        if _is_in(_history(tenant, user), password, options.size):
            raise PasswordHistoryError(
                hint=f"The new password is one of the last {options.size} of user {user.user_id}, "
                f"and `options.password_history.enable` of connection {connection.name} is true.",
            )


def change_password(
    tenant: Tenant, user: User, password: str, *, verifies_email: bool = False
) -> User | None:
    """Set a user's password. Return the changed user; None if the user was deleted."""
    now = timestamp(tenant.now())

    def change(before: User) -> User:
        remember_password(tenant, before)
        return replace(
            before,
            password=password,
            custom_password_hash=None,
            email_verified=before.email_verified or verifies_email,
            updated_at=now,
            extra={**before.extra, "last_password_reset": now},
        )

    changed = change_user(tenant, user.user_id, change)
    end_sessions_of(tenant, user.user_id, "password-changed")
    return changed


def remember_password(tenant: Tenant, user: User) -> None:
    """Add the password of a user to the history, if the connection keeps one."""
    options = connection_of(tenant, user).options.password_history
    if options is None or not options.enable:
        return
    history = _history(tenant, user)
    kept = replace(history, digests=history.digests[:MAX_HISTORY])
    tenant.previous_passwords.put(user.user_id, kept)


def _history(tenant: Tenant, user: User) -> PreviousPasswords:
    """Return the passwords of a user, with the current one."""
    held = tenant.previous_passwords.get(user.user_id) or PreviousPasswords(user_id=user.user_id)
    if user.password is None:
        imported = user.custom_password_hash
        return replace(held, imported=without_extra(imported) if imported else held.imported)
    return replace(held, digests=(digest(user.password), *held.digests))


def _is_in(history: PreviousPasswords, password: str, size: int) -> bool:
    """Return whether a password is one of the last ones."""
    if digest(password) in history.digests[:size]:
        return True
    if history.imported is None or len(history.digests) >= size:
        return False
    from mockidp.protocol.passwords.hash import matches  # noqa: PLC0415 - few users have a hash

    return matches(history.imported, password)

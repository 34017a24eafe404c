"""The user of an e-mail address or phone number, who is created with the first login.

Auth0: `email_verified` or `phone_verified` is true after a login.
"""

from __future__ import annotations

from typing import Any

from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import AccessDenied
from mockidp.protocol.login.passwordless import SIGNUP_DISABLED, recipient_property
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp


def signup_hint(connection: Connection, recipient: str) -> str:
    """Return the hint for an unknown user of a connection that does not allow sign-ups."""
    return (
        f"Connection {connection.name} has no user {recipient}, and its `options.disable_signup` "
        "is true. Add the user to the tenant file, or set the field to false."
    )


def user_or_new(tenant: Tenant, connection: Connection, recipient: str) -> User:
    """Return the user with an e-mail address or phone number, or one that is not stored yet."""
    known = tenant.directory.find_passwordless_user(connection, recipient)
    return known or _new_user(tenant, connection, recipient)


def _new_user(tenant: Tenant, connection: Connection, recipient: str) -> User:
    now = timestamp(tenant.now())
    fields: dict[str, Any] = {recipient_property(connection): recipient}
    return User(
        user_id=tenant.ids.user_id(connection.strategy, connection.name, recipient),
        name=recipient,
        connection=connection.name,
        created_at=now,
        updated_at=now,
        **fields,
    )


def verified_user(tenant: Tenant, connection: Connection, recipient: str) -> User:
    """Return the user whose e-mail address or phone number has just been verified.

    Raises:
        AccessDenied: There is no such user, and the connection allows no sign-up.
    """
    users = tenant.directory.users.store
    while True:
        known = tenant.directory.find_passwordless_user(connection, recipient)
        user = known or _new_user(tenant, connection, recipient)
        entry = users.find(user.user_id)
        if known is not None and entry is None:
            continue  # another request has deleted the user
        with tenant.trace.check(
            "signup", is_new=entry is None, disabled=connection.options.disable_signup
        ):
            if entry is None and connection.options.disable_signup:
                raise AccessDenied(SIGNUP_DISABLED, hint=signup_hint(connection, recipient))
        verified = _verified(tenant, connection, entry.value if entry else user)
        if (entry and entry.value == verified) or users.swap(
            user.user_id, entry.version if entry else None, verified
        ):
            return verified


def _verified(tenant: Tenant, connection: Connection, user: User) -> User:
    """Return a user whose e-mail address or phone number is verified."""
    if connection.is_email:
        if user.email_verified:
            return user
        return replace(user, email_verified=True, updated_at=timestamp(tenant.now()))
    if user.phone_verified:
        return user
    return replace(user, phone_verified=True, updated_at=timestamp(tenant.now()))

"""The user who logs in with an identity provider for the first time, and is created.

Auth0: the id is that of the identity provider, after the strategy, and for enterprise and custom
connections after the name of the connection.
"""

from __future__ import annotations

from typing import Any

from mockidp.protocol.errors.oauth_error import AccessDenied
from mockidp.protocol.login.login_results import ProviderAnswer
from mockidp.protocol.login.passwordless import SIGNUP_DISABLED
from mockidp.resources.connection import Connection
from mockidp.resources.strategies import EMAIL_IDS, NUMERIC_IDS, user_id_prefix
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp


def new_user_id(tenant: Tenant, connection: Connection, answer: ProviderAnswer) -> str:
    """Return the id of a new user, which is the same for the same person at every start."""
    strategy, name = connection.strategy, connection.name
    if answer.email is not None and strategy in EMAIL_IDS:
        return user_id_prefix(strategy, name) + answer.email
    identity = (name, answer.email or answer.name or "")
    digits = NUMERIC_IDS.get(strategy)
    prefix = user_id_prefix(strategy, name).removesuffix("|")
    if digits is None:
        return tenant.ids.user_id(prefix, *identity)
    return tenant.ids.numeric_user_id(prefix, digits, *identity)


def known_or_new_user(tenant: Tenant, connection: Connection, answer: ProviderAnswer) -> User:
    """Return the user of the connection with the address, or one who is created now.

    Of several first logins of one person, one creates the user.

    Raises:
        AccessDenied: The connection allows no new users.
    """
    user_id = new_user_id(tenant, connection, answer)
    with tenant.backend.exclusive():
        known = tenant.directory.find_user(answer.email or "", (connection.name,))
        user = known or tenant.directory.user(user_id)
        if user is not None:
            return user
        _check_sign_up(tenant, connection, answer)
        made = _new_user(tenant, connection, answer, user_id)
        tenant.directory.users.store.put(user_id, made)
    tenant.trace.note(created=user_id)
    return made


def _check_sign_up(tenant: Tenant, connection: Connection, answer: ProviderAnswer) -> None:
    disabled = connection.options.disable_signup
    with tenant.trace.check("signup", connection=connection.name, disabled=disabled):
        if disabled:
            raise AccessDenied(
                SIGNUP_DISABLED,
                hint=f"Connection {connection.name} has no user {answer.email or answer.name!r}, "
                "and its `options.disable_signup` is true. Add the user to the tenant file, or "
                "set the field to false.",
            )


def _new_user(tenant: Tenant, connection: Connection, answer: ProviderAnswer, user_id: str) -> User:
    now = timestamp(tenant.now())
    return User(
        user_id=user_id,
        connection=connection.name,
        email=answer.email,
        email_verified=answer.email_verified,
        created_at=now,
        updated_at=now,
        **_names(answer.name),
    )


def _names(name: str | None) -> dict[str, Any]:
    """Return the profile of a name; empty without one."""
    given, _, family = (name or "").partition(" ")
    found = {"name": name, "given_name": given, "family_name": family.strip()}
    return {field: value for field, value in found.items() if value}

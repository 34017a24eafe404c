"""An attempt on the login page: with a password, or by a click on a user of the picker.

Auth0: the same error for an unknown user and a wrong password; only the hint differs.
"""

from __future__ import annotations

from dataclasses import replace

from mockidp.flows.grants.password import password_mismatch
from mockidp.flows.login.brute_force import (
    Attempt,
    block_hint,
    block_of,
    count_attempt,
    picked_although_blocked,
)
from mockidp.flows.login.connection import why_no_password
from mockidp.flows.login.page_errors import (
    NO_FIELD,
    NO_PASSWORD,
    NO_USERNAME,
    USER_BLOCKED,
    USER_NOT_OFFERED,
    WRONG_CREDENTIALS,
    WRONG_EMAIL_CREDENTIALS,
    LoginPageError,
    UserBlockedError,
)
from mockidp.flows.login.transaction import login_client, move_on
from mockidp.flows.sessions import start_session
from mockidp.protocol.artifacts import LoginTransaction, Session
from mockidp.resources.user import User
from mockidp.tenant.no_users import why_nobody
from mockidp.tenant.tenant import Tenant


def choices(tenant: Tenant, login: LoginTransaction) -> list[User]:
    """Return the users that the page offers for one click."""
    connections = _connections(tenant, login)
    return [user for user in tenant.directory.users.values() if user.connection in connections]


def hint_for_page(tenant: Tenant, login: LoginTransaction) -> str:
    """Say why no user can log in with a password on the page; empty if one can."""
    if nobody := why_nobody(tenant.directory.document):
        return nobody
    hint = why_no_password(tenant.directory, _connections(tenant, login))
    return hint and f"{hint}: pick a user from the list instead"


def requires_username(tenant: Tenant, login: LoginTransaction) -> bool:
    """Return whether one of the login's connections identifies its users by a username."""
    connections = (tenant.directory.connections.get(name) for name in _connections(tenant, login))
    return any(one.options.has_usernames for one in connections if one)


def log_in(
    tenant: Tenant,
    login: LoginTransaction,
    username: str | None,
    password: str | None,
    *,
    address: str,
) -> Session:
    """Start a session for a name and password, and attach it to the login.

    Args:
        tenant: The tenant.
        login: The login that waits.
        username: What was typed.
        password: What was typed.
        address: The IP address of the person.

    Raises:
        LoginPageError: The page is to be shown again.
    """
    connections = _connections(tenant, login)
    username, password = _check_fields(tenant, username, password)
    directory = tenant.directory
    user = directory.find_user(username, directory.accept_passwords(connections))
    user = user or directory.find_user(username, connections)
    hint = why_nobody(directory.document)
    hint = hint or why_no_password(directory, [user.connection] if user else connections)
    hint = hint or password_mismatch(user, username, password, " or ".join(connections))
    verdict = count_attempt(
        tenant,
        Attempt(
            username=username,
            user=user,
            connections=connections,
            address=address,
            is_right=not hint,
        ),
    )
    with tenant.trace.check("brute_force_protection", **verdict.compared):
        if verdict.blocked_by:
            hint = block_hint(verdict.blocked_by)
            raise UserBlockedError({NO_FIELD: USER_BLOCKED}, hint=hint)
    with tenant.trace.check("password", username=username, connections=connections, equal=not hint):
        if user is None or hint:
            wrong = (
                WRONG_CREDENTIALS if requires_username(tenant, login) else WRONG_EMAIL_CREDENTIALS
            )
            raise LoginPageError({"password": wrong}, hint=hint + verdict.warning)
    return _log_in_as(tenant, login, user)


def _check_fields(tenant: Tenant, username: str | None, password: str | None) -> tuple[str, str]:
    missing = {}
    if not username:
        missing["username"] = NO_USERNAME
    if not password:
        missing["password"] = NO_PASSWORD
    with tenant.trace.check("form", empty=list(missing)):
        if not username or not password:
            names = " and ".join(f"`{name}`" for name in missing)
            raise LoginPageError(missing, hint=f"The login form was posted without {names}.")
    return username, password


def pick(tenant: Tenant, login: LoginTransaction, user_id: str) -> Session:
    """Start a session for a user of the picker, without a password.

    Raises:
        LoginPageError: The page does not offer that user.
    """
    user = next((one for one in choices(tenant, login) if one.user_id == user_id), None)
    with tenant.trace.check("user", picked=user_id):
        if user is None:
            raise LoginPageError(
                {NO_FIELD: USER_NOT_OFFERED},
                hint=f"{user_id!r} is not among the users of the picker",
            )
    return _log_in_as(tenant, login, user)


def why_password_would_fail(tenant: Tenant, session: Session) -> str:
    """Say that the picked user is blocked for password logins; empty if not."""
    block = block_of(tenant, session.user_id)
    return picked_although_blocked(block) if block else ""


def _connections(tenant: Tenant, login: LoginTransaction) -> tuple[str, ...]:
    if login.request.connection is not None:
        return (login.request.connection,)
    return tenant.directory.connections_for(login_client(tenant, login))


def _log_in_as(tenant: Tenant, login: LoginTransaction, user: User) -> Session:
    tenant.trace.note(user=user.user_id)
    session = start_session(tenant, user)
    move_on(tenant, login, replace(login, session_id=session.id))
    return session

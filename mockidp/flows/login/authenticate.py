"""The step `authenticate`: the person proves who they are, with a password or by a click.

Auth0: the page shows one error for unknown users and wrong passwords; only the hint differs.
"""

from __future__ import annotations

from collections.abc import Collection

from mockidp.flows.accounts.breached import check_login_is_safe
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.page_errors import (
    NO_FIELD,
    NO_PASSWORD,
    NO_USERNAME,
    PASSWORD_BREACHED,
    SAME_USER_LOGIN,
    USER_BLOCKED,
    USER_NOT_OFFERED,
    WRONG_CREDENTIALS,
    WRONG_EMAIL_CREDENTIALS,
    LoginPageError,
    PageError,
    PasswordLeakedError,
    TooManyLoginsError,
    UserBlockedError,
)
from mockidp.flows.login.passwords.brute_force import block_of, picked_although_blocked
from mockidp.flows.login.passwords.verify import Credentials, verify_password
from mockidp.flows.login.transaction import update_login
from mockidp.flows.sessions.session import start_session
from mockidp.frozen import replace
from mockidp.protocol.login.login_results import AS_USUAL, ClickAnswer
from mockidp.protocol.tokens.artifacts import LoginTransaction, Session
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


def is_pending(_tenant: Tenant, _client: Client, login: LoginTransaction) -> bool:
    """Return whether the user has not logged in yet."""
    return login.session_id is None


def log_in(
    tenant: Tenant,
    login: LoginTransaction,
    username: str | None,
    password: str | None,
    *,
    address: str,
    base_url: str,
    offers_passkey: bool = False,
) -> Session:
    """Start a session for a name and password, and attach it to the login.

    Args:
        tenant: The tenant.
        login: The login.
        username: The name as typed.
        password: The password as typed.
        address: The IP address of the person.
        base_url: The URL of the tenant in the request.
        offers_passkey: Whether the next page may offer the user a passkey.

    Raises:
        LoginPageError: The page is shown again.
    """
    connections = LoginConnections(tenant, login)
    username, password = _check_fields(tenant, username, password)
    credentials = Credentials(
        username=username, password=password, connections=connections.offered, address=address
    )
    user = verify_password(
        tenant,
        credentials,
        blocked=lambda hint: UserBlockedError({NO_FIELD: USER_BLOCKED}, hint=hint),
        wrong=lambda hint: LoginPageError({"password": _wrong(connections)}, hint=hint),
        limited=lambda refused: TooManyLoginsError({NO_FIELD: SAME_USER_LOGIN}, hint=refused.hint),
    )
    check_login_is_safe(
        tenant,
        base_url,
        user,
        password,
        client_id=login.request.client_id,
        leaked=lambda hint: PasswordLeakedError({NO_FIELD: PASSWORD_BREACHED}, hint=hint),
    )
    return log_in_as(tenant, login, user, typed_password=offers_passkey)


def _wrong(connections: LoginConnections) -> PageError:
    return WRONG_CREDENTIALS if connections.requires_username else WRONG_EMAIL_CREDENTIALS


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


def picked_user(tenant: Tenant, connections: Collection[str], user_id: str) -> User:
    """Return the user of the picker who was clicked, who needs no password.

    Args:
        tenant: The tenant.
        connections: The names of the connections whose users the page offers.
        user_id: The full id.

    Raises:
        LoginPageError: The page does not offer that user.
    """
    user = tenant.directory.user(user_id)
    with tenant.trace.check("user", picked=user_id):
        if user is None or user.connection not in connections:
            raise LoginPageError(
                {NO_FIELD: USER_NOT_OFFERED},
                hint=f"The picker does not offer a user {user_id!r}.",
            )
    return user


def why_password_would_fail(tenant: Tenant, session: Session) -> str:
    """Explain that the picked user is blocked for password logins; empty if not."""
    block = block_of(tenant, session.user_id)
    return picked_although_blocked(block) if block else ""


def log_in_as(
    tenant: Tenant,
    login: LoginTransaction,
    user: User,
    answer: ClickAnswer = AS_USUAL,
    *,
    typed_password: bool = False,
) -> Session:
    """Start a session for a user who has proved who they are, and attach it to the login.

    A second factor that another user had begun in the login ends, and so does what was chosen for
    another user.
    """
    tenant.trace.note(user=user.user_id)
    session = start_session(tenant, login.request.base_url, user)
    logged_in = replace(
        login,
        user_id=user.user_id,
        session_id=session.id,
        second_factor=None,
        answer=answer,
        typed_password=typed_password,
    )
    update_login(tenant, login, logged_in)
    return session

"""Sign up: create a user with a password.

Auth0: a used address is refused with a text that does not reveal the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from mockidp.flows.accounts.breached import check_new_password_is_safe
from mockidp.flows.accounts.database import INVALID_REQUEST, find_client, find_database, require
from mockidp.flows.accounts.mail import send_mail
from mockidp.flows.accounts.new_password import check_new_password
from mockidp.flows.accounts.new_user import read_new_user
from mockidp.flows.authorization.strict import why_not_for_strict
from mockidp.flows.requests.parameters import check_parameters
from mockidp.protocol.errors.account_refusal import AccountRefusal, ConnectionRefusal, UserExists
from mockidp.protocol.errors.refusal import Refusal
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.sign_up import SIGN_UP
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


def sign_up(tenant: Tenant, base_url: str, parameters: Parameters) -> dict[str, Any]:
    """Create the user of a request. Return the body of the response, in Auth0's key order.

    Raises:
        JsonRefusal: The sign-up is refused.
        InvalidRequest: A parameter is missing, or is not a string.
    """
    check_parameters(tenant, SIGN_UP, parameters)
    client = find_client(tenant, parameters)
    with tenant.trace.check("strict_client", is_strict=client.is_strict):
        if hint := why_not_for_strict(client):
            raise AccountRefusal(
                INVALID_REQUEST, f"Client not allowed: {client.client_id}", hint=hint
            )
    connection = find_database(tenant, client, require(tenant, parameters, "connection"))
    require(tenant, parameters, "password")
    user = create_user(tenant, connection, parameters)
    send_mail(tenant, base_url, "verify_email", user, client_id=client.client_id)
    shown = {
        "_id": user.user_id.partition("|")[2],
        "email": user.email,
        "email_verified": False,
        "username": user.username,
        "given_name": user.given_name,
        "family_name": user.family_name,
        "name": user.name,
        "nickname": user.nickname,
        "picture": user.picture,
        "user_metadata": user.user_metadata or None,
    }
    return {name: value for name, value in shown.items() if value is not None}


def create_user(tenant: Tenant, connection: Connection, parameters: Parameters) -> User:
    """Create a user in a connection. Of two requests for one address, one succeeds.

    Raises:
        JsonRefusal: The connection accepts no sign-ups, the user exists, or the address, the
            username or the password is refused.
    """
    check_is_enabled(tenant, connection)
    user = read_new_user(tenant, connection, parameters)
    check_new_password(tenant, connection, user, user.password or "")
    check_new_password_is_safe(tenant, "pre-user-registration", user.password or "")
    with tenant.backend.exclusive():
        check_is_new(tenant, connection, user, partial(_exists, tenant))
        tenant.directory.users.store.put(user.user_id, user)
    tenant.trace.note(user=user.user_id)
    return user


def check_is_enabled(tenant: Tenant, connection: Connection) -> None:
    """Check that a connection accepts sign-ups.

    Raises:
        ConnectionRefusal: It does not.
    """
    disabled = connection.options.disable_signup
    with tenant.trace.check("disable_signup", disabled=disabled):
        if disabled:
            raise ConnectionRefusal(
                "public signup is disabled",
                hint=f"Connection {connection.name} has `options.disable_signup: true`.",
            )


def check_is_new(
    tenant: Tenant, connection: Connection, user: User, exists: Callable[[str, User], Refusal]
) -> None:
    """Check that neither the address nor the username of a new user is used in the connection.

    Args:
        tenant: The tenant.
        connection: The connection.
        user: The new user.
        exists: Returns the refusal for the name of the field, and the user who has its value.

    Raises:
        Refusal: Another user has one of them.
    """
    for name in ("email", "username"):
        value = getattr(user, name)
        found = tenant.directory.find_user(value, [connection.name]) if value else None
        with tenant.trace.check(f"new_{name}", found=found.user_id if found else None):
            if found is not None:
                raise exists(name, found)


def _exists(tenant: Tenant, name: str, found: User) -> AccountRefusal:
    flags = tenant.directory.configuration.tenant.flags
    hint = f"User {found.user_id} of connection {found.connection} has this {name} already."
    if not flags.enable_public_signup_user_exists_error:
        return AccountRefusal(
            "invalid_signup",
            "Invalid sign up",
            hint=f"{hint} To get a refusal that says so, set "
            "`tenant.flags.enable_public_signup_user_exists_error`.",
        )
    if name == "username":
        return UserExists("username_exists", "The username provided is in use already.", hint=hint)
    return UserExists("user_exists", "The user already exists.", hint=hint)

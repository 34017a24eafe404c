"""Sign up during a login, and continue the login.

Auth0: `/u/signup`, or `/u/signup/identifier` and `/u/signup/password`.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.flows.accounts.mail import send_mail
from mockidp.flows.accounts.new_user import read_new_user
from mockidp.flows.accounts.offers import database_to_sign_up
from mockidp.flows.accounts.page_errors import sign_up_error
from mockidp.flows.accounts.sign_up import create_user
from mockidp.flows.login.authenticate import log_in_as
from mockidp.flows.login.identify import connections_of
from mockidp.flows.login.page_errors import NO_EMAIL, NO_PASSWORD, NO_USERNAME, PromptError
from mockidp.flows.login.transaction import update_login
from mockidp.frozen import replace
from mockidp.protocol.errors.account_refusal import AccountRefusal
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.tokens.artifacts import LoginTransaction, Session
from mockidp.resources.connection import Connection
from mockidp.tenant.tenant import Tenant

_MISSING = {"email": NO_EMAIL, "username": NO_USERNAME, "password": NO_PASSWORD}
Form = Mapping[str, str | None]


def database_for_sign_up(tenant: Tenant, login: LoginTransaction) -> Connection:
    """Return the database for the sign-up.

    Raises:
        InvalidRequest: No database of the login accepts sign-ups.
    """
    names = connections_of(tenant, login)
    connection = database_to_sign_up(tenant, login, names)
    with tenant.trace.check("sign_up_connection", enabled=names):
        if connection is None:
            raise InvalidRequest(
                "public signup is disabled",
                hint="None of the login's connections is a database that accepts sign-ups: "
                f"{', '.join(names) or 'it has none'}. Set `options.disable_signup` of a database "
                "to false, and for a login to an organization `is_signup_enabled` of its "
                "connection to true.",
            )
    return connection


def remember_new_user(
    tenant: Tenant, login: LoginTransaction, connection: Connection, form: Form
) -> None:
    """Store address and username of the first of two pages.

    Raises:
        PromptError: The page is shown again.
    """
    typed = _check_fields(tenant, connection, form, also=())
    try:
        read_new_user(tenant, connection, Parameters(typed))
    except AccountRefusal as refusal:
        raise sign_up_error(refusal) from None
    changed = replace(login, identifier=typed["email"], new_username=typed.get("username"))
    update_login(tenant, login, changed)


def sign_up_and_log_in(
    tenant: Tenant, base_url: str, login: LoginTransaction, connection: Connection, form: Form
) -> Session:
    """Create a user, send the e-mail that verifies the address, and log the user in.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant in the request.
        login: The login.
        connection: The database.
        form: What was typed: `email`, `username` and `password`.

    Raises:
        PromptError: The page is shown again.
    """
    typed = _check_fields(tenant, connection, form, also=("password",))
    try:
        user = create_user(tenant, connection, Parameters(typed))
    except AccountRefusal as refusal:
        raise sign_up_error(refusal) from None
    send_mail(tenant, base_url, "verify_email", user, client_id=login.request.client_id)
    return log_in_as(tenant, login, user)


def _check_fields(
    tenant: Tenant, connection: Connection, form: Form, *, also: tuple[str, ...]
) -> dict[str, str]:
    """Return the submitted fields, which must include those of the connection."""
    username = ("username",) if connection.options.needs_username else ()
    missing = {name: _MISSING[name] for name in ("email", *username, *also) if not form.get(name)}
    with tenant.trace.check("form", empty=list(missing)):
        if missing:
            names = " and ".join(f"`{name}`" for name in missing)
            raise PromptError(missing, hint=f"The form was posted without {names}.")
    shown = ("email", *(("username",) if connection.options.has_usernames else ()), "password")
    return {name: value for name in shown if (value := form.get(name))}

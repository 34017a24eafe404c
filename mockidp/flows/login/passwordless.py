"""A passwordless login on pages: an e-mail address or phone number, then the code that was sent.

Auth0: the first page is that of identifier first. Every code that is not accepted has the same
error, except after too many wrong codes.
"""

from __future__ import annotations

from mockidp.flows.login.authenticate import log_in_as
from mockidp.flows.login.page_errors import (
    INVALID_CODE,
    INVALID_EMAIL,
    INVALID_PHONE,
    NO_CODE,
    NO_EMAIL,
    NO_PHONE,
    SIGNUP_DISABLED,
    TOO_MANY_CODES,
    LoginPageError,
    PageError,
)
from mockidp.flows.login.transaction import login_client, update_login
from mockidp.flows.passwordless.code import CodeRejected, Recipient, take_code
from mockidp.flows.passwordless.request import parse_address
from mockidp.flows.passwordless.send import send_code
from mockidp.flows.passwordless.user import verified_user
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import AccessDenied
from mockidp.protocol.login.passwordless import TOO_MANY_GUESSES, BadPropertyError
from mockidp.protocol.tokens.artifacts import LoginTransaction, Session
from mockidp.resources.connection import Connection
from mockidp.tenant.tenant import Tenant

EMAIL_CODE_PAGE = "/u/login/passwordless-email-challenge"
SMS_CODE_PAGE = "/u/login/passwordless-sms-challenge"


def code_page(connection: Connection) -> str:
    """Return the path of the page for a connection's codes."""
    return EMAIL_CODE_PAGE if connection.is_email else SMS_CODE_PAGE


def send_login_code(
    tenant: Tenant, login: LoginTransaction, connection: Connection, typed: str | None
) -> None:
    """Send a code to the address from the first page, and store the address.

    Raises:
        LoginPageError: The page is shown again.
    """
    address = _parse(tenant, connection, (typed or "").strip())
    client = login_client(tenant, login)
    recipient = Recipient(client=client, connection=connection, address=address)
    try:
        send_code(tenant, recipient)
    except BadPropertyError as error:
        raise LoginPageError({"username": SIGNUP_DISABLED}, hint=error.hint) from None
    if login.identifier != address:
        update_login(tenant, login, replace(login, identifier=address))


def _parse(tenant: Tenant, connection: Connection, typed: str) -> str:
    missing, invalid = (
        (NO_EMAIL, INVALID_EMAIL) if connection.is_email else (NO_PHONE, INVALID_PHONE)
    )
    with tenant.trace.check("identifier", sent=typed, connection=connection.name):
        if not typed:
            raise LoginPageError(
                {"username": missing}, hint="The form was posted without `username`."
            )
        try:
            return parse_address(connection, typed, field="username")
        except BadPropertyError as error:
            raise LoginPageError({"username": invalid}, hint=error.hint) from None


def log_in_with_code(
    tenant: Tenant,
    login: LoginTransaction,
    connection: Connection,
    *,
    address: str,
    code: str | None,
) -> Session:
    """Start a session for a code, which is used up.

    Raises:
        LoginPageError: The page is shown again.
    """
    with tenant.trace.check("form", is_sent=code is not None):
        if not code:
            raise LoginPageError({"code": NO_CODE}, hint="The form was posted without `code`.")
    client = login_client(tenant, login)
    recipient = Recipient(client=client, connection=connection, address=address)
    try:
        take_code(tenant, recipient, code.strip())
        user = verified_user(tenant, connection, address)
    except CodeRejected as error:
        raise LoginPageError({"code": _page_error(error)}, hint=error.hint) from None
    except AccessDenied as error:
        raise LoginPageError({"code": SIGNUP_DISABLED}, hint=error.hint) from None
    return log_in_as(tenant, login, user)


def _page_error(error: CodeRejected) -> PageError:
    return TOO_MANY_CODES if error.description == TOO_MANY_GUESSES else INVALID_CODE

"""Reset a password: send a link to the user, and accept a new password for it.

Auth0: the answer is the same whether the user exists. Only the hint differs.
"""

from __future__ import annotations

from mockidp.flows.accounts.change_password import change_password, check_changed_password
from mockidp.flows.accounts.database import find_client, find_database, require
from mockidp.flows.accounts.mail import send_mail
from mockidp.flows.accounts.page_errors import (
    NO_RE_ENTER_PASSWORD,
    PASSWORD_MISMATCH,
    password_error,
)
from mockidp.flows.accounts.tickets import FoundTicket, check_is_there, take_ticket
from mockidp.flows.hints.known import HIGH_LIKENESS, did_you_mean
from mockidp.flows.login.page_errors import NO_PASSWORD, PromptError
from mockidp.flows.requests.parameters import check_parameters
from mockidp.protocol.errors.account_refusal import AccountRefusal
from mockidp.protocol.errors.hint import join_hints
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.change_password import CHANGE_PASSWORD
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

PASSWORD_FIELD, REPEATED_FIELD = "password-reset", "re-enter-password"
"""The fields of the form for a new password."""
SENT = "We've just sent you an email to reset your password."


def request_change(tenant: Tenant, base_url: str, parameters: Parameters) -> str:
    """Send the link that a request asks for. Return the text of the response.

    Raises:
        JsonRefusal: The client or the connection is refused.
        InvalidRequest: A parameter is missing, or is not a string.
    """
    check_parameters(tenant, CHANGE_PASSWORD, parameters)
    client = find_client(tenant, parameters)
    connection = find_database(tenant, client, require(tenant, parameters, "connection"))
    name = parameters.get("email") or parameters.get("username")
    if name is None:
        name = require(tenant, parameters, "email")
    send_reset_link(tenant, base_url, connection, name, client_id=client.client_id)
    return SENT


def send_reset_link(
    tenant: Tenant, base_url: str, connection: Connection, name: str, *, client_id: str
) -> None:
    """Send a link with which the user can choose a new password, if there is such a user.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant in the request.
        connection: The user's connection.
        name: The user's e-mail address or username.
        client_id: The application that the user came from.
    """
    user = tenant.directory.find_user(name, [connection.name])
    hint = _why_not(tenant, connection, name, user)
    with tenant.trace.check("reset_email", user=user.user_id if user else None, is_sent=not hint):
        if hint:
            tenant.trace.advise(f"No e-mail was sent. {hint}")
    if user is not None and not hint:
        tenant.trace.note(user=user.user_id)
        send_mail(tenant, base_url, "reset_email", user, client_id=client_id)


def _why_not(tenant: Tenant, connection: Connection, name: str, user: User | None) -> str:
    if connection.options.disable_self_service_change_password:
        return (
            f"Connection {connection.name} has `options.disable_self_service_change_password: "
            "true`."
        )
    if user is not None:
        return ""
    names = (one.email for one in tenant.directory.users.find("connection", connection.name))
    return join_hints(
        f"Connection {connection.name} has no user with the e-mail or username {name!r}.",
        did_you_mean(name, filter(None, names), likeness=HIGH_LIKENESS),
    )


def reset_password(tenant: Tenant, found: FoundTicket, form: Parameters) -> User:
    """Set the password of a ticket's user, and use the ticket up. Return the user.

    Args:
        tenant: The tenant.
        found: The ticket.
        form: The form with the new password, twice.

    Raises:
        PromptError: The password is refused. The ticket stays valid.
        TicketError: Another request used the ticket at the same time, or deleted the user.
    """
    password = _read_new_password(tenant, form)
    try:
        check_changed_password(tenant, found.user, password)
    except AccountRefusal as refusal:
        raise password_error(refusal, PASSWORD_FIELD) from None
    return _use(tenant, found, password)


def set_password(tenant: Tenant, found: FoundTicket) -> User:
    """Set the password that a ticket contains, and use the ticket up. Return the user.

    Raises:
        TicketError: Another request used the ticket at the same time, or deleted the user.
    """
    return _use(tenant, found, found.ticket.password)


def _use(tenant: Tenant, found: FoundTicket, password: str) -> User:
    take_ticket(tenant, found)
    changed = change_password(
        tenant, found.user, password, verifies_email=found.ticket.verifies_email
    )
    return check_is_there(tenant, found.user.user_id, changed)


def _read_new_password(tenant: Tenant, form: Parameters) -> str:
    password, repeated = form.get(PASSWORD_FIELD), form.get(REPEATED_FIELD)
    missing = {}
    if password is None:
        missing[PASSWORD_FIELD] = NO_PASSWORD
    if repeated is None:
        missing[REPEATED_FIELD] = NO_RE_ENTER_PASSWORD
    with tenant.trace.check("form", empty=list(missing), equal=password == repeated):
        if password is None or repeated is None:
            names = " and ".join(f"`{name}`" for name in missing)
            raise PromptError(missing, hint=f"The form was posted without {names}.")
        if password != repeated:
            raise PromptError(
                {REPEATED_FIELD: PASSWORD_MISMATCH},
                hint=f"Fields `{PASSWORD_FIELD}` and `{REPEATED_FIELD}` are not equal.",
            )
    return password

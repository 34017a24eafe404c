"""Tickets: links with which a user changes the password or verifies an e-mail address.

Auth0: the pages of the links are those of the e-mails. Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.flows.accounts.new_password import connection_of
from mockidp.flows.accounts.tickets import create_ticket
from mockidp.management.body import check_keys, check_keys_of, check_number
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, not_found
from mockidp.management.users import find_user
from mockidp.protocol.accounts import Ticket, TicketKind
from mockidp.protocol.refusal import ApiRefusal
from mockidp.resources.checks import check_web_url
from mockidp.resources.connection import CONNECTION
from mockidp.resources.strategies import DATABASE_STRATEGY
from mockidp.resources.user import User
from mockidp.tenant.records import ID
from mockidp.testing import records

_COMMON = frozenset({"user_id", "result_url", "client_id", "ttl_sec", "includeEmailInRedirect"})
_OF_PASSWORDS = _COMMON | {"email", "connection_id", "mark_email_as_verified"}
_OF_ADDRESSES = _COMMON | {"identity"}
_SCOPES = ("create:user_tickets",)
_MAX_LIFETIME = 10**9


def _change_password(call: Call) -> Any:
    check_keys(call, _OF_PASSWORDS)
    user = _find_user(call)
    connection = connection_of(call.tenant, user)
    with call.tenant.trace.check("strategy", of_user=connection.strategy):
        if connection.strategy != DATABASE_STRATEGY:
            raise _not_supported(
                f"User {user.user_id} belongs to connection {connection.name}, which has the "
                f"strategy {connection.strategy} and not {DATABASE_STRATEGY}."
            )
    return _create(
        call, "reset-password", user, verifies_email=flag(call, "mark_email_as_verified")
    )


def _verify_email(call: Call) -> Any:
    check_keys(call, _OF_ADDRESSES, required=("user_id",))
    user = user_to_verify(call)
    return _create(call, "email-verification", user)


def user_to_verify(call: Call) -> User:
    """Return the user whose address a call verifies.

    Raises:
        ApiRefusal: There is no such user, the user has no address, or the identity is linked.
    """
    user = find_user(call.tenant, text(call, "user_id") or "")
    with call.tenant.trace.check("email", of_user=user.email):
        if not user.email:
            raise _not_supported(f"User {user.user_id} has no e-mail address.")
    identity = call.body.get("identity")
    if identity is None:
        return user
    with call.tenant.trace.check("identity"):
        if not isinstance(identity, dict):
            raise invalid_body(
                "Expected type object", at="identity", hint="Send `user_id` and `provider`."
            )
        names = ("user_id", "provider")
        check_keys_of(identity, (*names, "connection_id"), required=names)
        named = f"{identity['provider']}|{identity['user_id']}"
        if named != user.user_id:
            raise _not_supported(
                f"Identity {named[:100]!r} is not the main identity of user {user.user_id}, and "
                "mockidp verifies only the address of that one."
            )
    return user


def check_client(call: Call) -> str | None:
    """Return the `client_id` in the body, which names a client if it is sent.

    Raises:
        ApiRefusal: It names none.
    """
    client_id = text(call, "client_id")
    client = call.tenant.directory.client(client_id) if client_id else None
    with call.tenant.trace.check("client", sent=client_id):
        if client_id is not None and client is None:
            raise not_found(
                "The client does not exist.",
                code="inexistent_client",
                hint=f"No client has the id {client_id!r}.",
            )
    return client_id


def text(call: Call, name: str) -> str | None:
    """Return a string in the body, or None if it was not sent.

    Raises:
        ApiRefusal: It is another value.
    """
    sent = call.body.get(name)
    with call.tenant.trace.check(name, sent=sent is not None):
        if not (sent is None or isinstance(sent, str)):
            raise invalid_body("Expected type string", at=name, hint=f"Send `{name}` as a string.")
    return sent


def flag(call: Call, name: str) -> bool:
    """Return a boolean in the body; false if it was not sent.

    Raises:
        ApiRefusal: It is another value.
    """
    sent = call.body.get(name, False)
    with call.tenant.trace.check(name, sent=sent is True):
        if not isinstance(sent, bool):
            raise invalid_body(
                "Expected type boolean", at=name, hint=f"Send `{name}` as true or false."
            )
    return sent


def _find_user(call: Call) -> User:
    """Return the user that `user_id`, or `email` and `connection_id`, name."""
    user_id, email = text(call, "user_id"), text(call, "email")
    connection_id = text(call, "connection_id")
    with call.tenant.trace.check("names_user", keys=tuple(call.body)):
        if (user_id is None) is (email is None) or (email is None) is not (connection_id is None):
            raise invalid_body(
                "Expected either user_id or email and connection_id",
                hint="Send `user_id`, or `email` together with `connection_id`.",
            )
    if user_id is not None:
        return find_user(call.tenant, user_id)
    directory = call.tenant.directory
    known = records.records_of(call.tenant, CONNECTION)
    connection = next(iter(known.find(ID, connection_id or "")), None)
    with call.tenant.trace.check("connection", sent=connection_id):
        if connection is None:
            raise not_found(
                "The connection does not exist",
                code="inexistent_connection",
                hint=f"No connection has the id {connection_id!r}.",
            )
    user = directory.find_user(email or "", [connection.name])
    with call.tenant.trace.check("user", email=email, found=user is not None):
        if user is None or user.email != (email or "").lower():
            raise not_found(
                "The user does not exist.",
                code="inexistent_user",
                hint=f"Connection {connection.name} has no user with the e-mail {email!r}.",
            )
    return user


def _create(call: Call, kind: TicketKind, user: User, *, verifies_email: bool = False) -> Any:
    result_url, client_id = text(call, "result_url"), check_client(call)
    with call.tenant.trace.check("result_url", sent=result_url, client=client_id):
        if result_url and client_id:
            raise invalid_body(
                "Cannot set both result_url and client_id",
                hint="Send either `result_url` or `client_id`.",
            )
        if result_url and check_web_url(result_url):
            raise invalid_body(
                "Object didn't pass validation for format url: " + result_url[:200],
                at="result_url",
                hint="Send an absolute http or https URL.",
            )
    ticket = Ticket(
        kind=kind,
        user_id=user.user_id,
        email=user.email or "",
        client_id=client_id,
        result_url=result_url or None,
        verifies_email=verifies_email,
        names_email=flag(call, "includeEmailInRedirect"),
    )
    if "ttl_sec" in call.body:
        check_number(call, "ttl_sec", least=0, most=_MAX_LIFETIME)
    lifetime = int(call.body.get("ttl_sec", 0))
    call.tenant.trace.note(user=user.user_id)
    return {"ticket": create_ticket(call.tenant, call.url, ticket, lifetime=lifetime or None)}


def _not_supported(hint: str) -> ApiRefusal:
    return ApiRefusal(
        HTTPStatus.BAD_REQUEST,
        "The user's main connection does not support this operation",
        error_code="operation_not_supported",
        hint=hint,
    )


OPERATIONS = (
    Operation(
        title="Create a password change ticket", method="POST", path="/tickets/password-change",
        scopes=_SCOPES, handler=_change_password, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Create an email verification ticket", method="POST",
        path="/tickets/email-verification", scopes=_SCOPES, handler=_verify_email,
        status=HTTPStatus.CREATED,
    ),
)  # fmt: skip

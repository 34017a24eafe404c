"""Tickets with which a user changes the password.

Auth0: a ticket with `new_password` sets it when it is opened. Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.flows.accounts.new_password import connection_of
from mockidp.management.body import check_keys, flag, text
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, not_found, not_supported
from mockidp.management.tickets.ticket import (
    FIELDS,
    NOT_SUPPORTED,
    SCOPES,
    check_identity,
    issue_ticket,
)
from mockidp.management.users.password import check_password
from mockidp.management.users.users import find_user
from mockidp.resources.connection import CONNECTION
from mockidp.resources.strategies import DATABASE_STRATEGY
from mockidp.resources.user import User
from mockidp.tenant.state.records import ID
from mockidp.testing import records

_FIELDS = FIELDS | {"email", "connection_id", "mark_email_as_verified", "new_password"}


def _create(call: Call) -> Any:
    check_keys(call, _FIELDS)
    user = _find_user(call)
    connection = connection_of(call.tenant, user)
    with call.tenant.trace.check("strategy", of_user=connection.strategy):
        if connection.strategy != DATABASE_STRATEGY:
            raise not_supported(
                NOT_SUPPORTED,
                hint=f"User {user.user_id} belongs to connection {connection.name}, which has the "
                f"strategy {connection.strategy} and not {DATABASE_STRATEGY}.",
            )
    check_identity(call, user)
    password = text(call, "new_password")
    if password is not None:
        check_password(call.tenant, connection, user, password)
    return issue_ticket(
        call,
        "reset-password",
        user,
        verifies_email=flag(call, "mark_email_as_verified"),
        password=password or "",
    )


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


OPERATIONS = (
    Operation(
        title="Create a password change ticket", method="POST", path="/tickets/password-change",
        scopes=SCOPES, handler=_create, status=HTTPStatus.CREATED, has_links=True,
    ),
)  # fmt: skip

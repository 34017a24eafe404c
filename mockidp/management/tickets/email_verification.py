"""Tickets with which a user verifies an e-mail address."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.management.body import check_keys, text
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import not_supported
from mockidp.management.tickets.ticket import (
    FIELDS,
    NOT_SUPPORTED,
    SCOPES,
    check_identity,
    issue_ticket,
)
from mockidp.management.users.users import find_user
from mockidp.resources.user import User


def user_to_verify(call: Call) -> User:
    """Return the user whose address a call verifies.

    Raises:
        ApiRefusal: There is no such user, the user has no address, or the identity is linked.
    """
    user = find_user(call.tenant, text(call, "user_id") or "")
    with call.tenant.trace.check("email", of_user=user.email):
        if not user.email:
            raise not_supported(NOT_SUPPORTED, hint=f"User {user.user_id} has no e-mail address.")
    check_identity(call, user)
    return user


def _create(call: Call) -> Any:
    check_keys(call, FIELDS, required=("user_id",))
    return issue_ticket(call, "email-verification", user_to_verify(call))


OPERATIONS = (
    Operation(
        title="Create an email verification ticket", method="POST",
        path="/tickets/email-verification", scopes=SCOPES, handler=_create,
        status=HTTPStatus.CREATED, has_links=True,
    ),
)  # fmt: skip

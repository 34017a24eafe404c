"""Users: list, find, read, delete.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.management.listing import FIELDS, ListShape, select_fields
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import (
    invalid_query,
    not_found,
)
from mockidp.management.users.search import PARAMETERS, search_users
from mockidp.management.users.user_object import show_user
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.resources.user import USER, User
from mockidp.tenant.tenant import Tenant
from mockidp.testing import records

_USERS = ListShape(
    key="users",
    order=("start", "limit", "length", "users", "total"),
    is_limited=True,
)


def find_user(tenant: Tenant, user_id: str) -> User:
    """Return the user with a full id such as `auth0|alice`.

    Raises:
        ApiRefusal: There is no such user.
    """
    found = tenant.directory.user(user_id)
    with tenant.trace.check("user", id=user_id, found=found is not None):
        if found is None:
            near = tenant.directory.user_named(user_id)
            meant = f" Did you mean {near.user_id}?" if near else ""
            raise not_found(
                "The user does not exist.",
                code="inexistent_user",
                hint=f"No user has the id {user_id!r}.{meant}",
            )
    return found


def check_is_own(call: Call, scope: str) -> None:
    """Check that a caller without a scope for all users calls for the caller's own record.

    Raises:
        ApiRefusal: The caller does not.
    """
    own = call.caller.user_id
    with call.tenant.trace.check("user_of_token", user=own, called_for=call.id):
        if not call.caller.may(scope) and call.id != own:
            raise ApiRefusal(
                HTTPStatus.FORBIDDEN,
                "User to be acted on does not match subject in bearer token.",
                error_code="insufficient_scope",
                hint=f"The token allows calls for user {own} only. Other users need {scope}.",
            )


def _list(call: Call) -> Any:
    return _USERS.page(call, search_users(call), show_user)


def _get(call: Call) -> Any:
    check_is_own(call, "read:users")
    return select_fields(call.query, show_user(find_user(call.tenant, call.id)))


def _by_email(call: Call) -> Any:
    email = call.query.get("email")
    with call.tenant.trace.check("email", sent=email):
        if not email:
            hint = "Send `email` in the query."
            raise invalid_query("Missing required property: email", hint=hint)
    users = call.tenant.directory.users.named(email)
    found = [show_user(one) for one in users if one.email == email]
    return [select_fields(call.query, one) for one in found]


def _delete(call: Call) -> None:
    """Delete a user. Auth0: an unknown one is not an error."""
    check_is_own(call, "delete:users")
    if call.tenant.directory.user(call.id) is not None:
        records.remove(call.tenant, USER, call.id)


_READ = ("read:users", "read:user_idp_tokens")
OPERATIONS = (
    Operation(
        title="List or Search Users", method="GET", path="/users", scopes=_READ, handler=_list,
        query=_USERS.parameters | PARAMETERS,
    ),
    Operation(
        title="Get a User", method="GET", path="/users/{id}",
        scopes=("read:users", "read:current_user"), handler=_get,
        query=FIELDS,
    ),
    Operation(
        title="Delete a User", method="DELETE", path="/users/{id}",
        scopes=("delete:users", "delete:current_user"), handler=_delete,
        status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Search Users by Email", method="GET", path="/users-by-email", scopes=("read:users",),
        handler=_by_email, query=FIELDS | {"email"},
    ),
)  # fmt: skip

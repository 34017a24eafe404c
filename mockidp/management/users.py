"""Users: create, read, change, delete.

Auth0: metadata is merged at the first level, other fields are replaced. Source: docs/fidelity.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.flows.accounts.new_password import check_new_password
from mockidp.management.body import check_keys, checked_values
from mockidp.management.listing import FIELDS, ListShape, select_fields
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import (
    conflict,
    insufficient_scope,
    invalid_body,
    invalid_query,
    not_found,
)
from mockidp.management.user_mail import check_verify_email, verify_address
from mockidp.management.user_object import show_user
from mockidp.management.user_search import PARAMETERS, search_users
from mockidp.protocol.account_refusal import PasswordRefusal
from mockidp.protocol.refusal import ApiRefusal
from mockidp.resources.connection import Connection
from mockidp.resources.strategies import DATABASE_STRATEGY, user_id_prefix
from mockidp.resources.user import USER, User
from mockidp.tenant.tenant import Tenant
from mockidp.testing import records

_PROFILE = frozenset(
    {
        "app_metadata", "blocked", "email", "email_verified", "family_name", "given_name", "name",
        "nickname", "password", "phone_number", "phone_verified", "picture", "user_metadata",
        "username", "verify_email",
    }
)  # fmt: skip
_CREATED = _PROFILE | {"connection", "user_id"}
_PATCHED = _PROFILE | {"connection", "client_id", "verify_phone_number"}
_DIRECTIONS = ("connection", "client_id", "verify_email", "verify_phone_number")
"""Fields of a patch that are not fields of the user."""
_ONE_AT_A_TIME = ("email", "password", "phone_number", "username")
_METADATA = ("app_metadata", "user_metadata")
_USER_ID = re.compile(r"[^|]{1,255}")
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


def _create(call: Call) -> Any:
    check_keys(call, _CREATED, required=("connection",))
    check_verify_email(call)
    tenant, fields = call.tenant, _fields(call, "verify_email")
    connection = _find_connection(tenant, fields["connection"])
    if connection.strategy == DATABASE_STRATEGY:
        check_keys(call, _CREATED, required=("email", "password"))
    user_id = _new_id(tenant, connection, fields.pop("user_id", None))
    with tenant.backend.exclusive(), checked_values(call):
        _check_is_new(tenant, connection, user_id, fields)
        made = _add(tenant, connection, user_id, fields)
    if connection.strategy == DATABASE_STRATEGY:
        verify_address(call, made, is_new=True)
    return show_user(made)


def _fields(call: Call, *other: str) -> dict[str, Any]:
    """Return the user's fields in the body. Auth0: addresses are in lower case."""
    fields = {name: one for name, one in call.body.items() if name not in other}
    if isinstance(fields.get("email"), str):
        fields["email"] = fields["email"].lower()
    return fields


def _add(tenant: Tenant, connection: Connection, user_id: str, fields: Mapping[str, Any]) -> User:
    password = fields.get("password")
    if isinstance(password, str):
        _check_password(tenant, connection, User(user_id=user_id), password)
    own = {"email": None, "name": None, "nickname": None, "password": None}
    return records.add(tenant, USER, user_id, {**own, "email_verified": False, **fields})


def _check_password(tenant: Tenant, connection: Connection, user: User, password: str) -> None:
    try:
        check_new_password(tenant, connection, user, password)
    except PasswordRefusal as refused:
        raise ApiRefusal(
            HTTPStatus.BAD_REQUEST,
            f"{refused.name}: {refused.text}",
            error_code="invalid_body",
            hint=refused.hint,
        ) from None


def _find_connection(tenant: Tenant, name: Any) -> Connection:
    found = tenant.directory.connection(name) if isinstance(name, str) else None
    with tenant.trace.check("connection", sent=name, found=found is not None):
        if found is None:
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                "The connection does not exist.",
                error_code="inexistent_connection",
                hint=f"No connection has the name {name!r}. `connection` is a name, not an id.",
            )
    return found


def _new_id(tenant: Tenant, connection: Connection, wanted: Any) -> str:
    prefix = f"{connection.strategy}|"
    if connection.is_federated:
        prefix = user_id_prefix(connection.strategy, connection.name)
    if wanted is None:
        return prefix + tenant.ids.object_id()
    with tenant.trace.check("user_id", sent=wanted):
        if not isinstance(wanted, str) or not _USER_ID.fullmatch(wanted):
            raise invalid_body(
                "String does not match pattern ^[^|]{1,255}$",
                at="user_id",
                hint="`user_id` is the part of the id after the bar, such as alice.",
            )
    return prefix + wanted


def _check_is_new(
    tenant: Tenant, connection: Connection, user_id: str, fields: Mapping[str, Any]
) -> None:
    logins = (fields.get("email"), fields.get("username"))
    found = tenant.directory.user(user_id) or next(
        (
            user
            for name in logins
            if isinstance(name, str)
            and (user := tenant.directory.find_user(name, [connection.name]))
        ),
        None,
    )
    with tenant.trace.check("new_user", found=found.user_id if found else None):
        if found is not None:
            raise conflict(
                "The user already exists.",
                code="auth0_idp_error",
                hint=f"User {found.user_id} of connection {connection.name} has this id, e-mail "
                "address or username.",
            )


def _patch(call: Call) -> Any:
    check_is_own(call, "update:users")
    check_keys(call, _PATCHED)
    _check_metadata_only(call)
    tenant, user = call.tenant, find_user(call.tenant, call.id)
    _check_one_at_a_time(call)
    check_verify_email(call)
    fields = _fields(call, *_DIRECTIONS)
    if isinstance(fields.get("password"), str):
        connection = tenant.directory.connection(user.connection) or Connection(
            name=user.connection
        )
        _check_password(tenant, connection, user, fields["password"])
    with checked_values(call):
        changed = records.change(tenant, USER, user.user_id, lambda before: _merge(before, fields))
    verify_address(call, changed, is_new=changed.email != user.email)
    return show_user(changed)


def _check_metadata_only(call: Call) -> None:
    """Check that a user's own token changes nothing but `user_metadata`."""
    if call.caller.may("update:users", "update:users_app_metadata"):
        return
    other = [name for name in call.body if name != "user_metadata"]
    with call.tenant.trace.check("fields_of_current_user", other=other):
        if other:
            hint = f"A token with update:current_user_metadata cannot change {other[0]}."
            raise insufficient_scope(["update:users"], hint=hint)


def _check_one_at_a_time(call: Call) -> None:
    sent = [name for name in _ONE_AT_A_TIME if name in call.body]
    with call.tenant.trace.check("one_at_a_time", sent=sent):
        if len(sent) > 1:
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                f"Cannot update {sent[1]} and {sent[0]} simultaneously",
                error_code="operation_not_supported",
                hint=f"Send {sent[0]} and {sent[1]} in two calls.",
            )


def _merge(before: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a user after a patch: null removes, metadata is merged at one level."""
    merged = dict(before)
    for name, value in fields.items():
        if name in _METADATA and isinstance(value, dict) and value:
            both = {**before.get(name, {}), **value}
            value = {key: one for key, one in both.items() if one is not None}  # noqa: PLW2901
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = value
    return merged


_READ = ("read:users", "read:user_idp_tokens")
OPERATIONS = (
    Operation(
        title="List or Search Users", method="GET", path="/users", scopes=_READ, handler=_list,
        query=_USERS.parameters | PARAMETERS,
    ),
    Operation(
        title="Create a User", method="POST", path="/users", scopes=("create:users",),
        handler=_create, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Get a User", method="GET", path="/users/{id}",
        scopes=("read:users", "read:current_user"), handler=_get,
        query=FIELDS,
    ),
    Operation(
        title="Update a User", method="PATCH", path="/users/{id}",
        scopes=("update:users", "update:users_app_metadata", "update:current_user_metadata"),
        handler=_patch,
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

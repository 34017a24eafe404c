"""Create a user.

Auth0: only connections that store their users have users that a call creates. Source:
docs/fidelity.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from mockidp.management.body import check_keys, checked_values
from mockidp.management.json_values import check_types
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import conflict, invalid_body, not_supported, refused
from mockidp.management.users.fields import PROFILE, find_connection, read_fields
from mockidp.management.users.mail import verify_address
from mockidp.management.users.password import check_password
from mockidp.management.users.user_object import show_user
from mockidp.management.users.username import check_username
from mockidp.resources.connection import Connection
from mockidp.resources.strategies import DATABASE_STRATEGY, EMAIL_STRATEGY, SMS_STRATEGY
from mockidp.resources.user import USER, User
from mockidp.tenant.tenant import Tenant
from mockidp.testing import records

_FIELDS = PROFILE | {"connection", "user_id"}
_REQUIRED = {
    DATABASE_STRATEGY: ("email", "password"),
    EMAIL_STRATEGY: ("email",),
    SMS_STRATEGY: ("phone_number",),
}
"""The required fields by the strategy of the connection."""
_USER_ID = re.compile(r"[^|]{1,255}")


def _create(call: Call) -> Any:
    check_keys(call, _FIELDS, required=("connection",))
    check_types(call, {"verify_email": "boolean"})
    tenant, fields = call.tenant, read_fields(call, "verify_email")
    connection = find_connection(tenant, fields["connection"])
    _check_connection(call, connection)
    _check_required(call, connection)
    check_username(call, connection, is_new=True)
    user_id = _new_id(tenant, connection, fields.pop("user_id", None))
    with tenant.backend.exclusive(), checked_values(call):
        _check_is_new(tenant, connection, user_id, fields)
        made = _add(tenant, connection, user_id, fields)
    if connection.strategy == DATABASE_STRATEGY:
        verify_address(call, made, is_new=True)
    return show_user(made)


def _check_required(call: Call, connection: Connection) -> None:
    """Check that the body has what a connection finds its users by, and the password."""
    required = _REQUIRED[connection.strategy]
    check_keys(call, _FIELDS, required=required)
    with call.tenant.trace.check("required", names=required):
        for name in required:
            if call.body[name] is None:
                raise invalid_body(
                    "Expected type string but found type null",
                    at=name,
                    hint=f"Connection {connection.name} needs the `{name}` of each user.",
                )


def _check_connection(call: Call, connection: Connection) -> None:
    """Check that the calling client can create users in a connection."""
    tenant, name, client_id = call.tenant, connection.name, call.caller.client_id
    with tenant.trace.check("strategy", of_connection=connection.strategy):
        if connection.strategy != DATABASE_STRATEGY and not connection.is_passwordless:
            raise not_supported(
                "Connection does not support user creation through the API. It must either be a "
                "database or passwordless connection",
                hint=f"Connection {name} has the strategy {connection.strategy}, so its users are "
                "created by their first login. Test methods and tenant files can create them.",
            )
    client = tenant.directory.client(client_id)
    is_enabled = client is not None and name in tenant.directory.connections_for(client)
    with tenant.trace.check("enabled_connection", client=client_id, enabled=is_enabled):
        if not is_enabled:
            raise refused(
                "Connection must be enabled for this client to perform single user creation and "
                f"signup operations (client_id: {client_id} - connection: {name})",
                code="auth0_idp_error",
                hint=f"The calling client {client_id} is not among the enabled clients of "
                f"connection {name}. Add it with PATCH /connections/{{id}}/clients, or to its "
                "`enabled_clients`.",
            )


def _add(tenant: Tenant, connection: Connection, user_id: str, fields: Mapping[str, Any]) -> User:
    password = fields.get("password")
    if isinstance(password, str):
        check_password(tenant, connection, User(user_id=user_id), password)
    own = {"email": None, "name": None, "nickname": None, "password": None}
    return records.add(tenant, USER, user_id, {**own, "email_verified": False, **fields})


def _new_id(tenant: Tenant, connection: Connection, wanted: Any) -> str:
    prefix = f"{connection.strategy}|"
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
    found = tenant.directory.user(user_id) or next(_same(tenant, connection, fields), None)
    with tenant.trace.check("new_user", found=found.user_id if found else None):
        if found is not None:
            raise conflict(
                "The user already exists.",
                code="auth0_idp_error",
                hint=f"User {found.user_id} of connection {connection.name} has this id, e-mail "
                "address, phone number or username.",
            )


def _same(tenant: Tenant, connection: Connection, fields: Mapping[str, Any]) -> Iterator[User]:
    """Yield the users whom the connection would find for the login of a new one."""
    for name in ("email", "username"):
        login = fields.get(name)
        if isinstance(login, str) and (
            user := tenant.directory.find_user(login, [connection.name])
        ):
            yield user
    number = fields.get("phone_number")
    if (
        connection.strategy == SMS_STRATEGY
        and isinstance(number, str)
        and (user := tenant.directory.find_passwordless_user(connection, number))
    ):
        yield user


OPERATIONS = (
    Operation(
        title="Create a User", method="POST", path="/users", scopes=("create:users",),
        handler=_create, status=HTTPStatus.CREATED, has_links=True,
    ),
)  # fmt: skip

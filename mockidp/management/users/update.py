"""Update a user.

Auth0: metadata is merged at the first level, other fields are replaced. `connection` names the
identity whose fields change. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.flows.accounts.new_password import connection_of
from mockidp.management.body import check_keys, checked_values
from mockidp.management.clients.clients import client_in_body
from mockidp.management.json_values import check_types
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import not_supported, refused
from mockidp.management.users.fields import PROFILE, find_connection, read_fields
from mockidp.management.users.mail import verify_address
from mockidp.management.users.password import check_password
from mockidp.management.users.user_object import show_user
from mockidp.management.users.username import check_username
from mockidp.management.users.users import check_is_own, find_user
from mockidp.resources.connection import Connection
from mockidp.resources.strategies import DATABASE_STRATEGY
from mockidp.resources.user import USER, User
from mockidp.tenant.timestamps import timestamp
from mockidp.testing import records

_FIELDS = PROFILE | {"connection", "client_id", "verify_phone_number"}
_DIRECTIONS = ("connection", "client_id", "verify_email", "verify_phone_number")
"""Fields of the body that are not fields of the user."""
_ONE_AT_A_TIME = (("email", "email_verified"), ("password",), ("phone_number",), ("username",))
"""Fields of which a call changes one; those of a group go together."""
_METADATA = ("app_metadata", "user_metadata")
_CREDENTIALS = ("password", "username")
_SYNCED = ("email", "email_verified", "family_name", "given_name", "name", "nickname", "picture")
"""Fields of users of an identity provider, which each login replaces."""
_SYNC_PAGE = "https://auth0.com/docs/dashboard/guides/connections/configure-connection-sync"


def _patch(call: Call) -> Any:
    check_is_own(call, "update:users")
    check_keys(call, _FIELDS)
    _check_metadata_only(call)
    tenant, user = call.tenant, find_user(call.tenant, call.id)
    _check_one_at_a_time(call)
    check_types(call, {"verify_email": "boolean", "verify_phone_number": "boolean"})
    client_in_body(call)
    fields = read_fields(call, *_DIRECTIONS)
    connection = connection_of(tenant, user)
    _check_connection(call, user)
    _check_supported(call, connection, user)
    check_username(call, connection)
    with tenant.backend.exclusive(), checked_values(call):
        _check_address_is_free(call, user, fields.get("email"))
        if isinstance(fields.get("password"), str):
            check_password(tenant, connection, user, fields["password"])
            fields["last_password_reset"] = timestamp(tenant.now())
        changed = records.change(tenant, USER, user.user_id, lambda before: _merge(before, fields))
    verify_address(call, changed, is_new=changed.email != user.email)
    if "verify_phone_number" in call.body:
        tenant.trace.advise("`verify_phone_number` has no effect: no text message was sent.")
    return show_user(changed)


def _check_connection(call: Call, user: User) -> None:
    """Check that `connection` in the body is that of the user's main identity."""
    if "connection" not in call.body:
        return
    connection = find_connection(call.tenant, call.body["connection"])
    with call.tenant.trace.check("identity", sent=connection.name, of_user=user.connection):
        if connection.name != user.connection:
            raise not_supported(
                "The user's main connection does not support this operation",
                hint=f"User {user.user_id} belongs to connection {user.connection}, not to "
                f"{connection.name}. Only the main identity of a user changes here.",
            )


def _check_supported(call: Call, connection: Connection, user: User) -> None:
    """Check that the fields are not those of the user's identity provider."""
    credentials = [name for name in _CREDENTIALS if name in call.body]
    synced = sorted(name for name in _SYNCED if name in call.body)
    is_database, name = connection.strategy == DATABASE_STRATEGY, connection.name
    with call.tenant.trace.check("strategy", of_user=connection.strategy, sent=credentials):
        if credentials and not is_database:
            raise not_supported(
                "The user's main connection does not support this operation",
                hint=f"User {user.user_id} belongs to connection {name}, which has the strategy "
                f"{connection.strategy}. Only users of databases have a `{credentials[0]}`.",
            )
    is_synced = not (is_database or connection.is_passwordless or _is_free(connection))
    with call.tenant.trace.check("synchronized_fields", sent=synced, synchronized=is_synced):
        if synced and is_synced:
            raise not_supported(
                f"The following user attributes cannot be updated: {', '.join(synced)}. The "
                f"connection ({name}) must either be a database connection (using the Auth0 "
                "store), a passwordless connection (email or sms) or has disabled 'Sync user "
                f"profile attributes at each login'. For more information, see {_SYNC_PAGE}",
                hint=f"Connection {name} has the strategy {connection.strategy}, so each login of "
                f"user {user.user_id} replaces {', '.join(synced)}. Set "
                "`options.set_user_root_attributes` of the connection to on_first_login.",
            )


def _is_free(connection: Connection) -> bool:
    """Return whether only the first login copies the profile of the identity provider."""
    setting = connection.options.extra.get("set_user_root_attributes")
    return setting in ("on_first_login", "never_on_login")


def _check_address_is_free(call: Call, user: User, email: Any) -> None:
    if not isinstance(email, str):
        return
    found = call.tenant.directory.find_user(email, [user.connection])
    other = found.user_id if found and found.user_id != user.user_id else None
    with call.tenant.trace.check("email_is_free", sent=email, other=other):
        if other:
            raise refused(
                "The specified new email already exists",
                code="auth0_idp_error",
                hint=f"User {other} of connection {user.connection} has the address {email!r}.",
            )


def _check_metadata_only(call: Call) -> None:
    """Check that a user's own token changes nothing but `user_metadata`."""
    if call.caller.may("update:users", "update:users_app_metadata"):
        return
    other = [name for name in call.body if name != "user_metadata"]
    with call.tenant.trace.check("fields_of_current_user", other=other):
        if other:
            raise refused(
                f"You cannot update the following fields: {', '.join(other)}",
                code="insufficient_scope",
                status=HTTPStatus.FORBIDDEN,
                hint="A token with update:current_user_metadata changes only `user_metadata`.",
            )


def _check_one_at_a_time(call: Call) -> None:
    found = ([one for one in group if one in call.body] for group in _ONE_AT_A_TIME)
    sent = [names[0] for names in found if names]
    with call.tenant.trace.check("one_at_a_time", sent=sent):
        if len(sent) > 1:
            raise not_supported(
                f"Cannot update {sent[1]} and {sent[0]} simultaneously",
                hint=f"Send {sent[0]} and {sent[1]} in two calls.",
            )


def _merge(before: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a user after a patch: null removes, metadata is merged at one level."""
    merged = dict(before)
    if "password" in fields:
        merged.pop("custom_password_hash", None)
    for name, value in fields.items():
        if name in _METADATA and isinstance(value, dict) and value:
            both = {**before.get(name, {}), **value}
            value = {key: one for key, one in both.items() if one is not None}  # noqa: PLW2901
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = value
    return merged


OPERATIONS = (
    Operation(
        title="Update a User", method="PATCH", path="/users/{id}",
        scopes=("update:users", "update:users_app_metadata", "update:current_user_metadata"),
        handler=_patch, has_links=True,
    ),
)  # fmt: skip

"""The job that imports users from a file.

Auth0: each user of the file is imported or refused on its own. With `upsert`, users that exist are
updated. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.frozen import replace
from mockidp.management.body import check_keys
from mockidp.management.connections.connections import CONNECTIONS
from mockidp.management.jobs.import_rows import (
    DUPLICATED,
    NOT_PASSED,
    PASSWORD_HASH,
    RowError,
    bcrypt_hash,
    errors_of,
    read_row,
    show_failed,
)
from mockidp.management.jobs.jobs import create_job
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.protocol.management.job import Job
from mockidp.protocol.oauth.parameters import parse_json_value
from mockidp.resources.connection import Connection
from mockidp.resources.strategies import DATABASE_STRATEGY
from mockidp.resources.user import USER, User
from mockidp.tenant.tenant import Tenant
from mockidp.testing import records

MAX_FILE = 512_000
"""Bytes."""
_UPDATED = frozenset(
    {
        "app_metadata", "email_verified", "family_name", "given_name", "mfa_factors", "name",
        "nickname", "picture", "user_metadata",
    }
)  # fmt: skip
"""Fields that `upsert` updates."""
_HAS_PASSWORD = (
    "A custom_password_hash was provided, but the user already has password hash defined"
)
_NOT_JSON = "Failed to parse users file JSON when importing users. Make sure it is valid JSON."


@dataclass(slots=True)
class _Results:
    """The progress of an import."""

    inserted: int = 0
    updated: int = 0
    kept_passwords: int = 0
    """The number of users whose `password_hash` was not updated."""
    seen: set[tuple[str, str]] = field(default_factory=set)
    """The ids, addresses and usernames of earlier rows."""
    errors: list[dict[str, Any]] = field(default_factory=list)

    def shown(self) -> Mapping[str, Any]:
        return {"summary": self.summary()}

    def summary(self) -> dict[str, int]:
        failed = len(self.errors)
        return {
            "failed": failed,
            "updated": self.updated,
            "inserted": self.inserted,
            "total": failed + self.updated + self.inserted,
        }


def _import(call: Call) -> Any:
    names = ("users", "connection_id", "upsert", "external_id", "send_completion_email")
    check_keys(call, names, required=("users", "connection_id"))
    connection = CONNECTIONS.find(call, call.body["connection_id"])
    _check(call, connection)
    is_upsert, results = call.body.get("upsert") == "true", _Results()
    facts = {"connection_id": connection.id, "connection": connection.name}
    if external_id := call.body.get("external_id"):
        facts["external_id"] = external_id
    try:
        rows = parse_json_value(call.body["users"].encode())
    except InvalidRequest:
        rows = None
    job = Job(kind="users_import", created_at=call.tenant.now(), details=facts)
    if not isinstance(rows, list):
        call.tenant.trace.advise(f"No user was imported. {_NOT_JSON}")
        return create_job(call, replace(job, failure=_NOT_JSON, results=results.shown()))
    for row in rows:
        _import_row(call.tenant, connection, row, results, is_upsert=is_upsert)
    if results.kept_passwords:
        call.tenant.trace.advise(
            f"Existing users kept their passwords ({results.kept_passwords}): `upsert` does not "
            "update `password_hash`."
        )
    call.tenant.trace.note(**results.summary())
    return create_job(call, replace(job, results=results.shown(), errors=tuple(results.errors)))


def _check(call: Call, connection: Connection) -> None:
    with call.tenant.trace.check("strategy", of_connection=connection.strategy):
        if connection.strategy != DATABASE_STRATEGY:
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                "The connection must be a database connection.",
                error_code="operation_not_supported",
                hint=f"Connection {connection.name} has the strategy {connection.strategy}.",
            )
    for name in ("upsert", "send_completion_email"):
        with call.tenant.trace.check(name, sent=call.body.get(name)):
            if call.body.get(name, "true") not in ("true", "false"):
                raise invalid_body(
                    "Expected type boolean", at=name, hint=f"Send `{name}` as true or false."
                )
    size = len(call.body["users"].encode())
    with call.tenant.trace.check("file", bytes=size):
        if size > MAX_FILE:
            raise ApiRefusal(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"Payload content length greater than maximum allowed: {MAX_FILE}",
                hint=f"The file has {size} bytes. Split it into files of up to {MAX_FILE}.",
            )


def _import_row(
    tenant: Tenant, connection: Connection, row: Any, results: _Results, *, is_upsert: bool
) -> None:
    try:
        fields = read_row(row)
        _check_is_first(fields, results)
        _put(tenant, connection, fields, results, is_upsert=is_upsert)
        results.seen.update(_names(fields))
    except RowError as error:
        results.errors.append(show_failed(row, [error]))
    except ConfigError as error:
        results.errors.append(show_failed(row, errors_of(error, row)))


def _check_is_first(fields: Mapping[str, Any], results: _Results) -> None:
    """Check that no earlier row is about the same user. Auth0: the second one is an error."""
    again = [name for name, value in _names(fields) if (name, value) in results.seen]
    if again:
        raise RowError(DUPLICATED, f"A user with this {again[0]} was already provided.")


def _names(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what identifies a user."""
    return [(one, fields[one]) for one in ("email", "username", "user_id") if one in fields]


def _put(
    tenant: Tenant,
    connection: Connection,
    fields: Mapping[str, Any],
    results: _Results,
    *,
    is_upsert: bool,
) -> None:
    with tenant.backend.exclusive():
        found = _find(tenant, connection, fields)
        if found is None:
            _insert(tenant, connection, fields)
            results.inserted += 1
        elif is_upsert:
            _update(tenant, found, fields, results)
            results.updated += 1
        else:
            raise RowError(DUPLICATED, "The user already exist and upsert parameter is false")


def _find(tenant: Tenant, connection: Connection, fields: Mapping[str, Any]) -> User | None:
    own_id = fields.get("user_id")
    by_id = tenant.directory.user(_full_id(own_id)) if own_id else None
    return by_id or next(_by_login(tenant, connection, fields), None)


def _by_login(tenant: Tenant, connection: Connection, fields: Mapping[str, Any]) -> Iterator[User]:
    for name in ("email", "username"):
        login = fields.get(name)
        if login and (found := tenant.directory.find_user(login, [connection.name])):
            yield found


def _full_id(own_id: str) -> str:
    """Return a full id. Auth0: the prefix is added even to one that has it."""
    return f"{DATABASE_STRATEGY}|{own_id}"


def _insert(tenant: Tenant, connection: Connection, fields: Mapping[str, Any]) -> None:
    own_id = fields.get("user_id") or tenant.ids.object_id()
    given = {name: one for name, one in fields.items() if name not in ("user_id", PASSWORD_HASH)}
    if PASSWORD_HASH in fields:
        given["custom_password_hash"] = bcrypt_hash(fields[PASSWORD_HASH])
    defaults = {"name": None, "nickname": None, "password": None, "email_verified": False}
    connected = {**defaults, "connection": connection.name, **given}
    records.add(tenant, USER, _full_id(own_id), connected)


def _update(tenant: Tenant, user: User, fields: Mapping[str, Any], results: _Results) -> None:
    """Update a user. Auth0: metadata is replaced, not merged.

    Raises:
        RowError: The hash of a password is not updated after the first login with it.
    """
    changes = {name: one for name, one in fields.items() if name in _UPDATED}
    if "custom_password_hash" in fields:
        if user.custom_password_hash is None:
            raise RowError(NOT_PASSED, _HAS_PASSWORD)
        changes["custom_password_hash"] = fields["custom_password_hash"]
    results.kept_passwords += PASSWORD_HASH in fields
    records.change(tenant, USER, user.user_id, lambda before: {**before, **changes})


OPERATIONS = (
    Operation(
        title="Create import users job", method="POST", path="/jobs/users-imports",
        scopes=("create:users",), handler=_import, status=HTTPStatus.ACCEPTED, has_form=True,
    ),
)  # fmt: skip

"""The job that imports users from a file.

Auth0: each user of the file is imported or refused on its own. With `upsert`, users that exist are
updated. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.management.body import check_keys
from mockidp.management.connections import CONNECTIONS
from mockidp.management.jobs import create_job
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body
from mockidp.protocol.job import Job
from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.protocol.parameters import parse_json_value
from mockidp.protocol.refusal import ApiRefusal
from mockidp.resources.connection import Connection
from mockidp.resources.strategies import DATABASE_STRATEGY
from mockidp.resources.user import USER, User
from mockidp.tenant.tenant import Tenant
from mockidp.testing import records

MAX_FILE = 512_000
"""Bytes."""
_METADATA = ("app_metadata", "user_metadata")
_UPDATED = frozenset(
    {
        *_METADATA, "blocked", "email_verified", "family_name", "given_name", "mfa_factors",
        "name", "nickname", "picture",
    }
)  # fmt: skip
"""Fields that `upsert` updates."""
_HASHES = frozenset({"password_hash", "custom_password_hash"})
_FIELDS = _UPDATED | _HASHES | {"email", "user_id", "username", "phone_number", "phone_verified"}
_NOT_JSON = "Failed to parse users file JSON when importing users. Make sure it is valid JSON."


class _RowError(Exception):
    """A user of the file cannot be imported."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(slots=True)
class _Results:
    """The progress of an import."""

    inserted: int = 0
    updated: int = 0
    has_hashes: bool = False
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
    if results.has_hashes:
        call.tenant.trace.advise(
            "Users were imported without their password hashes, because mockidp compares plain "
            "passwords. Set `password` with PATCH to let them log in."
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
        _put(tenant, connection, _read(row), results, is_upsert=is_upsert)
    except _RowError as error:
        results.errors.append(_failed(row, ((error.code, error.message),)))
    except ConfigError as error:
        mistakes = (
            ("INVALID_FORMAT", f"{one.path}: expected {one.expected}") for one in error.mistakes
        )
        results.errors.append(_failed(row, mistakes))
    else:
        results.has_hashes |= not _HASHES.isdisjoint(row)


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
            _update(tenant, found, fields)
            results.updated += 1
        else:
            raise _RowError(
                "DUPLICATED_USER", "The user already exist and upsert parameter is false"
            )


def _failed(row: Any, errors: Any) -> dict[str, Any]:
    shown = {k: v for k, v in row.items() if k not in _HASHES} if isinstance(row, dict) else row
    return {"user": shown, "errors": [{"code": code, "message": text} for code, text in errors]}


def _read(row: Any) -> dict[str, Any]:
    """Return the fields of a user in the file, without hashes."""
    if not isinstance(row, dict):
        raise _RowError("INVALID_FORMAT", "Expected type object")
    for name in row:
        if name not in _FIELDS:
            raise _RowError("INVALID_FORMAT", f"Additional properties not allowed: {name[:100]}")
    for name in ("email", "user_id", "username"):
        if not isinstance(row.get(name, ""), str):
            raise _RowError("INVALID_FORMAT", f"{name}: expected a string")
    if not row.get("email"):
        raise _RowError("MISSING_REQUIRED_PROPERTY", "Missing required property: email")
    fields = {name: one for name, one in row.items() if name not in _HASHES and one is not None}
    return {**fields, "email": row["email"].lower()}


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
    return f"{DATABASE_STRATEGY}|{own_id.removeprefix(f'{DATABASE_STRATEGY}|')}"


def _insert(tenant: Tenant, connection: Connection, fields: Mapping[str, Any]) -> None:
    own_id = fields.get("user_id") or tenant.ids.object_id()
    given = {name: one for name, one in fields.items() if name != "user_id"}
    defaults = {"name": None, "nickname": None, "password": None, "email_verified": False}
    connected = {**defaults, "connection": connection.name, **given}
    records.add(tenant, USER, _full_id(own_id), connected)


def _update(tenant: Tenant, user: User, fields: Mapping[str, Any]) -> None:
    changes = {name: one for name, one in fields.items() if name in _UPDATED}

    def changed(before: dict[str, Any]) -> dict[str, Any]:
        merged = {
            name: {**before.get(name, {}), **changes[name]}
            for name in _METADATA
            if isinstance(changes.get(name), dict)
        }
        return {**before, **changes, **merged}

    records.change(tenant, USER, user.user_id, changed)


OPERATIONS = (
    Operation(
        title="Create import users job", method="POST", path="/jobs/users-imports",
        scopes=("create:users",), handler=_import, status=HTTPStatus.ACCEPTED, has_form=True,
    ),
)  # fmt: skip

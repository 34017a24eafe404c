"""The users in the file of an import: their fields, and the errors of those that are refused.

Auth0: an error has a code, a message and a path. Hashes are redacted. Source: docs/fidelity.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.management.body import reason_of

DUPLICATED, NOT_PASSED = "DUPLICATED_USER", "NOT_PASSED"
PASSWORD_HASH = "password_hash"
HASHES = frozenset({PASSWORD_HASH, "custom_password_hash"})
_FIELDS = HASHES | {
    "app_metadata", "blocked", "email", "email_verified", "family_name", "given_name",
    "mfa_factors", "name", "nickname", "phone_number", "phone_verified", "picture", "user_id",
    "user_metadata", "username",
}  # fmt: skip
_NOT_IN_APP_METADATA = (
    "__tenant", "_id", "blocked", "clientID", "created_at", "email_verified", "email",
    "globalClientID", "global_client_id", "identities", "lastIP", "lastLogin", "loginsCount",
    "metadata", "multifactor_last_modified", "multifactor", "updated_at", "user_id",
)  # fmt: skip
_BCRYPT = re.compile(r"\$2[ab]\$.*")
_MAX_FACTORS = 10
_REDACTED = "*****"
_CODES = {
    "Additional properties": "OBJECT_ADDITIONAL_PROPERTIES",
    "Missing required": "OBJECT_REQUIRED",
    "Expected type": "INVALID_TYPE",
    "No enum match": "ENUM_MISMATCH",
}
"""The codes of errors by how their reasons begin."""
_OTHER_CODE = "INVALID_FORMAT"


class RowError(Exception):
    """A user of the file cannot be imported."""

    def __init__(self, code: str, reason: str, path: str = "") -> None:
        message = f"Error in {path} property - {reason}" if path else reason
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path


def read_row(row: Any) -> dict[str, Any]:
    """Return the fields of a user in the file.

    Raises:
        RowError: They are not those of a user. Values are checked with the record.
    """
    if not isinstance(row, dict):
        raise _error("Expected type object but found another type")
    other = [name[:100] for name in row if name not in _FIELDS]
    if other:
        raise _error(f"Additional properties not allowed: {','.join(other)}")
    for name in ("email", "user_id", "username", PASSWORD_HASH):
        if not isinstance(row.get(name, ""), str):
            raise _error("Expected type string but found another type", name)
    if not row.get("email"):
        raise _error("Missing required property: email")
    _check_hashes(row)
    _check_app_metadata(row)
    _check_factors(row)
    return {
        **{name: one for name, one in row.items() if one is not None},
        "email": row["email"].lower(),
    }


def _check_hashes(row: Mapping[str, Any]) -> None:
    if row.keys() >= HASHES:
        raise RowError(NOT_PASSED, "password_hash and custom_password_hash exclude each other")
    if PASSWORD_HASH in row and not _BCRYPT.fullmatch(row[PASSWORD_HASH]):
        raise RowError("PATTERN", "Expected a bcrypt hash with $2a$ or $2b$", PASSWORD_HASH)


def _check_app_metadata(row: Mapping[str, Any]) -> None:
    metadata = row.get("app_metadata")
    found = [one for one in _NOT_IN_APP_METADATA if isinstance(metadata, dict) and one in metadata]
    if found:
        reason = f"Additional properties not allowed: {','.join(found)}"
        raise _error(reason, "app_metadata")


def _check_factors(row: Mapping[str, Any]) -> None:
    factors = row.get("mfa_factors")
    count = len(factors) if isinstance(factors, list) else 1
    if count < 1:
        raise RowError("ARRAY_LENGTH_SHORT", "Array is too short (0), minimum 1", "mfa_factors")
    if count > _MAX_FACTORS:
        reason = f"Array is too long ({count}), maximum {_MAX_FACTORS}"
        raise RowError("ARRAY_LENGTH_LONG", reason, "mfa_factors")


def bcrypt_hash(value: str) -> dict[str, Any]:
    """Return `password_hash` as the `custom_password_hash` that it is short for."""
    return {"algorithm": "bcrypt", "hash": {"value": value}}


def errors_of(error: ConfigError, row: Mapping[str, Any]) -> Iterator[RowError]:
    """Yield the errors of a user whose values the checks of records refuse."""
    for mistake in error.mistakes:
        reason, path = reason_of(mistake, row)
        is_short = PASSWORD_HASH in row and path.startswith("custom_password_hash")
        yield _error(reason, PASSWORD_HASH if is_short else path)


def _error(reason: str, path: str = "") -> RowError:
    code = next((code for start, code in _CODES.items() if reason.startswith(start)), _OTHER_CODE)
    return RowError(code, reason, path)


def show_failed(row: Any, errors: Iterable[RowError]) -> dict[str, Any]:
    """Return the JSON about a user that was refused."""
    shown = [{"code": one.code, "message": one.message, "path": one.path} for one in errors]
    return {"user": _redacted(row), "errors": [_without_empty(one) for one in shown]}


def _without_empty(error: Mapping[str, str]) -> dict[str, str]:
    return {name: one for name, one in error.items() if one}


def _redacted(row: Any) -> Any:
    """Return a user without passwords, hashes and keys. Auth0: `*****` in their place."""
    if not isinstance(row, dict):
        return row
    shown = dict(row)
    for name in ("password", PASSWORD_HASH):
        if name in shown:
            shown[name] = _REDACTED
    if "custom_password_hash" in shown:
        shown["custom_password_hash"] = _without_values(shown["custom_password_hash"])
    return shown


def _without_values(value: Any) -> Any:
    if not isinstance(value, dict):
        return _REDACTED
    return {
        name: one
        if name in ("algorithm", "encoding", "digest", "position")
        else _without_values(one)
        for name, one in value.items()
    }

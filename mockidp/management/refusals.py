"""Refusals of the Management API, in Auth0's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from mockidp.protocol.refusal import ApiRefusal


class InvalidApiToken(ApiRefusal):
    """The access token is missing or not valid: 401."""

    def __init__(self, message: str, *, hint: str, is_sent: bool = True) -> None:
        super().__init__(HTTPStatus.UNAUTHORIZED, message, hint=hint)
        self._is_sent = is_sent

    def body(self) -> dict[str, object]:
        """Return the JSON body, which repeats the message unless no token was sent."""
        attributes = {"attributes": {"error": self.message}} if self._is_sent else {}
        return {**super().body(), **attributes}

    def headers(self) -> Mapping[str, str]:
        """Return the challenge."""
        return {"WWW-Authenticate": "Bearer"}


def insufficient_scope(needed: Iterable[str], *, hint: str) -> ApiRefusal:
    """Return the 403 of a token without any of the scopes that an operation needs."""
    message = f"Insufficient scope, expected any of: {','.join(needed)}"
    return ApiRefusal(HTTPStatus.FORBIDDEN, message, error_code="insufficient_scope", hint=hint)


def invalid_body(reason: str, *, hint: str, at: str = "") -> ApiRefusal:
    """Return the 400 of a body that does not have the documented form."""
    return _invalid("Payload", "invalid_body", reason, hint=hint, at=at)


def invalid_query(reason: str, *, hint: str, at: str = "") -> ApiRefusal:
    """Return the 400 of a query parameter."""
    return _invalid("Query", "invalid_query_string", reason, hint=hint, at=at)


def _invalid(part: str, code: str, reason: str, *, hint: str, at: str) -> ApiRefusal:
    place = f" on property {at}" if at else ""
    message = f"{part} validation error: '{reason}'{place}."
    return ApiRefusal(HTTPStatus.BAD_REQUEST, message, error_code=code, hint=hint)


def not_found(message: str, *, hint: str, code: str = "") -> ApiRefusal:
    """Return the 404 of a record that does not exist."""
    return ApiRefusal(HTTPStatus.NOT_FOUND, message, error_code=code, hint=hint)


def conflict(message: str, *, hint: str, code: str = "") -> ApiRefusal:
    """Return the 409 of a record that exists already."""
    return ApiRefusal(HTTPStatus.CONFLICT, message, error_code=code, hint=hint)

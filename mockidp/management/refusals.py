"""Refusals of the Management API, in Auth0's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.tenant.trace import cut

_SECRET = re.compile(r"[\w-]{40,}")
"""A run that may be a secret or a part of a token; ids are shorter."""


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


def invalid_path(reason: str, *, hint: str, at: str) -> ApiRefusal:
    """Return the 400 of an id in the path."""
    return _invalid("Path", "invalid_uri", reason, hint=hint, at=at)


def _invalid(part: str, code: str, reason: str, *, hint: str, at: str) -> ApiRefusal:
    place = f" on property {at}" if at else ""
    message = f"{part} validation error: '{reason}'{place}."
    return refused(message, code=code, hint=hint)


def not_found(message: str, *, hint: str, code: str = "") -> ApiRefusal:
    """Return the 404 of a record that does not exist."""
    return refused(message, code=code, hint=hint, status=HTTPStatus.NOT_FOUND)


def conflict(message: str, *, hint: str, code: str = "") -> ApiRefusal:
    """Return the 409 of a record that exists already."""
    return refused(message, code=code, hint=hint, status=HTTPStatus.CONFLICT)


def not_supported(message: str, *, hint: str) -> ApiRefusal:
    """Return the 400 of what a record does not support."""
    return refused(message, code="operation_not_supported", hint=hint)


def refused(
    message: str, *, code: str, hint: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST
) -> ApiRefusal:
    """Return a refusal. Its hint does not repeat a secret that was sent in the wrong field."""
    shown = _SECRET.sub(lambda found: str(cut(found[0])), hint)
    return ApiRefusal(status, message, error_code=code, hint=shown)

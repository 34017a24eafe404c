"""Refusals of requests: Auth0's message for the client, a hint for the developer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from http import HTTPStatus

from mockidp.protocol.errors.hint import shorten_hint


class Refusal(Exception):  # noqa: N818 - an answer to a request, not an error
    """The base class of all refusals of requests.

    Attributes:
        status: The HTTP status.
        hint: The cause, with the values involved, and the fix. It is sent in a header, never in
            the body, and contains no secret.
    """

    status: int = 400

    def __init__(self, message: str, *, hint: str = "", status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = shorten_hint(hint)
        if status is not None:
            self.status = status

    def forget_origin(self) -> None:
        """Drop the tracebacks of this refusal and of the errors that led to it.

        Their frames would keep the request and its body alive until the next garbage collection.
        """
        errors: list[BaseException | None] = [self]
        while errors:
            error = errors.pop()
            if error is not None:
                errors += (error.__context__, error.__cause__)
                error.__traceback__ = error.__context__ = error.__cause__ = None

    @property
    @abstractmethod
    def error(self) -> str:
        """The code for the log."""
        ...

    def headers(self) -> Mapping[str, str]:
        """Return headers that belong to this refusal."""
        return {}


class Unauthorized(Refusal):
    """A bearer token is missing or invalid: the plain text `Unauthorized` (RFC 6750 3)."""

    status = 401

    def __init__(self, *, hint: str, challenge: str = "Bearer") -> None:
        super().__init__("Unauthorized", hint=hint)
        self.challenge = challenge

    @property
    def error(self) -> str:
        """The code for the log."""
        return "unauthorized"

    def headers(self) -> Mapping[str, str]:
        """Return the challenge."""
        return {"WWW-Authenticate": self.challenge}


_PHRASES = {413: "Payload Too Large"}
"""Phrases that differ between versions of Python."""


class JsonRefusal(Refusal):
    """A refusal with a JSON body, in another format than OAuth's."""

    @abstractmethod
    def body(self) -> Mapping[str, object]:
        """Return the JSON body, in Auth0's key order."""
        ...


class ApiRefusal(JsonRefusal):
    """A refusal in the format of the Management API: statusCode, error, message, errorCode."""

    def __init__(self, status: int, message: str, *, error_code: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint, status=status)
        self.error_code = error_code

    @property
    def error(self) -> str:
        """The code for the log."""
        return self.error_code or self._phrase

    def body(self) -> dict[str, object]:
        """Return the JSON body, in Auth0's key order."""
        body: dict[str, object] = {
            "statusCode": self.status,
            "error": self._phrase,
            "message": self.message,
        }
        if self.error_code:
            body["errorCode"] = self.error_code
        return body

    @property
    def _phrase(self) -> str:
        return _PHRASES.get(self.status) or HTTPStatus(self.status).phrase

"""Passwordless logins: a code or a link that is sent to an e-mail address or phone number.

Auth0: `docs/fidelity.md`, "Passwordless". `/passwordless/start` names the property that is wrong in
its error codes (`bad.connection`), and has its own texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import OAuthError
from mockidp.protocol.errors.refusal_texts import WRONG_EMAIL_CODE, WRONG_PHONE_CODE
from mockidp.resources.connection import Connection

MAX_GUESSES = 10
"""The number of wrong codes after which the right code is refused too."""
TOO_MANY_GUESSES = "You've reached the maximum number of attempts. Please try to login again."
SIGNUP_DISABLED = "Public signup is disabled"
_JSON_TYPES: Mapping[type, str] = {
    str: "string", bool: "boolean", int: "number", float: "number", list: "array", dict: "object",
    type(None): "null",
}  # fmt: skip


def wrong_code_text(connection: Connection) -> str:
    """Return Auth0's text for a wrong code, and for one that was never sent."""
    return WRONG_EMAIL_CODE if connection.is_email else WRONG_PHONE_CODE


def recipient_property(connection: Connection) -> str:
    """Return the property that names the person."""
    return "email" if connection.is_email else "phone_number"


@frozen
class PasswordlessCode:
    """The last code that was sent to a person. Replaced atomically with each wrong guess."""

    client_id: str
    connection: str
    recipient: str
    """The e-mail address in lower case, or the phone number."""
    code: str
    wrong_guesses: int = 0


class BadPropertyError(OAuthError):
    """A property of a passwordless request is missing, wrong or not allowed."""

    code = "bad.request"

    def __init__(
        self, name: str, description: str, *, hint: str = "", status: int | None = None
    ) -> None:
        super().__init__(description, hint=hint, status=status)
        self._name = name

    @property
    def error(self) -> str:
        """The code, such as `bad.connection`."""
        return f"bad.{self._name}"


class SmsProviderError(OAuthError):
    """The provider did not accept a text message. Only a fault answers so."""

    code = "sms_provider_error"
    status = 400


def missing_property(name: str, *, hint: str) -> BadPropertyError:
    """Return the refusal of a request without a property."""
    return BadPropertyError(name, f"Missing required property: {name}", hint=hint)


def wrong_type(name: str, value: Any, expected: str) -> BadPropertyError:
    """Return the refusal of a property with another type in JSON than the expected one."""
    found = _JSON_TYPES[type(value)]
    return BadPropertyError(
        name,
        f"error in {name} - invalid type: {found} (expected {expected})",
        hint=f"Property `{name}` is a JSON {found}. Send a JSON {expected}.",
    )

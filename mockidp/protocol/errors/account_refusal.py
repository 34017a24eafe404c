"""Refusals of sign-ups and of new passwords, in the format of the database endpoints.

Auth0: `{"name", "code", "description", "statusCode"}`, or a single text, `{"error"}`. They have no
codes of OAuth.
"""

from __future__ import annotations

from typing import Any, ClassVar

from mockidp.protocol.errors.refusal import JsonRefusal
from mockidp.protocol.passwords.policy import PasswordPolicy


class AccountRefusal(JsonRefusal):
    """A refusal with a code.

    Attributes:
        name: Auth0's class of the error.
        description: Auth0's text.
    """

    name: str = "BadRequestError"

    def __init__(self, code: str, description: str, *, hint: str) -> None:
        super().__init__(description, hint=hint)
        self.code = code
        self.description = description

    @property
    def error(self) -> str:
        """The code for the log."""
        return self.code

    def body(self) -> dict[str, Any]:
        """Return the JSON body, in Auth0's key order."""
        return {
            "name": self.name,
            "code": self.code,
            "description": self.description,
            "statusCode": self.status,
        }


class UserExists(AccountRefusal):
    """The address is used already, and the tenant is configured to say so."""

    def body(self) -> dict[str, Any]:
        """Return the JSON body, in the key order of this error."""
        body = super().body()
        return {name: body[name] for name in ("code", "description", "name", "statusCode")}


class ConnectionRefusal(JsonRefusal):
    """A refusal that is a single text."""

    @property
    def error(self) -> str:
        """The code for the log."""
        return "bad_request"

    def body(self) -> dict[str, Any]:
        """Return the JSON body."""
        return {"error": self.message}


class PasswordRefusal(AccountRefusal):
    """A new password is refused."""

    text: ClassVar[str]

    def __init__(self, *, hint: str) -> None:
        super().__init__("invalid_password", self.text, hint=hint)

    def body(self) -> dict[str, Any]:
        """Return the JSON body, with the text as `message` as well."""
        return {"name": self.name, "message": self.text, **super().body()}


class PasswordStrengthError(PasswordRefusal):
    """It does not meet the policy. The body says which rules it breaks."""

    name = "PasswordStrengthError"
    text = "Password is too weak"

    def __init__(self, policy: PasswordPolicy, password: str, *, hint: str) -> None:
        super().__init__(hint=hint)
        self.policy = policy
        self.report = policy.report(password)

    def body(self) -> dict[str, Any]:
        """Return the JSON body, with the report as description and the policy as text."""
        return {
            "name": self.name,
            "message": self.text,
            "code": self.code,
            "description": self.report,
            "policy": str(self.policy),
            "statusCode": self.status,
        }


class PasswordDictionaryError(PasswordRefusal):
    """It is a common password."""

    name = "PasswordDictionaryError"
    text = "Password is too common"


class PasswordNoUserInfoError(PasswordRefusal):
    """It contains a name or the address of its user."""

    name = "PasswordNoUserInfoError"
    text = "Password contains user information"


class PasswordHistoryError(PasswordRefusal):
    """The user had it before."""

    name = "PasswordHistoryError"
    text = "Password has previously been used"


class LoginRefusal(AccountRefusal):
    """A login at /usernamepassword/login is refused."""

    name = "ValidationError"

    def __init__(self, code: str, description: str, *, status: int, hint: str) -> None:
        super().__init__(code, description, hint=hint)
        self.status = status


class PasswordLeakedRefusal(AccountRefusal):
    """It was disclosed in a data breach."""

    def __init__(self, *, hint: str) -> None:
        super().__init__(
            "password_leaked",
            "This combination of credentials was detected in a public data breach on another "
            "website. Before your account is created, please use a different password to keep it "
            "secure.",
            hint=hint,
        )

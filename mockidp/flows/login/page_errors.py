"""The errors that the pages of a login show, with the codes and texts of Auth0's pages.

Auth0: the texts are those of the `login` prompt. Unlike those of the token endpoint, they end
without a full stop. An error belongs to a field, whose name its element has
(`#error-element-password`), or to no field (`#prompt-alert`).
"""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import OAuthError

NO_FIELD = ""
"""The key of an error that belongs to no field."""


@frozen(kw_only=False)
class PageError:
    """An error message: Auth0's code, and the text."""

    code: str
    text: str


WRONG_EMAIL_CREDENTIALS = PageError("wrong-email-credentials", "Wrong email or password")
WRONG_CREDENTIALS = PageError("wrong-credentials", "Wrong username or password")
NO_USERNAME = PageError("no-username", "Username is required")
NO_EMAIL = PageError("no-email", "Please enter an email address")
INVALID_EMAIL = PageError("invalid-email-format", "Email is not valid.")
NO_PHONE = PageError("no-phone", "Please enter a phone number")
INVALID_PHONE = PageError("invalid-phone-format", "Phone number is not valid.")
NO_CODE = PageError("no-code", "Please enter a code")
INVALID_CODE = PageError("invalid-code", "The code you entered is invalid")
TOO_MANY_CODES = PageError(
    "too-many-failures", "Too many failed codes. Wait for some minutes before retrying."
)
INVALID_OTP_FORMAT = PageError("invalid-otp-code-format", "OTP Code must have 6 numeric characters")
TRANSACTION_NOT_FOUND = PageError(
    "transaction-not-found",
    "Your enrollment transaction expired, you will need to start again.",
)
PUSH_PENDING = PageError("push-pending", "You have not responded on your device yet")
PUSH_REJECTED = PageError("push-rejected", "The notification was rejected on your device")
"""The codes and texts of the last two are mockidp's own."""
SIGNUP_DISABLED = PageError("signup-disabled", "Public signup is disabled")
NO_PASSWORD = PageError("no-password", "Password is required")
USER_BLOCKED = PageError(
    "user-blocked",
    "Your account has been blocked after multiple consecutive login attempts.",
)
SAME_USER_LOGIN = PageError(
    "same-user-login",
    "Too many login attempts for this user. Please wait, and try again later.",
)
PASSWORD_BREACHED = PageError(
    "password-breached",
    "We have detected a potential security issue with this account. To protect your account, we "
    "have prevented this login. Please reset your password to proceed.",
)
NO_ENTERPRISE_CONNECTION = PageError(
    "no-hrd-connection", "Email does not match any enterprise directory"
)
PASSKEY_REFUSED = PageError(
    "passkey-refused", "That passkey was not accepted. Please try again or use another method."
)
"""Code and text are mockidp's own."""
NO_NAME = PageError("no-name", "Type a name or an email address")
"""This text is mockidp's own, on the page in place of an identity provider."""
INVALID_EXPIRED_CODE = PageError("invalid-expired-code", "Invalid or expired user code")
USER_NOT_OFFERED = PageError("user-not-offered", "That user cannot be picked here")
"""Auth0 has no picker, so this text is mockidp's own."""
NO_FACTOR = PageError("no-factor", "No second factor can be asked for here")
ANSWER_NOT_OFFERED = PageError("answer-not-offered", "That answer cannot be chosen here")
CLAIMS_REFUSED = PageError("claims-refused", "These claims cannot be used")
"""These three texts are mockidp's own as well."""
INVALID_ORGANIZATION = PageError("invalid-organization", "The organization you entered is invalid")
ORGANIZATION_NOT_OFFERED = PageError(
    "organization-not-offered", "That organization cannot be picked here"
)
PERSONAL_NOT_OFFERED = PageError(
    "personal-account-not-offered", "A personal account cannot be used here"
)
"""Auth0's texts for these two are unknown."""


class PromptError(OAuthError):
    """The input is refused, and the page is shown again with the reason.

    Attributes:
        errors: The messages, by the name of their field.
    """

    code = "invalid_request"
    status = 400

    def __init__(self, errors: Mapping[str, PageError], *, hint: str) -> None:
        super().__init__(", ".join(error.text for error in errors.values()), hint=hint)
        self.errors = errors


class LoginPageError(PromptError):
    """The credentials are refused."""

    code = "invalid_user_password"


class UserBlockedError(LoginPageError):
    """Brute-force protection refuses the attempt.

    Auth0: the page has status 400 like all attempts that it refuses; only the token endpoint
    answers 429 (inferred).
    """

    code = "too_many_attempts"


class TooManyLoginsError(LoginPageError):
    """A rate limit refuses the attempt, which the page shows in its own form."""

    code = "too_many_requests"


class PasswordLeakedError(LoginPageError):
    """The password was disclosed in a data breach."""

    code = "password_leaked"

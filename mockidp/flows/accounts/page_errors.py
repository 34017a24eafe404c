"""The errors of the pages for accounts, with the codes and texts of Auth0's prompts.

Auth0: `signup` and `reset-password` of its prompts (documented).
"""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.flows.accounts.database import INVALID_REQUEST
from mockidp.flows.login.page_errors import INVALID_EMAIL, NO_FIELD, PageError, PromptError
from mockidp.protocol.errors.account_refusal import (
    AccountRefusal,
    PasswordDictionaryError,
    PasswordHistoryError,
    PasswordLeakedRefusal,
    PasswordNoUserInfoError,
    PasswordStrengthError,
)

NO_RE_ENTER_PASSWORD = PageError("no-re-enter-password", "New password confirmation is missing")
PASSWORD_MISMATCH = PageError("password-mismatch", "Passwords don't match")
SIGN_UP_ERRORS = {
    INVALID_REQUEST: ("email", INVALID_EMAIL),
    "invalid_signup": (
        NO_FIELD,
        PageError("auth0-users-validation", "Something went wrong, please try again later"),
    ),
    "user_exists": ("email", PageError("email-in-use", "The user already exists.")),
    "username_exists": (
        "username",
        PageError("username-taken", "The username provided is in use already."),
    ),
}
"""Field and error by the code of the API. Codes of usernames are those of the page."""
_OF_PASSWORDS: Mapping[type[AccountRefusal], str] = {
    PasswordStrengthError: "password-too-weak",
    PasswordDictionaryError: "password-too-common",
    PasswordNoUserInfoError: "password-contains-user-information",
    PasswordHistoryError: "password-previously-used",
    PasswordLeakedRefusal: "password-breached",
}
_TEXTS = {
    "password-too-weak": "The password is too weak",
    "password-too-common": "The password is too common",
}
"""The texts of pages that differ from those of the API."""


def password_error(refusal: AccountRefusal, field: str) -> PromptError:
    """Return the error of a page for a refused password.

    Args:
        refusal: The refusal of the API.
        field: The name of the field with the password.
    """
    code = _OF_PASSWORDS[type(refusal)]
    error = PageError(code, _TEXTS.get(code, refusal.message))
    return PromptError({field: error}, hint=refusal.hint)


def sign_up_error(refusal: AccountRefusal) -> PromptError:
    """Return the error of the sign-up page for a refusal of the API."""
    if type(refusal) in _OF_PASSWORDS:
        return password_error(refusal, "password")
    field, error = SIGN_UP_ERRORS.get(
        refusal.code, ("username", PageError(refusal.code, refusal.description))
    )
    return PromptError({field: error}, hint=refusal.hint)

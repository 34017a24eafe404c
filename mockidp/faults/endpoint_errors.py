"""The errors of endpoints with an error format of their own, for the fault `error`.

Auth0: `/passwordless/start` names the wrong property, and sign-ups have `code` and `description`
in place of OAuth's names. Every other error of the list `CODES` is possible there as well, in
OAuth's format.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockidp.frozen import frozen
from mockidp.protocol.errors.account_refusal import (
    AccountRefusal,
    PasswordStrengthError,
    UserExists,
)
from mockidp.protocol.errors.extension_error import LegacyMfaError
from mockidp.protocol.errors.oauth_error import (
    BlockedUser,
    EndpointDisabled,
    UnsupportedCredentialType,
)
from mockidp.protocol.errors.refusal import Refusal
from mockidp.protocol.login.passwordless import BadPropertyError, SmsProviderError
from mockidp.protocol.passwords.policy import password_policy

PASSWORDLESS = ("passwordless_start", "passwordless_verify", "passwordless_verify_redirect")


@frozen
class EndpointError:
    """An error that only some endpoints have.

    Attributes:
        places: The endpoints.
        description: Auth0's text, or the one of its texts that clients see most.
        make: Returns the refusal with a text.
        status: Its status.
    """

    places: tuple[str, ...]
    description: str
    make: Callable[[str], Refusal]
    status: int = 400


def _bad(name: str, description: str, *places: str) -> EndpointError:
    return EndpointError(
        places=places or PASSWORDLESS,
        description=description,
        make=lambda text: BadPropertyError(name, text),
    )


def _at_signup(description: str, make: Callable[[str], Refusal]) -> EndpointError:
    return EndpointError(places=("signup",), description=description, make=make)


def _second_factor(code: str, description: str) -> EndpointError:
    return EndpointError(
        places=("oauth_ro",),
        description=description,
        make=lambda text: LegacyMfaError(code, text, hint=""),
        status=LegacyMfaError.status,
    )


_START, _CROSS_ORIGIN = "passwordless_start", "co_authenticate"
ENDPOINT_ERRORS: Mapping[str, EndpointError] = {
    "bad.tenant": _bad("tenant", "error in tenant - tenant validation failed: invalid_tenant"),
    "bad.client_id": _bad("client_id", "Missing required property: client_id"),
    "bad.connection": _bad("connection", "Connection does not exist"),
    "bad.email": _bad("email", "Missing required property: email"),
    "bad.phone_number": _bad("phone_number", r"String does not match pattern: ^\+[0-9]{1,15}$"),
    "bad.send": _bad("send", "error in send - No enum match for: mail", _START),
    "bad.authParams": _bad(
        "authParams", "error in authParams - invalid type: string (expected object)", _START
    ),
    "bad.request": _bad("request", "the following properties are not allowed: type"),
    "sms_provider_error": EndpointError(
        places=(_START,),
        description="The number is not a valid phone number. (Code: 21211)",
        make=SmsProviderError,
    ),
    "unsupported_credential_type": EndpointError(
        places=(_CROSS_ORIGIN,),
        description="Unknown credential type parameter.",
        make=UnsupportedCredentialType,
        status=UnsupportedCredentialType.status,
    ),
    "blocked_user": EndpointError(
        places=(_CROSS_ORIGIN,),
        description="Blocked user",
        make=BlockedUser,
        status=BlockedUser.status,
    ),
    "endpoint_disabled": EndpointError(
        places=("oauth_ro", "delegation", "tokeninfo"),
        description="Endpoint is disabled",
        make=EndpointDisabled,
        status=EndpointDisabled.status,
    ),
    "a0.mfa_required": _second_factor("a0.mfa_required", "missing mfa_code parameter"),
    "a0.mfa_registration_required": _second_factor(
        "a0.mfa_registration_required", "User is not enrolled with google-authenticator"
    ),
    "a0.mfa_invalid_code": _second_factor("a0.mfa_invalid_code", "Invalid MFA code."),
    "invalid_signup": _at_signup(
        "Invalid sign up", lambda text: AccountRefusal("invalid_signup", text, hint="")
    ),
    "user_exists": _at_signup(
        "The user already exists.", lambda text: UserExists("user_exists", text, hint="")
    ),
    "invalid_password": _at_signup(
        PasswordStrengthError.text,
        lambda text: (
            PasswordStrengthError(password_policy("good"), "", hint="")
            if text == PasswordStrengthError.text
            else AccountRefusal("invalid_password", text, hint="")
        ),
    ),
}
"""Every such error, by code."""

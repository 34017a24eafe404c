"""The refusals of faults: rate limits, OAuth errors, and refusals for a simulated cause.

Auth0: every text is the one that the flow uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from mockidp.faults.context import FaultContext
from mockidp.faults.endpoint_errors import ENDPOINT_ERRORS, EndpointError
from mockidp.faults.fault import Fault
from mockidp.faults.vocabulary import CALLBACK
from mockidp.frozen import frozen
from mockidp.protocol.errors.error_codes import CODES
from mockidp.protocol.errors.oauth_error import (
    AccessDenied,
    ConsentRequired,
    InvalidGrant,
    LoginRequired,
    OAuthError,
    TooManyRequests,
    UserUnauthorized,
)
from mockidp.protocol.errors.refusal import ApiRefusal, Refusal
from mockidp.protocol.errors.refusal_texts import (
    ACCOUNT_BLOCKED,
    CONSENT_REQUIRED,
    DEVICE_DENIED,
    DEVICE_EXPIRED,
    DEVICE_INVALID,
    DEVICE_PENDING,
    DEVICE_TOO_FAST,
    INVALID_CODE,
    INVALID_REFRESH_TOKEN,
    LOGIN_REQUIRED,
    MFA_REQUIRED,
    OTP_EXPIRED,
    PASSWORD_LEAKED,
    PROVIDER_FAILED,
    USER_BLOCKED,
    WRONG_EMAIL_CODE,
    WRONG_PASSWORD,
)
from mockidp.protocol.impersonation.bewit import BAD_MAC, EXPIRED
from mockidp.protocol.oauth.grant_types import (
    AUTHORIZATION_CODE,
    DEVICE_CODE,
    PASSWORD,
    PASSWORD_REALM,
    PASSWORDLESS_OTP,
    REFRESH_TOKEN,
)

BlockedError = Literal["unauthorized", "invalid_grant"]
"""The values of the setting `blocked_user_error`."""
Maker = Callable[[FaultContext, BlockedError], OAuthError]
_GLOBAL_LIMIT = "Global limit has been reached"
_PASSWORD_GRANTS = (PASSWORD, PASSWORD_REALM)


@frozen
class RefusalWord:
    """One value of `refuse`: where and when it can happen, and the client bug that it finds."""

    places: tuple[str, ...]
    meaning: str
    finds: str
    make: Maker
    grants: tuple[str, ...] = ()
    """The grant types of token requests that it can happen to."""
    silent: bool = False
    """Whether it can happen only to a request with `prompt=none`."""


def _always(error: type[OAuthError], text: str, *, status: int | None = None) -> Maker:
    return lambda _context, _blocked_error: error(text, status=status)


def _user_blocked(context: FaultContext, blocked_error: BlockedError) -> OAuthError:
    is_invalid_grant = context.endpoint == "token" and (
        context.grant == REFRESH_TOKEN or blocked_error == "invalid_grant"
    )
    return (InvalidGrant if is_invalid_grant else UserUnauthorized)(USER_BLOCKED)


REFUSALS: Mapping[str, RefusalWord] = {
    "code_used": RefusalWord(
        places=("token",),
        grants=(AUTHORIZATION_CODE,),
        meaning="The code was redeemed before.",
        finds="The client redeems its code again when the user reloads the callback.",
        make=_always(InvalidGrant, INVALID_CODE),
    ),
    "refresh_token_revoked": RefusalWord(
        places=("token",),
        grants=(REFRESH_TOKEN,),
        meaning="The refresh token was revoked.",
        finds="The client keeps using it instead of letting the user log in again.",
        make=_always(InvalidGrant, INVALID_REFRESH_TOKEN),
    ),
    "login_required": RefusalWord(
        places=("authorize",),
        silent=True,
        meaning="No user is logged in. Only for requests with `prompt=none`.",
        finds="The client does not fall back to a login page.",
        make=_always(LoginRequired, LOGIN_REQUIRED),
    ),
    "consent_required": RefusalWord(
        places=("authorize",),
        silent=True,
        meaning="The user has not consented. Only for requests with `prompt=none`.",
        finds="The client treats it as `login_required` and redirects its user in a loop.",
        make=_always(ConsentRequired, CONSENT_REQUIRED),
    ),
    "otp_expired": RefusalWord(
        places=("token",),
        grants=(PASSWORDLESS_OTP,),
        meaning="The code that was sent by e-mail or SMS has expired.",
        finds="The app does not offer to send another code.",
        make=_always(InvalidGrant, OTP_EXPIRED),
    ),
    "user_blocked": RefusalWord(
        places=(CALLBACK, "token"),
        grants=(*_PASSWORD_GRANTS, PASSWORDLESS_OTP, REFRESH_TOKEN),
        meaning="The user is blocked.",
        finds="The client redirects the blocked user to the login again and again.",
        make=_user_blocked,
    ),
    "provider_failed": RefusalWord(
        places=("connection",),
        meaning="The identity provider of a social or enterprise connection issues no tokens.",
        finds="The client shows no error, or starts the login again and again.",
        make=_always(AccessDenied, PROVIDER_FAILED),
    ),
    "link_expired": RefusalWord(
        places=("impersonation_link",),
        meaning="The link was opened too late.",
        finds="The tool that opens links does not request a new one.",
        make=_always(AccessDenied, f"Impersonation - {EXPIRED}", status=401),
    ),
    "link_replayed": RefusalWord(
        places=("impersonation_link",),
        meaning="The link was opened before.",
        finds="The tool that opens links fetches them for a preview, or opens them twice.",
        make=_always(AccessDenied, f"Impersonation - {BAD_MAC}", status=401),
    ),
    "link_tampered": RefusalWord(
        places=("impersonation_link",),
        meaning="The link was changed.",
        finds="The tool that opens links shows no error.",
        make=_always(AccessDenied, f"Impersonation - {BAD_MAC}", status=401),
    ),
}
"""Every value of `refuse`."""

_DESCRIPTIONS: Mapping[str, str] = {
    "access_denied": "Unauthorized",
    "authorization_pending": DEVICE_PENDING,
    "consent_required": CONSENT_REQUIRED,
    "expired_token": DEVICE_EXPIRED,
    "invalid_client": "Unauthorized",
    "login_required": LOGIN_REQUIRED,
    "mfa_required": MFA_REQUIRED,
    "password_leaked": PASSWORD_LEAKED,
    "requires_verification": "Suspicious request requires verification",
    "slow_down": DEVICE_TOO_FAST,
    "too_many_attempts": ACCOUNT_BLOCKED,
    "too_many_requests": _GLOBAL_LIMIT,
    "unauthorized": USER_BLOCKED,
}
"""Auth0's usual text for an error. If Auth0 has several, the code is used instead."""
_OF_GRANT: Mapping[tuple[str, str | None], str] = {
    (InvalidGrant.code, AUTHORIZATION_CODE): INVALID_CODE,
    (InvalidGrant.code, REFRESH_TOKEN): INVALID_REFRESH_TOKEN,
    (InvalidGrant.code, PASSWORD): WRONG_PASSWORD,
    (InvalidGrant.code, PASSWORD_REALM): WRONG_PASSWORD,
    (InvalidGrant.code, PASSWORDLESS_OTP): WRONG_EMAIL_CODE,
    (InvalidGrant.code, DEVICE_CODE): DEVICE_INVALID,
    (AccessDenied.code, DEVICE_CODE): DEVICE_DENIED,
}
"""Auth0's text for an error of one grant."""


def can_happen(fault: Fault, context: FaultContext) -> bool:
    """Return whether a refusal is possible in an exchange: no used code without its grant."""
    word = REFUSALS.get(fault.refuse or "")
    if word is None:
        return True
    if context.endpoint == "token":
        return context.grant in word.grants
    return not word.silent or "none" in str(context.parameters.get("prompt")).split()


def error_for(
    fault: Fault, context: FaultContext, blocked_error: BlockedError = "unauthorized"
) -> Refusal | None:
    """Return the refusal that a fault answers with; None if it has none."""
    own = ENDPOINT_ERRORS.get(fault.error or "")
    return _endpoint_error(own, fault) if own else oauth_error_for(fault, context, blocked_error)


def _endpoint_error(error: EndpointError, fault: Fault) -> Refusal:
    refusal = error.make(fault.description or error.description)
    refusal.status = fault.status or error.status
    return refusal


def oauth_error_for(
    fault: Fault, context: FaultContext, blocked_error: BlockedError = "unauthorized"
) -> OAuthError | None:
    """Return the OAuth error that a fault answers with; None if it has none."""
    if fault.error is not None:
        description = fault.description or _description(fault.error, context)
        return CODES[fault.error](description, status=fault.status)
    if fault.refuse is not None:
        return REFUSALS[fault.refuse].make(context, blocked_error)
    return None


def rate_limited(context: FaultContext) -> Refusal:
    """Return the 429 of the Authentication API or, in its own format, of the Management API."""
    if context.endpoint in ("impersonate", "management"):
        return ApiRefusal(429, _GLOBAL_LIMIT, error_code=TooManyRequests.code)
    return TooManyRequests(_GLOBAL_LIMIT)


def _description(code: str, context: FaultContext) -> str:
    if context.endpoint == "connection":  # an identity provider often sends no text
        return code
    of_grant = _OF_GRANT.get((code, context.grant))
    return of_grant or _DESCRIPTIONS.get(code) or code.replace("_", " ").capitalize()

"""What is answered instead of acting: rate limits, OAuth errors, refusals as if something were so.

Auth0: every text is the one that the flow itself answers with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockidp.faults import Fault, FaultContext
from mockidp.flows.authorization.authorize import CONSENT_REQUIRED, LOGIN_REQUIRED
from mockidp.flows.grants.authorization_code import INVALID_CODE
from mockidp.flows.grants.password import WRONG_PASSWORD
from mockidp.flows.grants.refresh_token import UNKNOWN
from mockidp.flows.link_differences import Cause
from mockidp.flows.login.blocked import (
    USER_IS_BLOCKED,
    blocked_at_callback,
    blocked_at_password,
    blocked_at_refresh,
)
from mockidp.flows.login.brute_force import BLOCKED
from mockidp.flows.open_link import ImpersonationRefused
from mockidp.protocol.bewit import BAD_MAC, EXPIRED
from mockidp.protocol.grant_types import AUTHORIZATION_CODE, PASSWORD, PASSWORD_REALM, REFRESH_TOKEN
from mockidp.protocol.oauth_error import (
    CODES,
    ConsentRequired,
    InvalidGrant,
    LoginRequired,
    MfaRequired,
    OAuthError,
    TooManyRequests,
)
from mockidp.protocol.refusal import ApiRefusal, Refusal
from mockidp.tenant.tenant import Tenant

_GLOBAL_LIMIT = "Global limit has been reached"
_DESCRIPTIONS: Mapping[str, str] = {
    "access_denied": "Unauthorized",
    "consent_required": CONSENT_REQUIRED,
    "invalid_client": "Unauthorized",
    "login_required": LOGIN_REQUIRED,
    "mfa_required": "Multifactor authentication required",
    "password_leaked": (
        "This login attempt has been blocked because the password you're using was previously "
        "disclosed through a data breach (not in this application). Please check your email for "
        "more information."
    ),
    "requires_verification": "Suspicious request requires verification",
    "too_many_attempts": BLOCKED,
    "too_many_requests": _GLOBAL_LIMIT,
    "unauthorized": USER_IS_BLOCKED,
}
"""Auth0's usual words for an error; where it has many, the code stands for them."""
_INVALID_GRANT: Mapping[str | None, str] = {
    AUTHORIZATION_CODE: INVALID_CODE,
    REFRESH_TOKEN: UNKNOWN,
    PASSWORD: WRONG_PASSWORD,
    PASSWORD_REALM: WRONG_PASSWORD,
}


def oauth_error_for(tenant: Tenant, fault: Fault, occasion: FaultContext) -> OAuthError | None:
    """Return the error of a fault that has one."""
    if fault.error is not None:
        description = fault.description or _description(fault.error, occasion)
        error = CODES[fault.error](description, status=fault.status)
        if isinstance(error, MfaRequired) and occasion.endpoint == "token":
            error.mfa_token = tenant.ids.mfa_token()
        return error
    if fault.refuse is not None:
        return _REFUSALS[fault.refuse](tenant, occasion)
    return None


def rate_limited(occasion: FaultContext) -> Refusal:
    """Return the 429 of the Authentication API, or of the old Management API's one endpoint."""
    if occasion.endpoint == "impersonate":
        return ApiRefusal(429, _GLOBAL_LIMIT, error_code=TooManyRequests.code)
    return TooManyRequests(_GLOBAL_LIMIT)


def _description(code: str, occasion: FaultContext) -> str:
    if code == InvalidGrant.code and occasion.grant in _INVALID_GRANT:
        return _INVALID_GRANT[occasion.grant]
    return _DESCRIPTIONS.get(code) or code.replace("_", " ").capitalize()


def _blocked(tenant: Tenant, occasion: FaultContext) -> OAuthError:
    if occasion.endpoint != "token":
        return blocked_at_callback("")
    if occasion.grant == REFRESH_TOKEN:
        return blocked_at_refresh("")
    return blocked_at_password(tenant, "")


def _link(words: str, name: str) -> Callable[[Tenant, FaultContext], OAuthError]:
    return lambda _tenant, _occasion: ImpersonationRefused(words, (Cause(name, ""),))


_REFUSALS: Mapping[str, Callable[[Tenant, FaultContext], OAuthError]] = {
    "code_used": lambda _tenant, _occasion: InvalidGrant(INVALID_CODE),
    "refresh_token_revoked": lambda _tenant, _occasion: InvalidGrant(UNKNOWN),
    "login_required": lambda _tenant, _occasion: LoginRequired(LOGIN_REQUIRED),
    "consent_required": lambda _tenant, _occasion: ConsentRequired(CONSENT_REQUIRED),
    "user_blocked": _blocked,
    "link_expired": _link(EXPIRED, "expired"),
    "link_replayed": _link(BAD_MAC, "already_used"),
    "link_tampered": _link(BAD_MAC, "bewit_changed"),
}
"""By the value of `refuse`."""

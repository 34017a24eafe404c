"""Auth0's types of log events, and which exchange of the journal is which.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from mockidp.protocol.login.native_social import BY_KIND
from mockidp.protocol.oauth import grant_types as grants
from mockidp.protocol.tokens.token_exchange import ACCESS_TOKEN
from mockidp.tenant.journal.entry import JournalEntry

MANAGEMENT = "management"
READ, WRITTEN, REFUSED = "mgmt_api_read", "sapi", "fapi"
OPERATION = "operation"
"""The note that has Auth0's title of a call."""
_LOGS = "/api/v2/logs"
_GRANTS: Mapping[str, str] = {
    grants.AUTHORIZATION_CODE: "eacft",
    grants.CLIENT_CREDENTIALS: "eccft",
    grants.DEVICE_CODE: "ede",
    grants.JWT_BEARER: "",
    grants.MFA_OOB: "eoobft",
    grants.MFA_OTP: "eotpft",
    grants.MFA_RECOVERY_CODE: "ercft",
    grants.PASSWORD: "epft",
    grants.PASSWORD_REALM: "epft",
    grants.PASSWORDLESS_OTP: "epotpft",
    grants.REFRESH_TOKEN: "ertft",
    grants.TOKEN_EXCHANGE: "ecte",
    grants.WEBAUTHN: "",
}
"""The types of /oauth/token, without `s` for success and `f` for failure."""
_NATIVE_SOCIAL = "ens"
_PAIRS: Mapping[str, tuple[str, str]] = {
    "change_password": ("scpr", "fcpr"),
    "co_authenticate": ("scoa", "fcoa"),
    "delegation": ("sd", "fd"),
    "email_verification": ("sv", "fv"),
    "global_token_revocation": ("universal_logout_succeeded", "universal_logout_failed"),
    "oauth_access_token": ("s", "f"),
    "oauth_ro": ("s", "f"),
    "passkey_challenge": ("passkey_challenge_started", "passkey_challenge_failed"),
    "passkey_register": ("passkey_challenge_started", "passkey_challenge_failed"),
    "revoke": ("srrt", ""),
    "scim": ("sscim", "fscim"),
    "signup": ("ss", "fs"),
    "userinfo": ("", "fui"),
    "usernamepassword_login": ("", "f"),
}
"""The types of success and failure by endpoint; empty for none."""
_FORMS: Mapping[str, tuple[str, str]] = {
    "reset_password": ("scp", "fcp"),
    "signup_page": ("ss", "fs"),
}
"""The same for pages, whose forms are posted."""
_LOGIN_PAGES = frozenset({"login", "provider", "mfa", "passwordless_verify_redirect", "co_verify"})
_ERRORS: Mapping[str, str] = {"too_many_attempts": "limit_wc", "password_leaked": "pwd_leak"}
WRONG_PASSWORD, UNKNOWN_USER = "fp", "fu"

DESCRIPTIONS: Mapping[str, str] = {
    "scp": "Success Change Password", "scpr": "Success Change Password Request",
    "seacft": "Authorization Code for Access Token",
    "seccft": "Client Credentials for Access Token",
    "sede": "Device Code for Access Token", "seoobft": "OOB Challenge for Access Token",
    "seotpft": "OTP Challenge for Access Token", "sercft": "MFA Recovery Code for Access Token",
    "sepft": "Password for Access Token", "sepotpft": "Passwordless OTP for Access Token",
    "sertft": "Refresh Token for Access Token", "secte": "Custom Token Exchange",
    "sens": "Native Social Login",
    "success_on_behalf_of_token_exchange": "Successful On-Behalf-Of Token Exchange",
    "slo": "User successfully logged out", "cls": "Code/Link Sent", "cs": "Code Sent",
}  # fmt: skip
"""The descriptions of successes that have one."""


def type_of(entry: JournalEntry) -> str:
    """Return the type of an exchange, or an empty string if Auth0 logs none.

    A wrong password is `fp` here, also that of an unknown user.
    """
    if entry.endpoint == MANAGEMENT:
        return _of_management(entry)
    if of_error := _ERRORS.get(entry.error or ""):
        return of_error
    if entry.failed is not None and entry.failed.name == "password":
        return WRONG_PASSWORD
    if entry.endpoint in _PAIRS:
        return _PAIRS[entry.endpoint][1 if _is_failure(entry) else 0]
    if entry.endpoint in _FORMS:
        is_form = entry.method == "POST"
        return _FORMS[entry.endpoint][1 if _is_failure(entry) else 0] if is_form else ""
    special = _SPECIAL.get(entry.endpoint, _of_login)
    return special(entry)


def _is_failure(entry: JournalEntry) -> bool:
    return entry.error is not None or entry.status >= HTTPStatus.BAD_REQUEST


def _of_management(entry: JournalEntry) -> str:
    """Return the type of a call. Calls for logs are left out, so that reading them ends."""
    if _LOGS in entry.url:
        return ""
    if _is_failure(entry):
        return REFUSED
    if OPERATION not in entry.notes:  # the file of an export
        return ""
    return READ if entry.method in ("GET", "HEAD") else WRITTEN


def _of_token(entry: JournalEntry) -> str:
    name = _GRANTS.get(entry.grant or "")
    if name is None:
        return "f" if _is_failure(entry) else ""
    if entry.grant == grants.JWT_BEARER:
        return f"idjag_exchange_{'failed' if _is_failure(entry) else 'succeeded'}"
    if entry.parameters.get("subject_token_type") == ACCESS_TOKEN:
        return f"{'failed' if _is_failure(entry) else 'success'}_on_behalf_of_token_exchange"
    if entry.parameters.get("subject_token_type") in BY_KIND:
        name = _NATIVE_SOCIAL
    return ("f" if _is_failure(entry) else "s") + name


def _of_logout(entry: JournalEntry) -> str:
    if _is_failure(entry):
        return "flo"
    return "slo" if entry.user else ""


def _of_passwordless_start(entry: JournalEntry) -> str:
    if _is_failure(entry):
        return "f"
    return "cs" if entry.parameters.get("connection") == "sms" else "cls"


def _of_login(entry: JournalEntry) -> str:
    """Return the type of a step of a login: only its end is a success."""
    is_silent = entry.endpoint == "authorize" and entry.parameters.get("prompt") == "none"
    if entry.endpoint not in ("authorize", "resume", "consent", *_LOGIN_PAGES):
        return ""
    if _is_failure(entry):
        return "fsa" if is_silent else "f"
    if "code" not in entry.notes and not entry.tokens:
        return ""
    return "ssa" if is_silent else "s"


_SPECIAL: Mapping[str, Callable[[JournalEntry], str]] = {
    "token": _of_token,
    "logout": _of_logout,
    "passwordless_start": _of_passwordless_start,
}

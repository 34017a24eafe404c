"""The definition of a fault word, and the endpoints and other points that faults can name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from mockidp.frozen import frozen

ENDPOINTS = (
    "authorize", "login", "provider", "connection", "organization", "consent", "device", "resume",
    "token", "par", "register",
    "device_code", "passwordless_start", "passwordless_verify", "passwordless_verify_redirect",
    "passkey_register", "passkey_challenge", "passkey_enrollment",
    "revoke", "global_token_revocation", "signup", "change_password", "reset_password",
    "signup_page",
    "email_verification",
    "co_authenticate", "co_verify",
    "userinfo", "discovery", "jwks", "certificate", "logout", "impersonate", "impersonation_link",
    "mfa_challenge", "mfa_associate", "mfa_authenticators", "mfa",
    "oauth_ro", "oauth_access_token", "delegation", "tokeninfo", "unlink", "sso_data",
    "lock_settings",    "challenge", "usernamepassword_login", "health_check", "webfinger",
    "management", "my_account", "scim", "unmatched",
)  # fmt: skip
"""The names of the endpoints in the journal and in faults."""
EVERYWHERE = "*"
MANAGEMENT = "management"
CALLBACK = "callback"
BACKCHANNEL_LOGOUT = "backchannel_logout"
"""The delivery of a logout token to an app."""
TOKENS = ("id_token", "access_token", "logout_token")
PLACES = (*ENDPOINTS, EVERYWHERE, CALLBACK, *TOKENS, BACKCHANNEL_LOGOUT)
"""The values of a fault's `endpoint`."""

ANY_ENDPOINT = (*ENDPOINTS, EVERYWHERE)
JSON_ENDPOINTS = (
    "token", "par", "register", "device_code", "passwordless_start", "passwordless_verify",
    "passkey_register", "passkey_challenge",
    "signup", "co_authenticate", "userinfo", "discovery", "jwks", "mfa_challenge", "mfa_associate",
    "oauth_ro", "oauth_access_token", "delegation", "tokeninfo", "sso_data", "challenge",
    "health_check", "webfinger",
)  # fmt: skip
"""The endpoints whose answers are JSON objects."""
REFUSING_ENDPOINTS = tuple(
    one
    for one in ENDPOINTS
    if one
    not in (
        "discovery",
        "jwks",
        "certificate",
        "health_check",
        "webfinger",
        "lock_settings",
        "management",
        "my_account",
        "scim",
        "unmatched",
    )
)
WRONG_AT = {
    "id_token": ("iss", "aud", "azp", "nonce", "sub"),
    "access_token": ("iss", "aud", "azp", "sub"),
    "logout_token": ("iss", "aud", "sub"),
    CALLBACK: ("state",),
    "discovery": ("issuer",),
}
"""What `wrong` can name, by endpoint."""
WRONG_VALUES = {
    "iss": "https://another-issuer.example/",
    "aud": "https://another-audience.example/",
    "azp": "another-client",
    "nonce": "another-nonce",
    "sub": "auth0|another-user",
    "state": "another-state",
}
"""The value of a claim or parameter that is `wrong`."""

Kind = Literal["delay", "instead", "detail", "content", "delivery", "token"]


@frozen
class Word:
    """One word of a `Fault`."""

    kind: Kind
    """What it does: delay the answer, replace it (`instead`) or say more about that (`detail`),
    change what it says (`content`) or how it arrives (`delivery`), or change a token."""
    places: tuple[str, ...]
    """The values of `endpoint` that it can have."""
    finds: str
    """The client bug that it finds."""
    only_with: tuple[str, ...] = ()
    """The words of which a `detail` needs one."""
    excludes: tuple[str, ...] = ()
    """Words that it contradicts, beyond the rules for its kind."""


def word(
    kind: Kind,
    places: tuple[str, ...],
    finds: str,
    *,
    only_with: tuple[str, ...] = (),
    excludes: tuple[str, ...] = (),
    one_or_more: bool = False,
) -> Mapping[str, Any]:
    """Return the metadata that makes a field of `Fault` a word.

    `one_or_more` allows a single value in place of a list.
    """
    made = Word(kind=kind, places=places, finds=finds, only_with=only_with, excludes=excludes)
    return {"word": made, "one_or_more": one_or_more}

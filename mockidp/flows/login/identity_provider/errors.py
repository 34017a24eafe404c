"""The errors with which an identity provider sends the browser back, as the client gets them.

Spec: RFC 6749 4.1.2.1.
Auth0: the client gets error and description of the identity provider (docs/fidelity.md).
"""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.protocol.errors.oauth_error import (
    AccessDenied,
    ConsentRequired,
    InteractionRequired,
    InvalidRequest,
    InvalidScope,
    LoginRequired,
    OAuthError,
    ServerError,
    TemporarilyUnavailable,
    UnauthorizedClient,
    UnsupportedResponseType,
)
from mockidp.protocol.errors.refusal_texts import PROVIDER_FAILED

ERRORS: Mapping[str, type[OAuthError]] = {
    error.code: error
    for error in (
        AccessDenied, InvalidRequest, InvalidScope, UnauthorizedClient, UnsupportedResponseType,
        ServerError, TemporarilyUnavailable, LoginRequired, ConsentRequired, InteractionRequired,
    )
}  # fmt: skip
"""The errors that are passed on, by code. Others become `access_denied`."""
_CANCELED: Mapping[str, str] = {
    "facebook": "Permissions error",
    "github": "The user has denied your application access.",
    "linkedin": "The user cancelled LinkedIn login",
}
"""The descriptions that identity providers send if the person cancels."""


def canceled(strategy: str) -> Mapping[str, str]:
    """Return the parameters that an identity provider sends if the person cancels the login."""
    description = _CANCELED.get(strategy)
    return {"error": "access_denied"} | ({"error_description": description} if description else {})


def provider_error(code: str, description: str | None) -> OAuthError:
    """Return the refusal for an error that an identity provider has sent."""
    text = description or code
    return ERRORS.get(code, AccessDenied)(
        text,
        hint=f"The browser came back to /login/callback with the error {code!r} and the text "
        f"{text!r}, as after Cancel on the page in place of the identity provider. Pick a user "
        "there instead.",
    )


def code_refused(hint: str) -> OAuthError:
    """Return the refusal if the identity provider exchanges no tokens for its code."""
    return AccessDenied(PROVIDER_FAILED, hint=hint)

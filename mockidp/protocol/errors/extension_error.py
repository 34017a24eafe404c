"""The error codes of extensions of OAuth 2.0, with the statuses that Auth0 gives them.

Spec: RFC 8628 3.5 (devices); RFC 9101 7 (request objects); RFC 9396 5 (authorization details);
RFC 9449 5 (proofs of possession); RFC 7591 3.2.2 (registration).
Auth0: multi-factor authentication (docs/fidelity.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.protocol.errors.oauth_error import OAuthError


class MfaRequired(OAuthError):
    """A second factor is needed. `mfa_token` identifies the transaction for later grants."""

    code = "mfa_required"
    status = 403
    mfa_token = ""
    requirements: Mapping[str, Any] = {}

    def body(self) -> dict[str, Any]:
        """Return the JSON body, with `mfa_token` and `mfa_requirements` at the end."""
        optional = {"mfa_token": self.mfa_token, "mfa_requirements": self.requirements}
        return super().body() | {name: value for name, value in optional.items() if value}


class LegacyMfaError(OAuthError):
    """A second factor is missing or wrong at /oauth/ro, which has codes of its own."""

    code = "a0.mfa_required"
    status = 401
    is_fault = False

    def __init__(self, error: str, description: str, *, hint: str) -> None:
        super().__init__(description, hint=hint)
        self._error = error

    @property
    def error(self) -> str:
        """The code, such as `a0.mfa_invalid_code`."""
        return self._error


class UnsupportedChallengeType(OAuthError):
    """The user cannot be challenged in this way."""

    code = "unsupported_challenge_type"
    status = 401


class InvalidPhoneNumber(OAuthError):
    """A phone number that cannot be enrolled."""

    code = "invalid_phone_number"
    status = 400


class AuthorizationPending(OAuthError):
    """The user has not decided yet (RFC 8628 3.5)."""

    code = "authorization_pending"
    status = 403
    standard_status = 400


class SlowDown(OAuthError):
    """A client polls too fast (RFC 8628 3.5)."""

    code = "slow_down"
    status = 429
    standard_status = 400


class ExpiredToken(OAuthError):
    """A code has expired while a client polled with it (RFC 8628 3.5)."""

    code = "expired_token"
    status = 403
    standard_status = 400


class InvalidRequestObject(OAuthError):
    code = "invalid_request_object"
    status = 400


class InvalidRequestUri(OAuthError):
    code = "invalid_request_uri"
    status = 400


class RequestNotSupported(OAuthError):
    code = "request_not_supported"
    status = 400


class RequestUriNotSupported(OAuthError):
    code = "request_uri_not_supported"
    status = 400


class InvalidDpopProof(OAuthError):
    """A proof of possession that is not accepted (RFC 9449 5)."""

    code = "invalid_dpop_proof"
    status = 400
    is_fault = False


class InvalidRedirectUri(OAuthError):
    """A redirect URI with which no client can be registered (RFC 7591 3.2.2)."""

    code = "invalid_redirect_uri"
    status = 400


class InvalidClientMetadata(OAuthError):
    """Metadata with which no client can be registered (RFC 7591 3.2.2)."""

    code = "invalid_client_metadata"
    status = 400


class InvalidAuthorizationDetails(OAuthError):
    """Authorization details that the API does not define (RFC 9396 5)."""

    code = "invalid_authorization_details"
    status = 400


class FederatedTokenNotFound(OAuthError):
    """Token Vault has no token of the service (Auth0)."""

    code = "federated_connection_refresh_token_not_found"
    status = 401


class AccountNotFound(OAuthError):
    """The user has connected no account of the name in `login_hint` (Auth0)."""

    code = "user_not_found"
    status = 401

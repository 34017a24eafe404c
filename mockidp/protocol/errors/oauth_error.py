"""The error codes of OAuth 2.0 and OpenID Connect, with the statuses that Auth0 gives them.

The codes of extensions are in `extension_error`.

Spec: RFC 6749 4.1.2.1 and 5.2; RFC 6750 3.1; OpenID Connect Core 3.1.2.6.
Auth0: `invalid_grant` is 403 and `unsupported_grant_type` 501 (docs/fidelity.md); the setting
`profile: oidc` answers 400 to both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from mockidp.protocol.errors.refusal import Refusal


class OAuthError(Refusal):
    """A refusal with a registered code: `{"error", "error_description"}`.

    Attributes:
        description: Auth0's own text, for the client.
        error_uri: The URL of more information, if Auth0 gives one.
    """

    code: ClassVar[str]
    standard_status: int | None = None
    """The status in the standard, if Auth0's differs."""
    is_fault: ClassVar[bool] = True
    """Whether a fault can answer with this error."""

    def __init__(
        self,
        description: str,
        *,
        hint: str = "",
        status: int | None = None,
        error_uri: str | None = None,
    ) -> None:
        super().__init__(description, hint=hint, status=status)
        if status is not None:
            self.standard_status = None
        self.description = description
        self.error_uri = error_uri

    @property
    def error(self) -> str:
        """The registered code."""
        return self.code

    @property
    def shown_code(self) -> str:
        """The code that an error page shows before the description; empty for none."""
        return self.error

    def body(self) -> dict[str, Any]:
        """Return the JSON body, in Auth0's key order."""
        body = {"error": self.error, "error_description": self.description}
        if self.error_uri:
            body["error_uri"] = self.error_uri
        return body


class InvalidRequest(OAuthError):
    code = "invalid_request"
    status = 400


class LogoutUrlNotAllowed(InvalidRequest):
    """Its page shows the description alone, as Auth0's does."""

    @property
    def shown_code(self) -> str:
        """Return no code: the page shows the description alone."""
        return ""


class InvalidScope(OAuthError):
    code = "invalid_scope"
    status = 400


class InvalidClient(OAuthError):
    """The client is not authenticated. `challenge` is sent if it is not empty (RFC 6749 5.2)."""

    code = "invalid_client"
    status = 401
    challenge = ""

    def headers(self) -> Mapping[str, str]:
        """Return the challenge."""
        return {"WWW-Authenticate": self.challenge} if self.challenge else {}


class AccessDenied(OAuthError):
    code = "access_denied"
    status = 403


class InvalidGrant(OAuthError):
    code = "invalid_grant"
    status = 403
    standard_status = 400


class UnauthorizedClient(OAuthError):
    code = "unauthorized_client"
    status = 403


class UnsupportedGrantType(OAuthError):
    code = "unsupported_grant_type"
    status = 501
    standard_status = 400


class UnsupportedResponseType(OAuthError):
    code = "unsupported_response_type"
    status = 501


class ServerError(OAuthError):
    code = "server_error"
    status = 500


class LoginRequired(OAuthError):
    code = "login_required"
    status = 403


class ConsentRequired(OAuthError):
    code = "consent_required"
    status = 403


class UserUnauthorized(OAuthError):
    """Auth0's `unauthorized`: the user may not log in, for example because they are blocked."""

    code = "unauthorized"
    status = 401


class InvalidUserPassword(OAuthError):
    """Credentials that are refused by Auth0's older endpoints."""

    code = "invalid_user_password"
    status = 401


class InteractionRequired(OAuthError):
    code = "interaction_required"
    status = 403


class TemporarilyUnavailable(OAuthError):
    code = "temporarily_unavailable"
    status = 503


class TooManyRequests(OAuthError):
    code = "too_many_requests"
    status = 429


class TooManyAttempts(OAuthError):
    code = "too_many_attempts"
    status = 429


class PasswordLeaked(OAuthError):
    code = "password_leaked"
    status = 401


class RequiresVerification(OAuthError):
    code = "requires_verification"
    status = 401


class InvalidToken(OAuthError):
    """A bearer token that an API does not accept (RFC 6750 3.1)."""

    code = "invalid_token"
    status = 401


class InsufficientScope(OAuthError):
    """A bearer token without the scope that an API needs (RFC 6750 3.1)."""

    code = "insufficient_scope"
    status = 403


class UnsupportedCredentialType(OAuthError):
    """The credential type is not one of the three."""

    code = "unsupported_credential_type"
    status = 400
    is_fault = False


class BlockedUser(OAuthError):
    """An administrator has blocked the user."""

    code = "blocked_user"
    status = 403
    is_fault = False


class EndpointDisabled(OAuthError):
    """An endpoint that the tenant has switched off."""

    code = "endpoint_disabled"
    status = 404
    is_fault = False


class NotImplementedHere(OAuthError):
    """An endpoint that Auth0 has and mockidp does not have yet."""

    code = "not_implemented"
    status = 501
    is_fault = False


class NotFound(OAuthError):
    """No such endpoint, at Auth0 or here."""

    code = "not_found"
    status = 404
    is_fault = False

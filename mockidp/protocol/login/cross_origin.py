"""Cross-origin logins: what a page of an app sends, and the ticket that it gets.

Auth0: `/co/authenticate` (auth0-js and Lock), not to be confused with CORS.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import AccessDenied, OAuthError
from mockidp.protocol.errors.refusal import Refusal
from mockidp.protocol.oauth.grant_types import PASSWORD_REALM, PASSWORDLESS_OTP

PASSWORD_TYPE = "password"
"""The credential type without a realm: the tenant's default directory."""
FIELDS: Mapping[str, tuple[str, ...]] = {
    PASSWORD_TYPE: ("client_id", "credential_type", "username", "password"),
    PASSWORD_REALM: ("client_id", "credential_type", "username", "password", "realm"),
    PASSWORDLESS_OTP: ("client_id", "credential_type", "username", "otp", "realm"),
}
"""All and only the properties of a request, by credential type."""
LOGIN_TICKET = "login_ticket"
NOT_ALLOWED = "Cross origin login not allowed."
UNKNOWN_TYPE = "Unknown credential type parameter."
UNKNOWN_TICKET = "Unknown or invalid login ticket."
LIFETIME = 15 * 60
"""Seconds until a ticket expires: as long as auth0-js keeps its verifier."""


@frozen
class LoginTicket:
    """A verified login that no request to /authorize has used yet.

    Attributes:
        client_id: The client whose page has logged the user in.
        user_id: The user.
        co_id: Its public id, under which the page keeps the verifier.
        verifier: What the page proves with that it has logged the user in, without a cookie.
        browser: The value of the cookie of the browser that has logged the user in.
    """

    client_id: str
    user_id: str
    co_id: str
    verifier: str
    browser: str


class OriginNotAllowed(Refusal):
    """The origin of the page is not the client's: plain text, without a code."""

    status = 403

    def __init__(self, origin: str | None, *, hint: str) -> None:
        super().__init__(f"Origin {origin} is not allowed.", hint=hint)

    @property
    def error(self) -> str:
        """The code for the log."""
        return "origin_not_allowed"


def ticket_refused(hint: str) -> OAuthError:
    """Return the refusal of a ticket, which goes to the callback."""
    return AccessDenied(UNKNOWN_TICKET, hint=hint)
